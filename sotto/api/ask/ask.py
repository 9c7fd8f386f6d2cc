"""Answers an agent's question about one call, out of that call alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.after_call.extract import key_utterances
from sotto.after_call.stored_call import Call, FeedbackReader, stored_call
from sotto.api.ask.aspects import Aspect, aspect_of, may_ask_for_the_outcome, utterances_on
from sotto.api.ask.search import found_in, speaker_named, with_replies
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Contact
from sotto.call.summary import Origin
from sotto.call.utterance import Utterance
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.guidance.stored_call import StoredCall
from sotto.knowledge.passages import LONGEST_PASSAGE, Passage

ANSWER_WITHIN_MS = 5_000.0
"""An agent waits for it beside a customer who waits too."""
MOST_QUOTED = 4
READ_WHOLE = 40
"""A call of so many utterances is read as a whole by a model: words that the question has not may be the answer."""
MOST_READ = 24
MOST_NOTED = 12
OTHER_SPEAKER = 0.5
"""What the one who was not asked about said counts this much."""


class RecallWriter(Protocol):
    def recall(
        self, tenant: str, question: str, passages: Sequence[Passage], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """``TextOutcome.checked`` is None when no model answered. Raises NotUsable without passages."""
        ...


class Meaning(Protocol):
    def likeness(self, contact: Contact, question: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        """Utterance's id -> cosine with the question, of those that were compared; empty when nobody could in time."""
        ...


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """``text`` is empty where no model wrote: ``utterances`` are then the answer. Both empty: the call holds
    no answer."""

    question: str
    text: str
    origin: Origin
    model: str
    utterances: tuple[Utterance, ...]


class CallQuestions:
    def __init__(self, calls: StoredCall, feedback: FeedbackReader, writer: RecallWriter, meaning: Meaning) -> None:
        self._calls = calls
        self._feedback = feedback
        self._writer = writer
        self._meaning = meaning

    def answer(self, contact: Contact, question: str) -> CallAnswer:
        """``question`` is redacted already. Raises StorageUnavailable."""
        call = stored_call(contact, self._calls, self._feedback)
        best = _best(contact, question, call, self._meaning)
        written = self._written(contact, question, call, best)
        return written or CallAnswer(question, "", Origin.QUOTED, "", _with_replies(best, call))

    def _written(self, contact: Contact, question: str, call: Call, best: Sequence[Utterance]) -> CallAnswer | None:
        try:
            passages = read_by_a_model(call, best)
            _, outcome = self._writer.recall(contact.tenant, question, passages, timeout_ms=ANSWER_WITHIN_MS)
        except NotUsable:
            return None
        if outcome.checked is None:
            return None
        ids = {passage.article for passage in outcome.checked.citations}
        cited = tuple(each for each in call.utterances if each.id in ids)
        model = outcome.model or outcome.provider
        return CallAnswer(question, outcome.checked.text, Origin.MODEL, model, cited)


def quoted(contact: Contact, question: str, call: Call, meaning: Meaning) -> tuple[Utterance, ...]:
    """What is shown where no model writes, in the order of the call."""
    return _with_replies(_best(contact, question, call, meaning), call)


def _best(contact: Contact, question: str, call: Call, meaning: Meaning) -> list[Utterance]:
    """Best first."""
    if aspect := aspect_of(question):
        return utterances_on(aspect, call)
    wanted = speaker_named(question)
    found = found_in(question, call, meaning.likeness(contact, question, call.utterances))
    weighed = sorted(
        found, key=lambda each: -each.score * (1 if wanted in (None, each.utterance.speaker) else OTHER_SPEAKER)
    )
    if not weighed and may_ask_for_the_outcome(question):
        return utterances_on(Aspect.OUTCOME, call)
    return [each.utterance for each in weighed]


def _with_replies(best: Sequence[Utterance], call: Call) -> tuple[Utterance, ...]:
    return tuple(with_replies(best[:MOST_QUOTED], call)[: MOST_QUOTED + 1])


def read_by_a_model(call: Call, best: Sequence[Utterance]) -> tuple[Passage, ...]:
    """Utterances in the order of the call, then what was noticed in it; each with the utterance that it rests on."""
    read = call.utterances if len(call.utterances) <= READ_WHOLE else _around(best[: MOST_READ // 2], call)
    texts = [(each.text, each.id, str(each.speaker)) for each in read if each.text.strip()]
    moments = [each for each in call.annotations if each.kind is AnnotationKind.MOMENT and not each.is_fact]
    notes = [(each.show["title"], each.utterance_id) for each in moments if each.show.get("title")]
    notes += [(f"{item.title}: done", item.done_by) for item in call.checklist if item.state == "done"]
    texts += [(text, rests_on, "noticed") for text, rests_on in dict.fromkeys(notes) if rests_on][:MOST_NOTED]
    return tuple(
        Passage(number, text[:LONGEST_PASSAGE], article=rests_on, title=title, confidence=1.0)
        for number, (text, rests_on, title) in enumerate(texts, 1)
    )


def _around(best: Sequence[Utterance], call: Call) -> list[Utterance]:
    """With what was said before and after, and with the words that the whole call turns on."""
    wanted = {each.id for each in (*best, *key_utterances(call))}
    places = [place for place, each in enumerate(call.utterances) if each.id in wanted]
    near = {other for place in places for other in (place - 1, place, place + 1) if 0 <= other < len(call.utterances)}
    return [call.utterances[place] for place in sorted(near)][: 2 * MOST_READ]
