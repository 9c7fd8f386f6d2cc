"""A Lambda registry that runs the project's real handlers in this process.

What Lambda does and this does: a fresh JSON copy of event and result, a true context, timeouts, the ``Unhandled`` error
form, payload limits, reserved and account concurrency with 429, asynchronous events that wait for capacity, are
retried and at last recorded for the function's failure destination, or given to a hook. What it does not: every
function shares this process's environment variables, imports and file system, and a killed handler stops only between
two Python instructions.
"""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import random
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from local.aws.lambda_sandbox import (
    Answer,
    ClientContext,
    Handler,
    LambdaContext,
    Sandbox,
    killed_by_platform,
    load,
    run_handler,
)
from sotto.clock import Clock, SystemClock
from sotto.errors import Rejected, Retryable
from sotto.resources import LIVE, FunctionSpec

log = logging.getLogger(__name__)

SYNC_LIMIT_BYTES = 6_291_456
ASYNC_LIMIT_BYTES = 1_048_576
ACCOUNT_CONCURRENCY = 100
QUEUED_EVENTS = 10_000
STOP_GRACE_S = 2.0


class FunctionNotFound(Rejected):
    """ResourceNotFoundException."""


class PayloadRejected(Rejected):
    """InvalidRequestContentException: the payload is not JSON."""


class PayloadTooLarge(Rejected):
    """RequestEntityTooLargeException."""


class TooManyRequests(Retryable):
    """TooManyRequestsException; ``reason`` is Lambda's own."""

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


FailureHook = Callable[[str, bytes, Answer], None]


@dataclass(slots=True, eq=False)
class _Event:
    payload: bytes
    request_id: str
    attempt: int = 0


@dataclass(slots=True, eq=False)
class _Running:
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
    given_handler: Handler | None = None
    waiting: deque[_Event] = field(default_factory=deque)
    running: set[_Running] = field(default_factory=set)

    @cached_property
    def handler(self) -> Handler:
        return self.given_handler or load(self.spec.handler)

    def has_room(self) -> bool:
        limit = self.spec.reserved_concurrency
        return limit is None or len(self.running) < limit


class Timetable:
    """One thread that calls what is due: deadlines of invocations, retries of events."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._keep, name="lambda-timetable", daemon=True)
        self._thread.start()

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + delay_s, next(self._count), call))
            if self._due[0][2] is call:
                self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def _keep(self) -> None:
        while (call := self._next()) is not None:
            call()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._stopped:
                wait_s = self._due[0][0] - time.monotonic() if self._due else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait_s)
            return None


class LambdaRuntime:
    """Functions by name, and everything that happens between an Invoke call and a handler."""

    def __init__(
        self,
        *,
        region: str = "us-east-1",
        account: str = "123456789012",
        clock: Clock | None = None,
        account_concurrency: int = ACCOUNT_CONCURRENCY,
        retry_delays_s: tuple[float, ...] = (1.0, 2.0),
        on_failure: FailureHook | None = None,
    ) -> None:
        """``retry_delays_s``: Lambda waits one minute, then two; a demonstration does not."""
        self._arn = f"arn:aws:lambda:{region}:{account}:function:"
        self._clock = clock or SystemClock()
        self._account_concurrency = account_concurrency
        self._retry_delays_s = retry_delays_s
        self._on_failure = on_failure
        self._functions: dict[str, Function] = {}
        self._lock = threading.RLock()
        self._idle: list[Sandbox] = []
        self._sandboxes: list[Sandbox] = []
        self._stopping = False
        self._timetable = Timetable()

    def register(self, spec: FunctionSpec, handler: Handler | None = None) -> str:
        """Add or replace a function; returns its ARN. Without ``handler`` the spec's is imported at first use."""
        with self._lock:
            self._functions[spec.name] = Function(spec, self._arn + spec.name, handler)
        return self._arn + spec.name

    def invoke(self, name: str, payload: bytes = b"{}") -> Answer:
        """RequestResponse. Raises FunctionNotFound, PayloadRejected, PayloadTooLarge, TooManyRequests."""
        return self.start(name, payload).result()

    def start(self, name: str, payload: bytes = b"{}", client_context: ClientContext | None = None) -> Future[Answer]:
        """RequestResponse without waiting: the answer arrives in the future."""
        function = self.function(name)
        _check(payload, SYNC_LIMIT_BYTES)
        request_id = _request_id()
        with self._lock:
            self._check_room(function)
            return self._start(function, payload, request_id, client_context)

    def invoke_async(self, name: str, payload: bytes = b"{}") -> str:
        """Event: queue it and answer with its request id."""
        function = self.function(name)
        _check(payload, ASYNC_LIMIT_BYTES)
        event = _Event(payload, _request_id())
        with self._lock:
            if self._stopping or len(function.waiting) >= QUEUED_EVENTS:
                raise TooManyRequests("CallerRateLimitExceeded")
            function.waiting.append(event)
            self._start_waiting()
        return event.request_id

    def kill(self, name: str) -> int:
        """Crash every running invocation of a function; returns how many. Asynchronous ones are retried."""
        with self._lock:
            running = list(self.function(name).running)
        for one in running:
            reason = "Runtime exited with error: signal: killed"
            one.end(killed_by_platform(one.request_id, "Runtime.ExitError", reason))
        return len(running)

    def busy(self) -> bool:
        """Whether anything runs or waits to run."""
        with self._lock:
            return any(function.running or function.waiting for function in self._functions.values())

    def stop(self, grace_s: float = STOP_GRACE_S) -> list[str]:
        """Kill what runs, end every thread; returns the functions whose handler did not stop within ``grace_s``."""
        with self._lock:
            self._stopping = True
            for function in self._functions.values():
                function.waiting.clear()
        for name in list(self._functions):
            self.kill(name)
        self._timetable.stop()
        return self._close_sandboxes(grace_s)

    def function(self, name: str) -> Function:
        """By name, partial or full ARN, with or without qualifier. Of its versions only ``live`` is there."""
        bare = name.partition(":function:")[2] or name
        unqualified, _, qualifier = bare.partition(":")
        function = self._functions.get(unqualified)
        if function is None or qualifier not in ("", "$LATEST", LIVE):
            raise FunctionNotFound(f"Function not found: {self._arn}{bare}")
        return function

    def _check_room(self, function: Function) -> None:
        if not function.has_room():
            raise TooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded")
        if self._stopping or self._running() >= self._account_concurrency:
            raise TooManyRequests("ConcurrentInvocationLimitExceeded")

    def _running(self) -> int:
        return sum(len(function.running) for function in self._functions.values())

    def _start(
        self, function: Function, payload: bytes, request_id: str, client_context: ClientContext | None = None
    ) -> Future[Answer]:
        timeout_s = function.spec.timeout_s
        promise: Future[Answer] = Future()
        context = LambdaContext(
            function.spec.name,
            function.arn,
            function.spec.memory_mb,
            request_id,
            deadline_ms=self._clock.monotonic_ms() + timeout_s * 1000,
            clock=self._clock,
            client_context=client_context,
        )

        def job() -> None:
            try:
                running.answer(run_handler(lambda: function.handler, payload, context))
            finally:
                self._ended(function, running)

        running = _Running(request_id, promise, self._sandbox(), job)
        function.running.add(running)
        self._timetable.after(timeout_s, lambda: running.late(timeout_s))
        running.sandbox.run(job)
        return promise

    def _ended(self, function: Function, running: _Running) -> None:
        with self._lock:
            function.running.discard(running)

    def _sandbox(self) -> Sandbox:
        if self._idle:
            return self._idle.pop()
        sandbox = Sandbox(len(self._sandboxes), self._returned)
        self._sandboxes.append(sandbox)
        return sandbox

    def _returned(self, sandbox: Sandbox) -> None:
        with self._lock:
            if self._stopping:
                sandbox.close()
                return
            self._idle.append(sandbox)
            self._start_waiting()

    def _start_waiting(self) -> None:
        for function in self._functions.values():
            while function.waiting and function.has_room() and self._running() < self._account_concurrency:
                self._deliver(function, function.waiting.popleft())

    def _deliver(self, function: Function, event: _Event) -> None:
        answer = self._start(function, event.payload, event.request_id)
        answer.add_done_callback(lambda done: self._settle(function, event, done.result()))

    def _settle(self, function: Function, event: _Event, answer: Answer) -> None:
        if answer.error is None or self._stopping:
            return
        if event.attempt < function.spec.async_retries:
            event.attempt += 1
            delays = self._retry_delays_s
            delay_s = delays[min(event.attempt, len(delays)) - 1] if delays else 0.0
            self._timetable.after(delay_s, lambda: self._requeue(function, event))
        elif function.spec.failures_to is not None:
            self.invoke_async(function.spec.failures_to, _record_of(function, event, answer))
        elif self._on_failure is not None:
            self._on_failure(function.spec.name, event.payload, answer)
        else:
            log.warning("event dropped after its last retry", extra={"function": function.spec.name})

    def _requeue(self, function: Function, event: _Event) -> None:
        with self._lock:
            function.waiting.append(event)
            self._start_waiting()

    def _close_sandboxes(self, grace_s: float) -> list[str]:
        with self._lock:
            for sandbox in self._idle:
                sandbox.close()
        until = time.monotonic() + grace_s
        for sandbox in self._sandboxes:
            sandbox.join(max(0.0, until - time.monotonic()))
        with self._lock:
            return sorted(name for name, function in self._functions.items() if function.running)


def _record_of(function: Function, event: _Event, answer: Answer) -> bytes:
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


def _request_id() -> str:
    """A random UUID from Python's own generator: asking the system's lets another thread have the interpreter."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _timed_out(request_id: str, timeout_s: float) -> Answer:
    return killed_by_platform(request_id, "Sandbox.Timedout", f"Task timed out after {timeout_s:.2f} seconds")


def _check(payload: bytes, limit: int) -> None:
    if len(payload) > limit:
        raise PayloadTooLarge(f"{len(payload)} byte payload is too large for the invocation type (limit {limit} bytes)")
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        raise PayloadRejected(f"Could not parse request body into json: {error}") from error
