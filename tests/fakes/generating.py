"""Providers of text that write what they are given, and an account that keeps what is spent."""

from __future__ import annotations

import json
from collections.abc import Generator as Pieces
from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.generation.account import Spent
from sotto.generation.generator import CutOff, GeneratorLate, Prompt, TextDelta, Usage
from sotto.graph.node import Node, NodeCall
from tests.fakes.turned_clock import TurnedClock


@dataclass
class ScriptedGenerator:
    """A Generator. Writes ``text`` after ``takes_ms``, or fails with ``error``. It is late where that takes longer
    than it was given, unless it ``overruns``: its pieces come so slowly that no read of it times out.
    ``asked``: the prompts, and how long each might take."""

    clock: TurnedClock
    text: str = ""
    error: Exception | None = None
    takes_ms: float = 100.0
    overruns: bool = False
    asked: list[tuple[Prompt, float]] = field(default_factory=list)

    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        self.asked.append((prompt, timeout_ms))
        yield TextDelta(usage=Usage(1_000, 0))
        is_late = self.takes_ms > timeout_ms and not self.overruns
        self.clock.pass_ms(timeout_ms if is_late else self.takes_ms)
        if is_late:
            raise GeneratorLate(f"nothing within {timeout_ms:.0f} ms")
        if self.error:
            raise self.error
        yield TextDelta(self.text, finish="stop", usage=Usage(1_000, 50), model="a-model")

    def writes(self, pieces: Sequence[str]) -> None:
        self.text, self.error, self.takes_ms = "".join(pieces), None, 100.0

    def stalls(self) -> None:
        self.takes_ms = float("inf")

    def breaks_off(self) -> None:
        self.fails(CutOff)

    def fails(self, meaning: type[Exception]) -> None:
        self.error = meaning("as the test wants it")


class KeptAccount:
    """An observer of what texts cost."""

    def __init__(self) -> None:
        self.attempts: list[Spent] = []

    def __call__(self, happened: object) -> None:
        assert isinstance(happened, Spent)
        self.attempts.append(happened)


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
