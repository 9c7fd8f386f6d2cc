"""Who did what when, on one clock: spans of functions, of their requests, and of what the emulation did to answer them.

Nothing is recorded unless a stack is started with ``Options.spans``. Times are Unix epoch ms, as the stamps of stages
are; ``cpu_ms`` is the processor time of the span's own thread.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import boto3
from starlette.types import ASGIApp, Receive, Scope, Send

_current: ContextVar[str] = ContextVar("function", default="")


class SpanKind(StrEnum):
    """Whose time it is."""

    FUNCTION = "function"
    """A handler runs: our code, and its waiting."""
    REQUEST = "request"
    """A function waits for AWS, as its client sees it: signing, the connection, and what answers."""
    SERVED = "served"
    """What the emulation does to answer: on AWS, the service."""
    SHARD = "shard"
    """The container answers: ours, and the same on AWS."""


@dataclass(frozen=True, slots=True)
class Span:
    """``function``: in whose invocation, or else the group of threads that did it (``group_of``)."""

    kind: SpanKind
    name: str
    function: str
    began_ms: float
    ended_ms: float
    cpu_ms: float = 0.0


def now_ms() -> float:
    return time.time() * 1000


class Spans:
    """What a stack did, the latest ``most``. May be shared by threads."""

    def __init__(self, most: int = 200_000) -> None:
        self.recorded: deque[Span] = deque(maxlen=most)

    @contextmanager
    def span(self, kind: SpanKind, name: str, *, function: str | None = None) -> Iterator[None]:
        token = None if function is None else _current.set(function)
        owner, began_ms, cpu_s = _owner(), now_ms(), time.thread_time()
        try:
            yield
        finally:
            cpu_ms = (time.thread_time() - cpu_s) * 1000
            self.recorded.append(Span(kind, name, owner, began_ms, now_ms(), cpu_ms))
            if token is not None:
                _current.reset(token)

    def watch_clients(self, session: boto3.Session) -> None:
        """Every request of clients that this session makes from now on."""
        events = session.events
        events.register("before-call.*.*", self._before_call)
        events.register("after-call.*.*", self._after_call)
        events.register("after-call-error.*.*", self._after_call)

    def _before_call(self, context: dict[str, Any], **_: Any) -> None:
        context["span"] = now_ms(), time.thread_time()

    def _after_call(self, context: dict[str, Any], event_name: str, **_: Any) -> None:
        began_ms, cpu_s = context.pop("span", (None, 0.0))
        if began_ms is not None:
            _event, service, operation = event_name.split(".")
            cpu_ms = (time.thread_time() - cpu_s) * 1000
            named = f"{service} {operation}"
            self.recorded.append(Span(SpanKind.REQUEST, named, _owner(), began_ms, now_ms(), cpu_ms))

    def served(self, app: ASGIApp) -> ASGIApp:
        """``app``, timed from when a request has been read off the wire until its answer is handed over."""

        async def timed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began_ms = now_ms()
            try:
                await app(scope, receive, send)
            finally:
                self.recorded.append(Span(SpanKind.SERVED, _named(scope), "", began_ms, now_ms()))

        return timed

    def request_of(self, name: str, began_ms: float, kind: SpanKind = SpanKind.SHARD) -> None:
        """Something that was awaited, where other requests ran in the same thread meanwhile."""
        self.recorded.append(Span(kind, name, "", began_ms, now_ms()))


def _owner() -> str:
    return _current.get() or group_of(threading.current_thread().name)


def _named(scope: Scope) -> str:
    target = dict(scope.get("headers", ())).get(b"x-amz-target", b"").decode("latin-1")
    return target.partition(".")[2] or str(scope["path"]).split("?")[0][:60]


class ProcessorTime:
    """Processor time of this process by the name of its threads, those that have ended meanwhile included."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()
        self._began: dict[int, float] = {}
        self._run: Any = None

    def __enter__(self) -> ProcessorTime:
        self._run = threading.Thread.run
        self._began = _on_processor()
        account, run = self._account, self._run

        def counted(thread: threading.Thread) -> None:
            try:
                run(thread)
            finally:
                account(thread.name, time.thread_time() * 1000)

        threading.Thread.run = counted  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: Any) -> None:
        threading.Thread.run = self._run  # type: ignore[method-assign]

    def by_thread(self) -> dict[str, float]:
        """Name of a group of threads -> ms since this was entered."""
        found = dict(self._ended)
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        for thread, ms in _on_processor().items():
            group = group_of(names.get(thread, "other"))
            found[group] = found.get(group, 0.0) + ms - self._began.get(thread, 0.0)
        return {name: round(ms, 1) for name, ms in sorted(found.items(), key=lambda each: -each[1])}

    def _account(self, name: str, ms: float) -> None:
        with self._lock:
            group = group_of(name)
            self._ended[group] = self._ended.get(group, 0.0) + ms


def group_of(name: str) -> str:
    """``lambda-sandbox-12`` -> ``lambda-sandbox``; ``Thread-31 (run)`` -> ``Thread (run)``."""
    head, _, target = name.partition(" ")
    return f"{head.rstrip('0123456789').rstrip('-_')} {target}".strip()


def _on_processor() -> dict[int, float]:
    found = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            found[int(task.name)] = int((task / "schedstat").read_text().split()[0]) / 1e6
        except (OSError, ValueError):  # it has just ended
            continue
    return found
