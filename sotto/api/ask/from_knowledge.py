"""Answers an agent's question out of the tenant's articles: over several of their sentences, each cited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sotto.call.contact import Contact, Speaker
from sotto.call.summary import Origin
from sotto.call.utterance import Utterance
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.knowledge.answers import CitedWords, KnowledgeAssist, KnowledgeSearch
from sotto.knowledge.passages import Passage, numbered

WRITE_WITHIN_MS = 4_000.0
"""Beside the search, an agent waits no longer than for an answer about the call."""


class AnswerWriter(Protocol):
    def answer(
        self, asked: Utterance, passages: Sequence[Passage], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """``TextOutcome.checked`` is None when no model answered; without text where the passages hold no answer.
        Raises NotUsable without passages."""
        ...


class KnowledgeQuestions:
    def __init__(self, search: KnowledgeSearch, writer: AnswerWriter) -> None:
        self._search = search
        self._writer = writer

    def answer(self, contact: Contact, question: str) -> KnowledgeAssist:
        """``question`` is redacted already. Raises Degraded or Retryable when nothing can be searched."""
        found = tuple(self._search.search(contact, question))
        if not found:
            return KnowledgeAssist((), ())
        asked = Utterance(contact.tenant, contact.contact_id, "question", 0, Speaker.AGENT, 0, 0, question)
        try:
            written, outcome = self._writer.answer(asked, numbered(found), timeout_ms=WRITE_WITHIN_MS)
        except NotUsable:
            return KnowledgeAssist((), found)
        if outcome.checked is None:
            return KnowledgeAssist(_cited(written), found)
        return KnowledgeAssist(_cited(written), found, Origin.MODEL, outcome.model or outcome.provider)


def _cited(written: Checked) -> tuple[CitedWords, ...]:
    """A sentence without numbers of its own rests on all that the text cites."""
    every = tuple(passage.number for passage in written.citations)
    return tuple(
        CitedWords(each.words, tuple(number - 1 for number in each.numbers or every)) for each in written.sentences
    )
