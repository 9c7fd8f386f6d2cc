"""One function of the embedded Lambda: what waits for it, and its invocations under way."""

from __future__ import annotations

import json
import random
import threading
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from local.aws.lambda_sandbox import Answer, Handler, Sandbox, killed_by_platform
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import LIVE


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
    is_answered: bool = False
    answering: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, answer: Answer) -> bool:
        """Keep the promise. False when the handler and its killer both would: a handler that ends at the very moment,
        or whose interruption was lost in a finaliser, answers after it was killed."""
        with self.answering:
            if self.is_answered:
                return False
            self.is_answered = True
        if self.promise.set_running_or_notify_cancel():
            self.promise.set_result(answer)
        return True

    def end(self, answer: Answer) -> None:
        """Answer in the platform's name and kill the handler, unless it has answered itself."""
        if self.answer(answer):
            self.sandbox.kill(self.job)

    def late(self, timeout_s: float) -> None:
        if not self.promise.done():
            self.end(_timed_out(self.request_id, timeout_s))


@dataclass(eq=False)
class Function:
    spec: FunctionSpec
    arn: str
    load: Callable[[FunctionSpec], Handler]
    waiting: deque[Event] = field(default_factory=deque)
    running: set[Running] = field(default_factory=set)

    @cached_property
    def handler(self) -> Handler:
        return self.load(self.spec)

    def has_room(self) -> bool:
        limit = self.spec.reserved_concurrency
        return limit is None or len(self.running) < limit


def failure_record(function: Function, event: Event, answer: Answer) -> bytes:
    """What a failure's destination is told.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    record = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": f"{function.arn}:{LIVE}",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": event.attempt + 1,
        },
        "requestPayload": json.loads(event.payload),
        "responseContext": {"statusCode": 200, "executedVersion": LIVE, "functionError": answer.error},
        "responsePayload": json.loads(answer.payload),
    }
    return json.dumps(record).encode()


def new_request_id() -> str:
    """A random UUID from Python's own generator: asking the system's lets another thread have the interpreter."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _timed_out(request_id: str, timeout_s: float) -> Answer:
    return killed_by_platform(request_id, "Sandbox.Timedout", f"Task timed out after {timeout_s:.2f} seconds")
