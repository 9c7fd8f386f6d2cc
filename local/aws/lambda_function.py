"""One function of the embedded Lambda: what waits for it, and its invocations under way."""

from __future__ import annotations

import random
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property

from local.aws.lambda_sandbox import Answer, Handler, Sandbox, killed_by_platform, load
from sotto.resources import FunctionSpec


@dataclass(slots=True, eq=False)
class Event:
    """An asynchronous invocation, from when it is queued until it has succeeded or is given up."""

    payload: bytes
    request_id: str
    attempt: int = 0


@dataclass(slots=True, eq=False)
class Running:
    """One invocation under way: its sandbox, the job it runs there and the promise it keeps."""

    request_id: str
    promise: Future[Answer]
    sandbox: Sandbox
    job: Callable[[], None]

    def end(self, answer: Answer) -> None:
        """Answer in the platform's name and kill the handler, unless it has answered itself."""
        if not self.promise.done() and self.promise.set_running_or_notify_cancel():
            self.promise.set_result(answer)
            self.sandbox.kill(self.job)

    def late(self, timeout_s: float) -> None:
        if not self.promise.done():
            self.end(_timed_out(self.request_id, timeout_s))


@dataclass(eq=False)
class Function:
    spec: FunctionSpec
    arn: str
    given_handler: Handler | None = None
    waiting: deque[Event] = field(default_factory=deque)
    running: set[Running] = field(default_factory=set)

    @cached_property
    def handler(self) -> Handler:
        return self.given_handler or load(self.spec.handler)

    def has_room(self) -> bool:
        limit = self.spec.reserved_concurrency
        return limit is None or len(self.running) < limit


def new_request_id() -> str:
    """A random UUID from Python's own generator: asking the system's lets another thread have the interpreter."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _timed_out(request_id: str, timeout_s: float) -> Answer:
    return killed_by_platform(request_id, "Sandbox.Timedout", f"Task timed out after {timeout_s:.2f} seconds")
