"""The audio worker in an operating system process of its own, as Lambda has it: one that can be killed with SIGKILL.

``WorkerProcesses`` is a handler for the embedded Lambda, which does what Lambda does around a run: a retry with the
same request id after a crash, twice at most. What it emulates is the sandbox: a fresh process for every run (Lambda
would reuse one that ended well), on this machine's file system.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws.lambda_sandbox import LambdaContext, load
from local.parent_process import command, inherited
from sotto.core.clock import SystemClock
from sotto.core.errors import SottoError

REPOSITORY = Path(__file__).resolve().parents[1]
HANDLER = "functions.transcribe_call.handler.handler"


class WorkerCrashed(SottoError):
    """The process ended without an answer: Lambda's ``Runtime.ExitError``."""


class WorkerFailed(SottoError):
    """The handler raised; the message names its error."""


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    process: subprocess.Popen[bytes]
    contact_id: str
    request_id: str


class WorkerProcesses:
    """Register it as the handler of ``transcribe_call``. ``environment``: that of every run, beside this process's."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        self._running: set[_Running] = set()
        self._closed = False
        self.runs: Counter[str] = Counter()
        """How many runs each request has had."""

    def __call__(self, event: Any, context: Any) -> Any:
        order = {
            "event": event,
            "request_id": context.aws_request_id,
            "remaining_ms": context.get_remaining_time_in_millis(),
        }
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as answer:
            with self._lock:
                if self._closed:
                    os.close(writing)
                    raise WorkerCrashed("the stack is closed")
                process = subprocess.Popen(
                    command("local.worker_processes", str(writing)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(writing, *inherited()),
                    cwd=REPOSITORY,
                    env={**os.environ, **self._environment},
                )
                os.close(writing)
                running = _Running(process, event["contact_id"], context.aws_request_id)
                self._running.add(running)
                self.runs[running.request_id] += 1
            try:
                # A process that was killed before it read its order breaks the pipe; its exit says so.
                with suppress(BrokenPipeError):
                    process.communicate(json.dumps(order).encode())
                return _answered(process, answer.read())
            finally:
                process.wait()
                with self._lock:
                    self._running.discard(running)

    def kill_one(self, choose: Callable[[list[str]], str], contact_id: str, *, most_runs: int) -> str | None:
        """SIGKILL a run of this contact whose request has had at most ``most_runs``: the one that ``choose`` picks by
        its request id. Answers with that id, or None when there is none to kill."""
        with self._lock:
            found = {
                each.request_id: each
                for each in self._running
                if each.contact_id == contact_id
                and self.runs[each.request_id] <= most_runs
                and each.process.poll() is None
            }
            if not found:
                return None
            chosen = found[choose(sorted(found))]
            chosen.process.send_signal(signal.SIGKILL)
            return chosen.request_id

    def close(self) -> None:
        """End every run and start no other."""
        with self._lock:
            self._closed = True
            for each in self._running:
                each.process.kill()


def _answered(process: subprocess.Popen[bytes], answer: bytes) -> Any:
    code = process.wait()
    if not answer:
        raise WorkerCrashed(f"Runtime exited with error: {f'signal: {-code}' if code < 0 else f'exit status {code}'}")
    outcome = json.loads(answer)
    if "error" in outcome:
        raise WorkerFailed(outcome["error"])
    return outcome["result"]


def main() -> None:
    """One run, in this process: the order from standard input, the answer into the pipe that was handed over."""
    order = json.load(sys.stdin)
    clock = SystemClock()
    context = LambdaContext(
        "transcribe_call",
        "arn:aws:lambda:us-east-1:123456789012:function:transcribe_call",
        1024,
        order["request_id"],
        deadline_ms=clock.monotonic_ms() + order["remaining_ms"],
        clock=clock,
    )
    try:
        outcome = {"result": load(HANDLER)(order["event"], context)}
    except Exception as error:  # whatever it is, Lambda reports its class
        outcome = {"error": f"{type(error).__name__}: {error}"}
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answer:
        json.dump(outcome, answer)


if __name__ == "__main__":
    main()
