"""States that wait: as long as the states language says, by a clock that whoever owns the stack may put forward.

Minutes and hours pass in AWS; a benchmark that has nothing else left to happen lets them pass at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment

LOOKS_EVERY_S = 0.25
"""Whether its execution was stopped; the clock wakes it at once."""


@dataclass
class Waits:
    """Of one embedded stack."""

    _changed: threading.Condition = field(default_factory=threading.Condition)
    _due_s: dict[int, tuple[str, float]] = field(default_factory=dict)
    _ahead_s: float = 0.0
    _numbers: count[int] = field(default_factory=count)

    def forward(self, seconds: float) -> None:
        with self._changed:
            self._ahead_s += seconds
            self._changed.notify_all()

    def waiting(self, *, at_least_s: float = 0.0) -> set[str]:
        """ARNs of the executions of which a branch waits, for so much longer."""
        with self._changed:
            until_s = self._now() + at_least_s
            return {execution for execution, due_s in self._due_s.values() if due_s >= until_s or not at_least_s}

    def next_s(self) -> float | None:
        """Until the first of them goes on; None where nobody waits."""
        with self._changed:
            return max(0.0, min(due for _, due in self._due_s.values()) - self._now()) if self._due_s else None

    def wait(self, env: Environment, seconds: float) -> None:
        execution = env.states.context_object.context_object_data["Execution"]["Id"]
        with self._changed:
            mine, due = next(self._numbers), self._now() + seconds
            self._due_s[mine] = (execution, due)
            try:
                while (left := due - self._now()) > 0 and env.is_running():
                    self._changed.wait(min(left, LOOKS_EVERY_S))
            finally:
                del self._due_s[mine]

    def _now(self) -> float:
        return time.monotonic() + self._ahead_s


_waits = Waits()


def renewed() -> Waits:
    """Those of a stack that begins."""
    global _waits
    _waits = Waits()
    return _waits


def hook() -> None:
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

    def interval(self: Any, env: Environment, wait_seconds: int) -> None:
        _waits.wait(env, wait_seconds)

    WaitFunction._wait_interval = interval
