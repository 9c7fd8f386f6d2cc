"""Where a handler runs: one thread that can be killed, and the shapes in which Lambda reports what went wrong."""

from __future__ import annotations

import ctypes
import importlib
import json
import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sotto.core.clock import Clock

log = logging.getLogger(__name__)

Handler = Callable[[Any, Any], Any]
RESPONSE_LIMIT_BYTES = 6_291_556


class SandboxKilled(BaseException):
    """Raised inside a handler when its sandbox is killed. No ``except Exception`` may stop it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an invocation produced. ``error`` is the X-Amz-Function-Error header: None or ``Unhandled``."""

    payload: bytes
    request_id: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ClientContext:
    """The caller's X-Amz-Client-Context, already decoded."""

    custom: Mapping[str, Any]
    env: Mapping[str, Any]
    client: Mapping[str, Any]


class LambdaContext:
    """The context object of the Python runtime; attribute names are Lambda's own."""

    function_version = "$LATEST"
    identity = None

    def __init__(
        self,
        name: str,
        arn: str,
        memory_mb: int,
        request_id: str,
        *,
        deadline_ms: float,
        clock: Clock,
        client_context: ClientContext | None = None,
    ) -> None:
        self.function_name = name
        self.invoked_function_arn = arn
        self.memory_limit_in_mb = str(memory_mb)  # a string in Lambda, too
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{name}"
        self.log_stream_name = f"embedded/[$LATEST]{request_id}"
        self.client_context = client_context
        self._deadline_ms = deadline_ms
        self._clock = clock

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int(self._deadline_ms - self._clock.monotonic_ms()))


def unhandled(request_id: str, error_type: str, message: str, stack: list[str] | None = None) -> Answer:
    """The error form of Lambda's Python runtime."""
    body: dict[str, Any] = {"errorMessage": message, "errorType": error_type, "requestId": request_id}
    if stack is not None:
        body["stackTrace"] = stack
    return Answer(json.dumps(body).encode(), request_id, "Unhandled")


def killed_by_platform(request_id: str, error_type: str, reason: str) -> Answer:
    """The error form of the platform itself: it has no stack, because the process is gone."""
    message = f"RequestId: {request_id} Error: {reason}"
    return Answer(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), request_id, "Unhandled")


def load(handler: str) -> Handler:
    """Import ``package.module.callable``, as Lambda does in its init phase."""
    module, _, name = handler.rpartition(".")
    found: Handler = getattr(importlib.import_module(module), name)
    return found


def run_handler(load_handler: Callable[[], Handler], event: bytes, context: LambdaContext) -> Answer:
    """Call the handler with a JSON copy of the event and answer with a JSON copy of its result."""
    request_id = context.aws_request_id
    try:
        handler = load_handler()
    except (ImportError, AttributeError) as error:
        # The error forms of the init phase: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
        kind = "Runtime.ImportModuleError" if isinstance(error, ImportError) else "Runtime.HandlerNotFound"
        return unhandled(request_id, kind, f"Unable to load the handler of {context.function_name}: {error}", [])
    except Exception as error:  # what the function's own init phase raised
        log.warning("%s could not be started: %s", context.function_name, error)
        return unhandled(request_id, type(error).__name__, str(error), [])
    try:
        result = handler(json.loads(event), context)
    except Exception as error:
        stack = [line for frame in traceback.extract_tb(error.__traceback__)[1:] for line in [_frame(frame)]]
        log.warning("%s failed: %s\n%s", context.function_name, type(error).__name__, "".join(stack))
        return unhandled(request_id, type(error).__name__, str(error), stack)
    return _marshalled(result, request_id)


def _frame(frame: traceback.FrameSummary) -> str:
    return f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n    {frame.line}\n'


def _marshalled(result: Any, request_id: str) -> Answer:
    try:
        payload = json.dumps(result, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        return unhandled(request_id, "Runtime.MarshalError", f"Unable to marshal response: {error}", [])
    if len(payload) > RESPONSE_LIMIT_BYTES:
        reason = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes)."
        return Answer(
            json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": reason}).encode(),
            request_id,
            "Unhandled",
        )
    return Answer(payload, request_id)


def _is_kill(error: BaseException) -> bool:
    inside = error.subgroup(SandboxKilled) if isinstance(error, BaseExceptionGroup) else None
    return isinstance(error, SandboxKilled) or inside is not None


class Sandbox:
    """A daemon thread that runs one job after another, as a warm Lambda sandbox does."""

    def __init__(self, number: int, on_idle: Callable[[Sandbox], None]) -> None:
        self._on_idle = on_idle
        self._wake = threading.Semaphore(0)
        self._job: Callable[[], None] | None = None
        self._busy = threading.Lock()
        self._thread = threading.Thread(target=self._live, name=f"lambda-sandbox-{number}", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[], None]) -> None:
        self._job = job
        self._wake.release()

    def close(self) -> None:
        """End the thread as soon as it is idle."""
        self._job = None
        self._wake.release()

    def join(self, timeout_s: float) -> bool:
        """True when the thread has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def kill(self, job: Callable[[], None]) -> None:
        """Stop ``job`` at its next Python instruction, if it is still running.

        Lambda kills the process; a thread can only be interrupted between instructions, so a handler inside a
        blocking C call goes on until that call returns. Its result is dropped either way.
        """
        with self._busy:
            if self._job is job and self._thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread.ident), ctypes.py_object(SandboxKilled)
                )

    def _live(self) -> None:
        while True:
            try:
                self._wake.acquire()
            except SandboxKilled:  # of a job that had returned by then; who wakes us is waiting still
                continue
            job = self._job
            if job is None:
                return
            self._finish(job)

    def _finish(self, job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # a task group hands the kill over inside an exception group
            if not _is_kill(error):
                raise
            log.debug("sandbox killed")
        finally:
            self._leave()

    def _leave(self) -> None:
        # A kill that was sent while the job returned arrives here; it has nothing left to stop.
        try:
            with self._busy:
                self._job = None
        except SandboxKilled:
            self._job = None
        self._on_idle(self)
