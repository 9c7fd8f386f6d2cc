"""An agent asks something: the tenant's knowledge, or which words of the call mean it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.graph.node import Node, NodeCall, Output
from sotto.inference.router import Router
from sotto.inference.shard import ModelUnavailable
from sotto.knowledge.answers import KnowledgeAnswer

DEADLINE_MS = 2_000
"""A person who has typed a question waits longer than one who is talking."""
MEANING_DEADLINE_MS = 1_500
"""Words alone answer after that; a model that writes still has its time."""
MOST_COMPARED = 120
"""About fifteen minutes of a call."""


class RoutedKnowledge:
    """The model ``knowledge`` of the tenant, by the same route as guidance."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
        """Best first, none when nothing fits. Raises ModelUnavailable."""
        result = self._router.route(_asked(contact, question, DEADLINE_MS))
        if "answers" not in result.output:  # a version to fall back on answers as well
            raise ModelUnavailable("the knowledge model did not answer; ask again")
        return [_answer(each) for each in result.output["answers"]]


class RoutedMeaning:
    """The encoder behind the tenant's model ``knowledge``, which reads question and utterances alike."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def likeness(self, contact: Contact, question: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        """Utterance's id -> cosine, -1 to 1, of the question and its closest part, of the latest ``MOST_COMPARED``
        that have words. Empty when the shard does not answer in time, or the tenant has no such model."""
        latest = [each for each in utterances if each.text.strip()][-MOST_COMPARED:]
        if not latest:
            return {}
        call = {"utterances": [each.text for each in latest]}
        result = self._router.route(_asked(contact, question, MEANING_DEADLINE_MS, call))
        found = result.output.get("likeness", ())
        return {x.id: float(like) for x, like in zip(latest, found, strict=True)} if len(found) == len(latest) else {}


def _asked(contact: Contact, question: str, deadline_ms: int, call: Output | None = None) -> NodeCall:
    asked = Utterance(contact.tenant, contact.contact_id, "question", 0, Speaker.AGENT, 0, 0, question)
    node = Node(id="search", task="knowledge", model="knowledge", deadline_ms=deadline_ms, policy="agent-search")
    return NodeCall(node, asked, {"call": call} if call else {})


def _answer(found: dict[str, Any]) -> KnowledgeAnswer:
    return KnowledgeAnswer(
        text=found["text"],
        article=found["article"],
        title=found["title"],
        start_char=int(found["start"]),
        end_char=int(found["end"]),
        confidence=float(found["confidence"]),
        source=str(found.get("source", "")),
        date=str(found.get("date", "")),
    )
