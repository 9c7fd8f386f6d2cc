"""The embedded recogniser: Whisper tiny.en on this machine's processor, one process per call.

For the demonstration, for development and for calls that may not leave the machine. What it costs and how well it
understands: docs/recognisers.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.media.stereo import StereoChunk
from sotto.recognition.adapters.embedded_languages import LANGUAGES
from sotto.recognition.adapters.whisper.worker import HEADER, frame
from sotto.recognition.recogniser import RecogniserStream, RecogniserUnavailable, Session
from sotto.recognition.whisper.weights import installed

IN_FLIGHT_CHUNKS = 10
RESULTS_WAITING = 512
_WORKER = "sotto.recognition.adapters.whisper.worker"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_ENDED = None


@dataclass(slots=True)
class _Process:
    child: subprocess.Popen[bytes]
    connection: socket.socket

    @classmethod
    def start(cls) -> _Process:
        """Returns at once; what is sent waits in the socket until the model is loaded (half a second)."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = subprocess.Popen(
                [sys.executable, "-m", _WORKER],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        ours.setblocking(False)
        return cls(child, ours)

    def stop(self) -> None:
        self.connection.close()
        self.child.kill()
        self.child.wait()


class WhisperRecogniser:
    """English only. ``max_processes`` bounds memory (about 190 MB each, one a call).

    Processes outlive a session and serve the next one; they belong to no event loop, so workers in several threads may
    share one recogniser. ``close`` ends them; they also end by themselves when this process dies.
    """

    name = "embedded"
    languages = LANGUAGES

    def __init__(self, *, max_processes: int = 6) -> None:
        self._max = max_processes
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: list[_Process] = []

    def prestart(self, calls: int = 1) -> None:
        """Have the processes for this many calls loading before the first one rings."""
        with self._lock:
            wanted = min(calls, self._max) - len(self._idle) - len(self._busy)
            self._idle += [_Process.start() for _ in range(wanted)]

    def close(self) -> None:
        with self._lock:
            processes, self._idle, self._busy = [*self._idle, *self._busy], [], []
        for process in processes:
            process.stop()

    def cpu_seconds(self) -> float:
        """What the processes have used so far (Linux; 0 elsewhere)."""
        with self._lock:
            return sum(_cpu_seconds(process.child.pid) for process in [*self._idle, *self._busy])

    def memory_bytes(self) -> int:
        """What the largest of the processes has needed at most (Linux; 0 elsewhere)."""
        with self._lock:
            return max((_peak_bytes(process.child.pid) for process in [*self._idle, *self._busy]), default=0)

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        if not installed():
            raise RecogniserUnavailable("Whisper is not installed: pip install 'sotto[embedded_recogniser]'")
        process = self._borrow()
        stream = _Stream()
        try:
            await stream.connect(session, process)
            yield stream
        finally:
            await stream.close()
            self._give_back(process, reusable=stream.complete)

    def _borrow(self) -> _Process:
        with self._lock:
            ended = [process for process in self._idle if process.child.poll() is not None]
            for process in ended:
                self._idle.remove(process)
                process.stop()
            if len(self._busy) >= self._max:
                raise RecogniserUnavailable(f"{len(self._busy)} recogniser processes are busy; raise max_processes")
            process = self._idle.pop(0) if self._idle else _Process.start()
            self._busy.append(process)
            return process

    def _give_back(self, process: _Process, *, reusable: bool) -> None:
        """A process in mid-call is not worth resetting: another starts in half a second."""
        with self._lock:
            if process not in self._busy:
                return
            self._busy.remove(process)
            if reusable:
                self._idle.append(process)
                return
        process.stop()


class _Stream:
    def __init__(self) -> None:
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._credit = asyncio.Semaphore(IN_FLIGHT_CHUNKS)
        # Full when nobody reads: then results wait in the process, and send waits for it.
        self._results: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(RESULTS_WAITING)
        self._failed = False
        self.complete = False

    async def connect(self, session: Session, process: _Process) -> None:
        self._reader, self._writer = await asyncio.open_connection(sock=process.connection.dup())
        words = (*session.names, *session.words)
        begin = {"offset_ms": session.offset_ms, "words": words, "interims": session.interims}
        await self._write("S", json.dumps(begin).encode())
        self._listening = asyncio.create_task(self._listen(self._reader))

    async def send(self, chunk: StereoChunk) -> None:
        await self._credit.acquire()
        await self._write("A", chunk.pcm)

    async def finish(self) -> None:
        await self._write("F")

    async def close(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        if self._writer:
            self._writer.close()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        while (result := await self._results.get()) is not _ENDED:
            yield result
        if self._failed:
            raise _process_ended()

    async def _write(self, kind: str, body: bytes = b"") -> None:
        if self._failed or self._writer is None:
            raise _process_ended()
        try:
            self._writer.write(frame(kind, body))
            await self._writer.drain()
        except ConnectionError as error:
            raise _process_ended() from error

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while not self.complete:
                length, kind = HEADER.unpack(await reader.readexactly(HEADER.size))
                body = await reader.readexactly(length)
                if chr(kind) == "R":
                    await self._results.put(_recognised(body))
                elif chr(kind) == "P":
                    self._credit.release()
                else:
                    self.complete = True
        except (asyncio.IncompleteReadError, ConnectionError):
            self._failed = True
            self._credit.release()  # wakes a send that waits, to find the failure
        await self._results.put(_ENDED)


def _cpu_seconds(pid: int) -> float:
    """utime and stime of /proc/PID/stat: fields 14 and 15, counted behind the name, which may hold spaces."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _process_ended() -> RecogniserUnavailable:
    return RecogniserUnavailable("the process of the embedded recogniser ended; open another session and replay")


def _recognised(body: bytes) -> TranscriptResult:
    result = json.loads(body)
    result["speaker"] = Speaker(result["speaker"])
    result["words"] = tuple(Word(*word) for word in result["words"])
    return TranscriptResult(**result)
