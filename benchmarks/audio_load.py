"""Many calls at once through the real audio path, in one process, with a recogniser that costs nothing.

    python -m benchmarks.audio_load [--calls N] [--seconds S] [--json FILE]

Time is not compressed: every block of every call arrives when it would on a telephone line, the calls out of step with
each other. Calls a core: call time received, divided by the processor time spent on it; other load on the machine does
not enter. It is measured twice: the audio path (reader, isolation, placement, chunks), and the whole audio worker
with replay, lease and ticks in memory.

Delay: from the arrival of the block that completes a chunk until the chunk is handed to the recogniser, on the wall
clock; the goal counts the chunk's own 100 ms as well. Memory: resident size of the process with all calls in the middle
of their talk, less its size before, a call. Media is generated once and copied for each call as a socket would.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from local.aws.kinesis_video.muxer import fragments_of
from local.interruption import ended_in_order
from local.simulation.consents import ConsentsInMemory
from local.simulation.leases import LeasesInMemory
from sotto.call.contact import Contact
from sotto.call.language import EVERY_LANGUAGE
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.decisions import ConsentPorts
from sotto.core.clock import SystemClock
from sotto.media.audio_source import MediaAudioSource
from sotto.media.media_source import MediaStart
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead
from sotto.media.stereo import CHUNK_MS, SAMPLE_RATE_HZ, StereoChunk
from sotto.media.timeline import Resumption
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import Session
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.consent_rule import ConsentRule
from sotto.tenants.redaction_rules import RedactionRules
from sotto.transcription.ports import CallTime, KnownByNow, SessionPorts, Stamps, TranscriptionPorts, WorkerAssignment
from sotto.transcription.worker import transcribe

STARTED_MS = 1_726_677_688_000
FED_BYTES = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that arrive ``due_s`` after the call began: one block, and what stands before it in the stream."""

    due_s: float
    data: bytes


def recorded(seconds: int) -> list[Piece]:
    """A call's media, cut where its blocks end."""
    audio = random.Random(1).randbytes(4 * SAMPLE_RATE_HZ * seconds)
    fragments = fragments_of(audio, contact_id="load", instance_id="i", started_at_ms=STARTED_MS)
    media = b"".join(fragment.media(fragment.number, 0) for fragment in fragments)
    reader, pieces, begun = FragmentReader(), [], 0
    for end in range(FED_BYTES, len(media) + FED_BYTES, FED_BYTES):
        blocks = [event for event in reader.feed(media[end - FED_BYTES : end]) if isinstance(event, BlockRead)]
        if blocks:
            ends_ms = blocks[-1].time_ns / 1e6 - STARTED_MS + len(blocks[-1].pcm) / 2 * 1000 / SAMPLE_RATE_HZ
            pieces.append(Piece(ends_ms / 1000, media[begun:end]))
            begun = end
    return pieces


class LiveMedia:
    """A MediaSource of one call, in real time."""

    def __init__(self, pieces: list[Piece], begins_at: float) -> None:
        self._pieces = pieces
        self._begins_at = begins_at
        self.arrived_at = 0.0

    @asynccontextmanager
    async def open(self, stream_arn: str, start: MediaStart) -> AsyncIterator[AsyncIterator[bytes]]:
        yield self._read()

    async def _read(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            due = self._begins_at + piece.due_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            # A block that the loop was too busy to read in time has waited in the socket.
            self.arrived_at = min(time.monotonic(), due) if time.monotonic() > due else time.monotonic()
            yield bytes(bytearray(piece.data))
        self._pieces = []


@dataclass
class Delays:
    seconds: list[float] = field(default_factory=list)

    def sent(self, line: LiveMedia) -> None:
        self.seconds.append(time.monotonic() - line.arrived_at)

    def figures(self) -> dict[str, float]:
        cuts = quantiles(self.seconds, n=100)
        return {name: round(cuts[at - 1] * 1000, 2) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


class CostsNothing:
    """A Recogniser that takes audio and gives no results."""

    name = "nothing"
    languages = EVERY_LANGUAGE

    def __init__(self, on_chunk: Callable[[], None]) -> None:
        self._on_chunk = on_chunk

    @asynccontextmanager
    async def open(self, session: Session) -> AsyncIterator[Silent]:
        yield Silent(self._on_chunk)


class Silent:
    def __init__(self, on_chunk: Callable[[], None]) -> None:
        self._on_chunk = on_chunk
        self._finished = asyncio.Event()

    async def send(self, chunk: StereoChunk) -> None:
        self._on_chunk()

    async def finish(self) -> None:
        self._finished.set()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        nothing: tuple[TranscriptResult, ...] = ()
        await self._finished.wait()
        for event in nothing:
            yield event


class NobodyListens:
    def publish(self, utterance: Utterance) -> None: ...

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None: ...

    def tick(self, contact: Contact, time: CallTime) -> None: ...


def contact_of(number: int) -> Contact:
    # All calls carry the same media, so they are the same contact at different tenants.
    return Contact(f"tenant-{number}", "load", "arn", "stream", STARTED_MS)


async def audio_path(number: int, line: LiveMedia, delays: Delays) -> None:
    source = MediaAudioSource(line, SystemClock())
    async with source.open(contact_of(number), Resumption()) as chunks:
        async for _ in chunks:
            delays.sent(line)


async def whole_worker(number: int, line: LiveMedia, delays: Delays) -> None:
    clock = SystemClock()
    recogniser = FailoverRecogniser([CostsNothing(lambda: delays.sent(line))], clock=clock)
    ports = TranscriptionPorts(
        source=MediaAudioSource(line, clock),
        recogniser=recogniser,
        session=SessionPorts(
            redactor=lambda contact: ConversationRedactor(RedactionRules()),
            consent=ConsentPorts(lambda tenant: ConsentRule(), ConsentsInMemory(), clock),
            leases=LeasesInMemory(),
            clock=clock,
        ),
        sink=NobodyListens(),
        known_by_now=lambda contact: KnownByNow(float("inf") if line.arrived_at > 0 and not line._pieces else None),
    )
    await transcribe(contact_of(number), WorkerAssignment("worker"), ports)


Way = Callable[[int, LiveMedia, Delays], Coroutine[Any, Any, None]]


async def measured(way: Way, calls: int, seconds: int) -> dict[str, Any]:
    """``calls`` calls of ``seconds`` seconds each, begun within one second of each other."""
    pieces, delays, chance = recorded(seconds), Delays(), random.Random(2)
    gc.collect()
    before_mb, cpu_s, began = resident_mb(), time.process_time(), time.monotonic()
    lines = [LiveMedia(pieces, began + 0.2 + chance.random()) for _ in range(calls)]
    running = [asyncio.create_task(way(number, line, delays)) for number, line in enumerate(lines)]
    await asyncio.sleep(seconds * 0.9)
    mb, cpu_s = resident_mb() - before_mb, time.process_time() - cpu_s
    received_s = len(delays.seconds) * CHUNK_MS / 1000
    for task in running:
        task.cancel()
    failures = [each for each in await asyncio.gather(*running, return_exceptions=True) if isinstance(each, Exception)]
    if failures:
        raise failures[0]
    return {
        "calls": calls,
        "call_seconds_received": round(received_s),
        "cpu_seconds": round(cpu_s, 2),
        "calls_a_core": round(received_s / cpu_s),
        "mb_a_call": round(mb / calls, 2),
        "delay_ms": delays.figures(),
        "delay_with_the_chunk_ms_p99": round(delays.figures()["p99"] + CHUNK_MS, 1),
    }


def resident_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def run(calls: int = 100, seconds: int = 15) -> dict[str, Any]:
    ways: dict[str, Way] = {"audio path": audio_path, "whole worker": whole_worker}
    return {name: asyncio.run(measured(way, calls, seconds)) for name, way in ways.items()}


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = run(asked.calls, asked.seconds)
    for way, figures in results.items():
        print(f"{way}: {figures['calls']} calls in real time")
        print(f"  {figures['calls_a_core']} calls a core, {figures['mb_a_call']} MB a call")
        delay = figures["delay_ms"]
        print(f"  chunk delay p50 {delay['p50']} p95 {delay['p95']} p99 {delay['p99']} ms, and the chunk's own 100 ms")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
