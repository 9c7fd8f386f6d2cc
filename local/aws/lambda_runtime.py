"""A Lambda registry that runs the project's real handlers in this process.

What Lambda does and this does: a fresh JSON copy of event and result, a true context, timeouts, the ``Unhandled`` error
form, payload limits, reserved and account concurrency with 429, asynchronous events that wait for capacity, are
retried and at last recorded for the function's failure destination, or given to a hook. What it does not: functions
share this process's imports and file system, and a killed handler stops only between two Python instructions.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext

from local.aws.lambda_function import Event, Function, Running, failure_record, new_request_id
from local.aws.lambda_limits import (
    ASYNC_LIMIT_BYTES,
    SYNC_LIMIT_BYTES,
    FunctionNotFound,
    TooManyRequests,
    check_payload,
)
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
from local.aws.lambda_timetable import Timetable
from local.spans import SpanKind, Spans
from sotto.core.clock import Clock, SystemClock
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import LIVE

log = logging.getLogger(__name__)

ACCOUNT_CONCURRENCY = 100
QUEUED_EVENTS = 10_000
STOP_GRACE_S = 2.0

FailureHook = Callable[[str, bytes, Answer], None]
Observer = Callable[[str, bytes, Answer], None]
"""A function's name, its event and its answer."""


def imported(spec: FunctionSpec) -> Handler:
    return load(spec.handler)


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
        spans: Spans | None = None,
        patience: float = 1.0,
    ) -> None:
        """``retry_delays_s``: Lambda waits one minute, then two; a demonstration does not. ``patience``: by how much
        time-outs are longer than deployed. On AWS each function has a processor of its own; where dozens share two, a
        time-out would count the machine's other work."""
        self._arn = f"arn:aws:lambda:{region}:{account}:function:"
        self._clock = clock or SystemClock()
        self._account_concurrency = account_concurrency
        self._retry_delays_s = retry_delays_s
        self._on_failure = on_failure
        self._spans = spans
        self._patience = patience
        self._functions: dict[str, Function] = {}
        self._lock = threading.RLock()
        self._idle: list[Sandbox] = []
        self._sandboxes: list[Sandbox] = []
        self._stopping = False
        self._retrying = 0
        self._observers: list[Observer] = []
        self._timetable = Timetable()

    def register(
        self, spec: FunctionSpec, handler: Handler | None = None, *, load: Callable[[FunctionSpec], Handler] = imported
    ) -> str:
        """Add or replace a function; returns its ARN. Without ``handler`` it is loaded at first use."""
        with self._lock:
            given = load if handler is None else lambda spec: handler
            self._functions[spec.name] = Function(spec, self._arn + spec.name, given)
        return self._arn + spec.name

    def invoke(self, name: str, payload: bytes = b"{}") -> Answer:
        """RequestResponse. Raises FunctionNotFound, PayloadRejected, PayloadTooLarge, TooManyRequests."""
        return self.start(name, payload).result()

    def start(self, name: str, payload: bytes = b"{}", client_context: ClientContext | None = None) -> Future[Answer]:
        """RequestResponse without waiting: the answer arrives in the future."""
        function = self.function(name)
        check_payload(payload, SYNC_LIMIT_BYTES)
        request_id = new_request_id()
        with self._lock:
            self._check_room(function)
            return self._start(function, payload, request_id, client_context)

    def invoke_async(self, name: str, payload: bytes = b"{}") -> str:
        """Event: queue it and answer with its request id."""
        function = self.function(name)
        check_payload(payload, ASYNC_LIMIT_BYTES)
        event = Event(payload, new_request_id())
        with self._lock:
            if self._stopping or len(function.waiting) >= QUEUED_EVENTS:
                raise TooManyRequests("CallerRateLimitExceeded")
            function.waiting.append(event)
            self._start_waiting()
        return event.request_id

    def observe(self, observer: Observer) -> None:
        """Tell ``observer`` of every invocation that ends; it is called in the threads that end them."""
        self._observers.append(observer)

    def kill(self, name: str) -> int:
        """Crash every running invocation of a function; returns how many. Asynchronous ones are retried."""
        with self._lock:
            running = list(self.function(name).running)
        for one in running:
            reason = "Runtime exited with error: signal: killed"
            one.end(killed_by_platform(one.request_id, "Runtime.ExitError", reason))
        return len(running)

    def busy(self) -> bool:
        """Whether anything runs or waits to run, be it for its next try."""
        with self._lock:
            busy = any(function.running or function.waiting for function in self._functions.values())
            return busy or self._retrying > 0

    def waiting(self) -> int:
        """How many asynchronous events no sandbox has taken yet."""
        with self._lock:
            return sum(len(function.waiting) for function in self._functions.values())

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
        timeout_s = function.spec.timeout_s * self._patience
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
                with self._span(function.spec.name):
                    answer = run_handler(lambda: function.handler, payload, context)
                running.answer(answer)
            finally:
                self._ended(function, running)

        running = Running(request_id, promise, self._sandbox(), job)
        function.running.add(running)
        promise.add_done_callback(lambda done: self._observed(function, payload, done))
        self._timetable.after(timeout_s, lambda: running.late(timeout_s))
        running.sandbox.run(job)
        return promise

    def _span(self, name: str) -> AbstractContextManager[None]:
        spans = self._spans
        return nullcontext() if spans is None else spans.span(SpanKind.FUNCTION, name, function=name)

    def _observed(self, function: Function, payload: bytes, done: Future[Answer]) -> None:
        if not done.cancelled():
            for observer in self._observers:
                observer(function.spec.name, payload, done.result())

    def _ended(self, function: Function, running: Running) -> None:
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

    def _deliver(self, function: Function, event: Event) -> None:
        answer = self._start(function, event.payload, event.request_id)
        answer.add_done_callback(lambda done: self._settle(function, event, done.result()))

    def _settle(self, function: Function, event: Event, answer: Answer) -> None:
        if answer.error is None or self._stopping:
            return
        if event.attempt < function.spec.async_retries:
            event.attempt += 1
            with self._lock:  # before the run that failed has left: nobody may find the runtime idle in between
                self._retrying += 1
            delays = self._retry_delays_s
            delay_s = delays[min(event.attempt, len(delays)) - 1] if delays else 0.0
            self._timetable.after(delay_s, lambda: self._requeue(function, event))
        elif function.spec.failures_to is not None:
            self.invoke_async(function.spec.failures_to, failure_record(function, event, answer))
        elif self._on_failure is not None:
            self._on_failure(function.spec.name, event.payload, answer)
        else:
            log.warning("event dropped after its last retry", extra={"function": function.spec.name})

    def _requeue(self, function: Function, event: Event) -> None:
        with self._lock:
            self._retrying -= 1
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
