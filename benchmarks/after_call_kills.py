"""Lambda functions that are killed: before their first instruction, right after one of their writes has reached a
table, a bucket or a state machine, or after they have done everything and before they could answer. What a killed
process would have done in its ``finally`` blocks is done here, because threads cannot be killed as processes can.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from local.aws.lambda_sandbox import Handler

READS = ("Get", "Query", "Describe", "List", "Batch", "Head", "Scan")
KILL_AT = ("before", "after a write", "before its answer")
RuntimeExit = type("Runtime.ExitError", (Exception,), {})
"""As Lambda names the end of a process; Step Functions sees the name."""


class Killed(BaseException):
    """What handlers do not catch."""


@dataclass
class Kills:
    """``share``: of invocations that end so, 0 to 1. ``happened``: by function and place."""

    share: float
    seed: int = 0
    happened: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._lock = threading.Lock()
        self._here = threading.local()

    def watch(self, events: Any) -> None:
        """``events``: of a botocore session, before it makes clients."""
        events.register("after-call.*.*", self._after_call)

    def run(self, name: str, handler: Handler, event: Any, context: Any) -> Any:
        with self._lock:
            dies = self._chance.random() < self.share
            place, self._here.writes_left = self._chance.choice(KILL_AT), self._chance.choice((1, 1, 2))
        if not dies:
            self._here.writes_left = 0
            return handler(event, context)
        if place == "before":
            self._died(name, place)
        if place != "after a write":
            self._here.writes_left = 0
        try:
            handler(event, context)
        except Killed:
            self._died(name, place)
        self._died(name, "before its answer")

    def _died(self, name: str, place: str) -> None:
        self.happened[name, place] += 1
        raise RuntimeExit("signal: killed")

    def _after_call(self, event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        left = getattr(self._here, "writes_left", 0)
        if left and not operation.startswith(READS):
            self._here.writes_left = left - 1
            if left == 1:
                raise Killed
