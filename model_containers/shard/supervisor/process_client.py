"""The client of one model process: requests, answers in parts, and whether the process still lives.

A process may end, which the socket tells, or hang, which nothing tells: it is asked for a heartbeat now and then,
and killed when none comes. A heartbeat is answered by the process's event loop and says how long its computing thread
has been busy with one pass, so that a thread which never comes back is noticed too.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from typing import Any

from model_containers.shard.protocol.errors import DeadlineMissed, ShardBusy, ShardError, error_of
from model_containers.shard.protocol.frames import read_frame, write_frame

log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 512
HUNG_AFTER_MS = 10_000.0
LONGEST_PASS_MS = 60_000.0
"""No pass of an encoder and no step of a decoder takes a tenth of it."""
_HEARTBEATS_WITHIN_PATIENCE = 4
_TO_END_S, _TO_CLEAN_UP_S, _LOOK_EVERY_S = 2.0, 5.0, 0.05
"""For the process itself, then for those it has left; SageMaker gives a container 30 s in all."""
_HUGE_PAGES = "THP_MEM_ALLOC_ENABLE"
"""Torch then asks the kernel for 2 MB pages: memory is faulted in and walked through 512 times less often.
https://docs.pytorch.org/tutorials/recipes/inference_tuning_on_aws_graviton.html"""


_Answers = asyncio.Queue[dict[str, Any] | ShardError]


class ModelProcess:
    """One child process and the requests to it."""

    def __init__(self, child: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self.child = child
        self._socket = ours
        self._ids = itertools.count(1)
        self._pending: dict[int, _Answers] = {}
        self._writer: asyncio.StreamWriter | None = None
        self.answers = True
        """False when a heartbeat is overdue: what is asked now would wait in vain."""

    @classmethod
    async def start(cls, module: str, *options: str) -> ModelProcess:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        with theirs:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, "--fd", str(theirs.fileno()), *options),
                pass_fds=[theirs.fileno()],
                env={_HUGE_PAGES: "1", **os.environ},
                start_new_session=True,  # Ctrl-C reaches us alone, and what it starts and leaves can be found
            )
        return cls(child, ours)

    async def read_answers(self, ready: asyncio.Event) -> None:
        """Reads answers until the process is gone; then everything pending is refused."""
        reader, self._writer = await asyncio.open_connection(sock=self._socket)
        try:
            while True:
                frame = await read_frame(reader)
                if "ready" in frame:
                    ready.set()
                elif waiting := self._pending.get(frame["id"]):
                    waiting.put_nowait(frame)  # at most one part a token, and tokens are bounded
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("model process gone, %d requests in hand", len(self._pending))
        finally:
            self._refuse_pending()
            self._writer.close()

    async def ask(self, op: str, model: str, *, timeout_ms: float, **rest: Any) -> dict[str, Any]:
        """An answer in one part, without the generators of ``stream``: most of what the supervisor does is this."""
        number, answers = self._sent(op, model, timeout_ms, rest)
        finished = False
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                frame = await answers.get()
            finished = _ends(frame)
            return _accepted(frame)
        except TimeoutError:
            raise _late(timeout_ms) from None
        finally:
            self._closed(number, finished=finished)

    async def stream(
        self, op: str, model: str, *, timeout_ms: float, **rest: Any
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The parts of an answer, and then its end. Closing it, or the timeout, cancels the work."""
        until = asyncio.get_running_loop().time() + timeout_ms / 1000
        number, answers = self._sent(op, model, timeout_ms, rest)
        finished = False
        try:
            while not finished:
                async with asyncio.timeout_at(until):
                    frame = await answers.get()
                finished = _ends(frame)
                yield _accepted(frame)
        except TimeoutError:
            raise _late(timeout_ms) from None
        finally:
            self._closed(number, finished=finished)

    def _sent(self, op: str, model: str, timeout_ms: float, rest: dict[str, Any]) -> tuple[int, _Answers]:
        """The number of the request, and where its answers come."""
        if self._writer is None or self._writer.is_closing():
            raise ShardBusy("the model process is starting: try again shortly")
        if op != "heartbeat" and len(self._pending) >= MOST_IN_FLIGHT:
            raise ShardBusy(f"{MOST_IN_FLIGHT} requests are in flight: try again shortly")
        number = next(self._ids)
        write_frame(self._writer, {"id": number, "op": op, "model": model, "timeout_ms": timeout_ms, **rest})
        answers = self._pending[number] = asyncio.Queue()
        return number, answers

    def _closed(self, number: int, *, finished: bool) -> None:
        self._pending.pop(number, None)
        if not finished and self._writer is not None and not self._writer.is_closing():
            write_frame(self._writer, {"id": number, "op": "cancel"})

    async def watch(self, *, hung_after_ms: float = HUNG_AFTER_MS) -> None:
        """Asks for heartbeats until one fails; then kills the process, and ``read_answers`` ends as after any death."""
        while True:
            await asyncio.sleep(hung_after_ms / 1000 / _HEARTBEATS_WITHIN_PATIENCE)
            heartbeat = asyncio.create_task(self._heartbeat(hung_after_ms))
            try:
                answered, _ = await asyncio.wait([heartbeat], timeout=hung_after_ms / 2000)
                self.answers = bool(answered)
                self.answers = await heartbeat
            finally:
                heartbeat.cancel()
            if not self.answers:
                log.error("model process hangs: killed, %d requests in hand", len(self._pending))
                with contextlib.suppress(ProcessLookupError):
                    self.child.kill()
                return

    async def _heartbeat(self, patience_ms: float) -> bool:
        try:
            body = await self.ask("heartbeat", "", timeout_ms=patience_ms)
        except DeadlineMissed:
            return False
        except ShardError:  # any answer is one; that it ended meanwhile ``read_answers`` sees
            return True
        return float(body.get("busy_ms", 0.0)) < LONGEST_PASS_MS

    async def stop(self) -> None:
        """It, and all that it has started: vLLM computes in processes that outlive one that was killed, and on a GPU
        would leave no memory for the next."""
        if self._writer is not None:
            self._writer.close()
        try:
            async with asyncio.timeout(_TO_END_S):
                await self.child.wait()
        except TimeoutError:
            self.child.kill()
            await self.child.wait()
        with contextlib.suppress(ProcessLookupError, TimeoutError):
            async with asyncio.timeout(_TO_CLEAN_UP_S):
                self._signal_left(signal.SIGTERM)
                while True:
                    await asyncio.sleep(_LOOK_EVERY_S)
                    self._signal_left(0)
        with contextlib.suppress(ProcessLookupError):
            self._signal_left(signal.SIGKILL)

    def _signal_left(self, number: int) -> None:
        """Raises ProcessLookupError when nobody is left."""
        with contextlib.suppress(ChildProcessError):  # the first process of a container inherits what has lost its own
            while os.waitpid(-self.child.pid, os.WNOHANG)[0]:
                pass
        os.killpg(self.child.pid, number)

    def _refuse_pending(self) -> None:
        for waiting in self._pending.values():
            waiting.put_nowait(ShardBusy("the model process ended while it worked on this: try again"))


def _ends(frame: dict[str, Any] | ShardError) -> bool:
    return isinstance(frame, ShardError) or "part" not in frame


def _late(timeout_ms: float) -> DeadlineMissed:
    return DeadlineMissed(f"not finished within {timeout_ms:.0f} ms")


def _accepted(frame: dict[str, Any] | ShardError) -> dict[str, Any]:
    if isinstance(frame, ShardError):
        raise frame
    if "error" in frame:
        raise error_of(frame["error"], frame["message"])
    body: dict[str, Any] = frame["part"] if "part" in frame else frame["body"]
    return body
