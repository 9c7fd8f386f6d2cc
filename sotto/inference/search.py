"""An agent asks the tenant's knowledge something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.contact.contact import Contact, Speaker
from sotto.delivery.conversations import KnowledgeAnswer
from sotto.inference.node import Node, NodeCall, NodeStatus
from sotto.inference.router import ModelUnavailable, Router
from sotto.speech.utterance import Utterance

DEADLINE_MS = 2_000
"""A person who has typed a question waits longer than one who is talking."""


class RoutedKnowledge:
    """The model ``knowledge`` of the tenant, by the same route as guidance."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def search(self, contact: Contact, question: str) -> Sequence[KnowledgeAnswer]:
        """Best first, none when nothing fits. Raises ModelUnavailable."""
        asked = Utterance(contact.tenant, contact.contact_id, "question", 0, Speaker.AGENT, 0, 0, question)
        node = Node(id="search", task="knowledge", model="knowledge", deadline_ms=DEADLINE_MS, policy="agent-search")
        result = self._router.route(NodeCall(node, asked))
        if result.status is not NodeStatus.OK:
            raise ModelUnavailable("the knowledge model did not answer; ask again")
        return [_answer(each) for each in result.output.get("answers", ())]


def _answer(found: dict[str, Any]) -> KnowledgeAnswer:
    return KnowledgeAnswer(
        text=found["text"],
        article=found["article"],
        title=found["title"],
        start_char=int(found["start"]),
        end_char=int(found["end"]),
        confidence=float(found["confidence"]),
    )
