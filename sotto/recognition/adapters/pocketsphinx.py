"""The embedded recogniser: pocketsphinx with its own en-US model, one process per channel.

For the demonstration, for development and for calls that may not leave the machine. One decoder needs about 0.2 of a
core while its speaker talks and next to nothing while he is silent.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
from array import array
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.media.stereo import StereoChunk
from sotto.recognition.adapters.pocketsphinx_worker import HEADER, frame
from sotto.recognition.recogniser import RecogniserStream, RecogniserUnavailable, Session

IN_FLIGHT_CHUNKS = 10
RESULTS_WAITING = 512
_ENDED = None


@dataclass(slots=True)
class _Process:
    child: subprocess.Popen[bytes]
    connection: socket.socket

    @classmethod
    def start(cls) -> _Process:
        """Returns at once; what is sent waits in the socket until the model is loaded (0.4 s)."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = subprocess.Popen(
                [sys.executable, "-m", "sotto.recognition.adapters.pocketsphinx_worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        ours.setblocking(False)
        return cls(child, ours)

    def stop(self) -> None:
        self.connection.close()
        self.child.kill()
        self.child.wait()


class PocketsphinxRecogniser:
    """English only. ``max_processes`` bounds memory (about 120 MB each, two a call).

    Processes outlive a session and serve the next one; they belong to no event loop, so workers in several threads may
    share one recogniser. ``close`` ends them; they also end by themselves when this process dies.
    """

    name = "embedded"

    def __init__(self, *, max_processes: int = 12) -> None:
        self._max = max_processes
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: list[_Process] = []

    def prestart(self, calls: int = 1) -> None:
        """Have the processes for this many calls loading before the first one rings."""
        with self._lock:
            wanted = min(2 * calls, self._max) - len(self._idle) - len(self._busy)
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

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise RecogniserUnavailable("pocketsphinx is not installed: pip install 'sotto[embedded_recogniser]'")
        processes = self._borrow(len(Speaker))
        stream = _Stream()
        try:
            await stream.connect(session, processes)
            yield stream
        finally:
            await stream.close()
            self._give_back(processes, reusable=stream.complete)

    def _borrow(self, count: int) -> list[_Process]:
        with self._lock:
            ended = [process for process in self._idle if process.child.poll() is not None]
            for process in ended:
                self._idle.remove(process)
                process.stop()
            if len(self._busy) + count > self._max:
                raise RecogniserUnavailable(f"{len(self._busy)} recogniser processes are busy; raise max_processes")
            while len(self._idle) < count:
                self._idle.append(_Process.start())
            borrowed, self._idle = self._idle[:count], self._idle[count:]
            self._busy += borrowed
            return borrowed

    def _give_back(self, processes: list[_Process], *, reusable: bool) -> None:
        """A process in mid-call is not worth resetting: another starts in 0.4 s."""
        with self._lock:
            ours = [process for process in processes if process in self._busy]
            self._busy = [process for process in self._busy if process not in ours]
            if reusable:
                self._idle += ours
                return
        for process in ours:
            process.stop()


class _Channel:
    """Our end of one process's socket."""

    def __init__(self, speaker: Speaker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.speaker = speaker
        self.reader = reader
        self.writer = writer
        self.credit = asyncio.Semaphore(IN_FLIGHT_CHUNKS)
        self.done = False

    async def write(self, kind: str, body: bytes = b"") -> None:
        self.writer.write(frame(kind, body))
        await self.writer.drain()

    async def results(self) -> AsyncIterator[TranscriptResult]:
        while not self.done:
            length, kind = HEADER.unpack(await self.reader.readexactly(HEADER.size))
            body = await self.reader.readexactly(length)
            if chr(kind) == "R":
                yield _recognised(self.speaker, body)
            elif chr(kind) == "P":
                self.credit.release()
            else:
                self.done = True


class _Stream:
    def __init__(self) -> None:
        self._channels: list[_Channel] = []
        self._tasks: list[asyncio.Task[None]] = []
        # Full when nobody reads: then results wait in the processes, and send waits for those.
        self._results: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(RESULTS_WAITING)
        self._failed = False

    @property
    def complete(self) -> bool:
        return bool(self._channels) and all(channel.done for channel in self._channels)

    async def connect(self, session: Session, processes: list[_Process]) -> None:
        for speaker, process in zip(Speaker, processes, strict=True):
            reader, writer = await asyncio.open_connection(sock=process.connection.dup())
            self._channels.append(_Channel(speaker, reader, writer))
        for channel in self._channels:
            await self._write(channel, "S", json.dumps({"offset_ms": session.offset_ms}).encode())
        self._tasks = [asyncio.create_task(self._listen(channel)) for channel in self._channels]

    async def send(self, chunk: StereoChunk) -> None:
        frames = array("h", chunk.pcm)
        for position, channel in enumerate(self._channels):
            await channel.credit.acquire()
            await self._write(channel, "A", frames[position::2].tobytes())

    async def finish(self) -> None:
        for channel in self._channels:
            await self._write(channel, "F")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in self._channels:
            channel.writer.close()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        while (result := await self._results.get()) is not _ENDED:
            yield result
        if self._failed:
            raise _process_ended()

    async def _write(self, channel: _Channel, kind: str, body: bytes = b"") -> None:
        if self._failed:
            raise _process_ended()
        try:
            await channel.write(kind, body)
        except ConnectionError as error:
            raise _process_ended() from error

    async def _listen(self, channel: _Channel) -> None:
        try:
            async for result in channel.results():
                await self._results.put(result)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._failed = True
            for other in self._channels:
                other.credit.release()  # wakes a send that waits, to find the failure
        if self._failed or self.complete:
            await self._results.put(_ENDED)


def _cpu_seconds(pid: int) -> float:
    """utime and stime of /proc/PID/stat: fields 14 and 15, counted behind the name, which may hold spaces."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _process_ended() -> RecogniserUnavailable:
    return RecogniserUnavailable("a process of the embedded recogniser ended; open another session and replay")


def _recognised(speaker: Speaker, body: bytes) -> TranscriptResult:
    result = json.loads(body)
    result["result_id"] = f"{speaker}-{result['result_id']}"
    result["words"] = tuple(Word(*word) for word in result["words"])
    return TranscriptResult(speaker=speaker, **result)
