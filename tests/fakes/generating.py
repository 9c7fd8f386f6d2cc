"""Providers of text that write what they are told to, and an account that keeps what it is told."""

from __future__ import annotations

import json
from collections.abc import Generator as Pieces
from dataclasses import dataclass, field

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.generation.account import Spent
from sotto.generation.generator import Prompt, TextDelta, Usage
from sotto.graph.node import Node, NodeCall
from tests.fakes.turned_clock import TurnedClock


@dataclass
class ScriptedGenerator:
    """Writes ``text`` in one piece after ``takes_ms``, or fails with ``error``."""

    clock: TurnedClock
    text: str = ""
    error: Exception | None = None
    takes_ms: float = 100.0
    asked: list[tuple[Prompt, float]] = field(default_factory=list)

    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        self.asked.append((prompt, timeout_ms))
        yield TextDelta(usage=Usage(1_000, 0))
        self.clock.pass_ms(self.takes_ms)
        if self.error:
            raise self.error
        yield TextDelta(self.text, finish="stop", usage=Usage(1_000, 50), model="a-model")


class KeptAccount:
    def __init__(self) -> None:
        self.attempts: list[Spent] = []

    def spent(self, attempt: Spent) -> None:
        self.attempts.append(attempt)


def wrote(text: str, *citations: int) -> str:
    return json.dumps({"text": text, "citations": citations})


WAIVER = "A monthly fee of $12 is waived once a year on request. The customer must have held the account for a year."
LIMIT = "Wire transfers above $5,000 need a second approval and arrive the next business day."


def any_generation(task: str = "answer", *, said: str = "can you waive the fee", deadline_ms: int = 3_000) -> NodeCall:
    utterance = Utterance("harbour_bank", "c1", "customer-1200", 1, Speaker.CUSTOMER, 1200, 2400, said)
    found = [
        {"text": WAIVER, "article": "fees", "title": "Fees", "start": 10, "end": 90, "confidence": 0.8},
        {"text": LIMIT, "article": "wires", "title": "Wire transfers", "start": 0, "end": 80, "confidence": 0.5},
    ]
    node = Node(task, task, "writer", after=("knowledge",), deadline_ms=deadline_ms)
    return NodeCall(node, utterance, {"knowledge": {"answers": found}})
