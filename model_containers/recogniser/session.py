"""One call: two channels transcribed beside each other, and a bounded queue before each.

Who sends faster than is transcribed is not read any more (and runs out of receipts); a channel that is behind is given
all that waits at once, so that it makes fewer passes and catches up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from model_containers.recogniser.engines.engine import Channel, Engine
from sotto.call.contact import CHANNELS, Speaker
from sotto.core.clock import Clock
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.self_hosted import (
    IN_FLIGHT,
    Kind,
    MessageMistaken,
    Start,
    encoded_result,
    message,
    parts,
)
from sotto.recognition.whisper.features import Samples

QUEUED = 2 * IN_FLIGHT
"""Twice what a client that keeps to the receipts sends: only one that does not is made to wait by its socket."""
_ENDED = None
Send = Callable[[bytes], Awaitable[None]]


@dataclass(slots=True)
class SessionFigures:
    """What the session's metrics are made of. ``behind_ms``: the most audio that ever waited on a channel."""

    audio_ms: float = 0.0
    behind_ms: float = 0.0
    finals: int = 0
    interims: int = 0
    final_ms: list[float] = field(default_factory=list)
    """How long the chunk took that brought a final: its waiting, its passes, and the guards' further readings."""


class TwoChannels:
    """``receive``: the messages after the first."""

    def __init__(self, engine: Engine, start: Start, *, pool: Executor, clock: Clock, send: Send) -> None:
        self._pool = pool
        self._clock = clock
        self._send = send
        self.figures = SessionFigures()
        self._queues: dict[Speaker, asyncio.Queue[Samples | None]] = {s: asyncio.Queue(QUEUED) for s in CHANNELS}
        self._consumed = dict.fromkeys(CHANNELS, 0)
        self._receipted = 0
        self._emitted: dict[Speaker, list[dict[str, Any]]] = {speaker: [] for speaker in CHANNELS}
        self._channels = {
            speaker: engine.channel(
                language=start.language,
                offset_ms=start.offset_ms,
                words=start.words,
                emit=self._emitted[speaker].append,
            )
            for speaker in CHANNELS
        }

    async def run(self, received: AsyncIterator[bytes]) -> bool:
        """Until the client has finished and everything is out: True. False where it left in the middle. Raises
        MessageMistaken, and what an engine raises."""
        async with asyncio.TaskGroup() as tasks:
            transcribing = [
                tasks.create_task(self._transcribe(speaker, channel)) for speaker, channel in self._channels.items()
            ]
            finished = await self._read(received)
            if not finished:  # nobody waits for what is still to come
                for task in transcribing:
                    task.cancel()
        if finished:
            await self._send(message(Kind.DONE))
        return finished

    async def _read(self, received: AsyncIterator[bytes]) -> bool:
        """Whether the client has finished; else it has left."""
        async for each in received:
            kind, body = parts(each)
            if kind == Kind.AUDIO:
                await self._queue(body)
            elif kind == Kind.FINISH:
                for queue in self._queues.values():
                    await queue.put(_ENDED)
                return True
            elif kind != Kind.ALIVE:
                raise MessageMistaken(f"{kind.name} is not for a recogniser")
        return False

    async def _queue(self, body: bytes) -> None:
        if len(body) % 4:
            raise MessageMistaken("audio must be whole samples of two channels")
        both = (np.frombuffer(body, "<i2") / 32_768).astype(np.float32)
        self.figures.audio_ms += len(both) / 2 * 1000 / SAMPLE_RATE_HZ
        for position, speaker in enumerate(CHANNELS):
            await self._queues[speaker].put(both[position::2])

    async def _transcribe(self, speaker: Speaker, channel: Channel) -> None:
        queue = self._queues[speaker]
        while True:
            waiting = [await queue.get()]
            while not queue.empty():
                waiting.append(queue.get_nowait())
            chunks = [each for each in waiting if each is not _ENDED]
            if chunks:
                samples = np.concatenate(chunks)
                self.figures.behind_ms = max(self.figures.behind_ms, len(samples) * 1000 / SAMPLE_RATE_HZ)
                await self._in_thread(speaker, partial(channel.audio, samples))
                await self._receipt(speaker, len(chunks))
            if waiting[-1] is _ENDED:
                return await self._in_thread(speaker, channel.finish)

    async def _in_thread(self, speaker: Speaker, work: Callable[[], None]) -> None:
        began_ms = self._clock.monotonic_ms()
        await asyncio.get_running_loop().run_in_executor(self._pool, work)
        took_ms = self._clock.monotonic_ms() - began_ms
        emitted = self._emitted[speaker]
        for result in emitted:
            if result["is_final"]:
                self.figures.finals += 1
                self.figures.final_ms.append(took_ms)
            else:
                self.figures.interims += 1
            await self._send(encoded_result(result, speaker))
        emitted.clear()

    async def _receipt(self, speaker: Speaker, chunks: int) -> None:
        self._consumed[speaker] += chunks
        done = min(self._consumed.values())
        if done > self._receipted:
            fresh, self._receipted = done - self._receipted, done
            await self._send(message(Kind.RECEIPT, str(fresh).encode()))
