"""Keeps what the recogniser was sent, to prove that it is what was spoken. For the embedded stack only: in production
unredacted audio is never kept."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import numpy as np

from sotto.call.contact import CHANNELS
from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import SAMPLE_RATE_HZ, StereoChunk
from sotto.media.wav import split
from sotto.recognition.recogniser import Recogniser, RecogniserStream, RecogniserUnavailable, Session

BYTES_PER_FRAME = 4
FRAMES_A_MS = SAMPLE_RATE_HZ // 1000


@dataclass(slots=True)
class ReceivedAudio:
    """What one contact's recogniser sessions received, laid out on call time."""

    audio: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    """Per frame: 1 once any session had it."""
    duplicated: int = 0
    """Frames that one session was sent twice. Another session is sent again what has no final yet, as it should be."""
    different: int = 0
    """Frames that a later session was sent with other samples than an earlier one."""

    def take(self, chunk: StereoChunk, sent_until: int) -> int:
        """Note a chunk of a session that was sent everything up to ``sent_until``; answers with its new end."""
        first, last = chunk.start_sample, chunk.start_sample + chunk.samples
        self.received.extend(bytes(max(0, last - len(self.received))))
        self.audio.extend(bytes(max(0, last * BYTES_PER_FRAME - len(self.audio))))
        self.duplicated += max(0, min(last, sent_until) - first)
        self._compare(first, last, chunk.pcm)
        self.received[first:last] = b"\x01" * (last - first)
        self.audio[first * BYTES_PER_FRAME : last * BYTES_PER_FRAME] = chunk.pcm
        return max(last, sent_until)

    def _compare(self, first: int, last: int, pcm: bytes) -> None:
        if 1 not in self.received[first:last]:
            return
        before = self.audio[first * BYTES_PER_FRAME : last * BYTES_PER_FRAME]
        if before != pcm:
            old_frames, new_frames = memoryview(before).cast("I"), memoryview(pcm).cast("I")
            frames = zip(self.received[first:last], old_frames, new_frames, strict=True)
            self.different += sum(1 for known, old, new in frames if known and old != new)


class AudioTap:
    """Sits between the audio path and a recogniser, for every contact of the stack."""

    def __init__(self) -> None:
        self._contacts: defaultdict[str, ReceivedAudio] = defaultdict(ReceivedAudio)
        self._open: set[_TappedStream] = set()

    def on(self, recogniser: Recogniser) -> Recogniser:
        return _Tapped(recogniser, self)

    def drop_sessions(self) -> None:
        """Break every open session, as a provider whose socket is lost."""
        for stream in list(self._open):
            stream.dropped = True

    def received(self, contact_id: str) -> ReceivedAudio:
        return self._contacts[contact_id]

    def joined(self, parts: Sequence[tuple[str, int]], source: bytes) -> dict[str, int]:
        """Of a conversation: its contacts, and how many ms after the first each began. Samples that no contact
        received, and those that two did. A contact that goes on in another one's stream is placed by timecodes, so
        samples are counted and not compared."""
        length = len(source) // BYTES_PER_FRAME
        times = np.zeros(length, np.uint8)
        twice = 0
        for contact_id, began_ms in parts:
            one = self._contacts[contact_id]
            twice += one.duplicated
            there = times[began_ms * FRAMES_A_MS :][: len(one.received)]
            received = np.frombuffer(bytes(one.received), np.uint8)[: len(there)] > 0
            # A stream of its own begins with silence, while the agents consult.
            spoken = received & (np.frombuffer(bytes(one.audio), "<u4")[: len(there)] != 0)
            there[:] = np.where(spoken, np.minimum(2, there + 1), np.maximum(received, there))
        lost = int(np.count_nonzero(times == 0))
        again = int(np.count_nonzero(times == 2))
        return {"source": length, "recognised": length - lost, "lost": lost, "duplicated": twice + again}

    def opened(self, stream: _TappedStream) -> None:
        self._open.add(stream)

    def closed(self, stream: _TappedStream) -> None:
        self._open.discard(stream)

    def samples(self, contact_id: str, source: bytes) -> dict[str, dict[str, int | str]]:
        """Per speaker: samples in the source, received, lost (absent or different) and received twice; SHA-256 of
        what was received, over the length of the source."""
        return _compared(self._contacts[contact_id], source)


def _compared(received: ReceivedAudio, source: bytes) -> dict[str, dict[str, int | str]]:
    length = len(source) // BYTES_PER_FRAME
    recorded = bytes(received.audio[: len(source)]).ljust(len(source), b"\x00")
    present = received.received[:length].count(1)
    sides = zip(CHANNELS, split(source), split(recorded), strict=True)
    return {
        speaker.value: {
            "source": length,
            "recognised": present,
            "lost": length - present if spoken == got else max(length - present, _different(spoken, got)),
            "duplicated": received.duplicated,
            "sha256": hashlib.sha256(got).hexdigest(),
        }
        for speaker, spoken, got in sides
    }


def _different(spoken: bytes, got: bytes) -> int:
    pairs = zip(memoryview(spoken).cast("h"), memoryview(got).cast("h"), strict=True)
    return sum(1 for one, other in pairs if one != other)


class _Tapped:
    def __init__(self, recogniser: Recogniser, tap: AudioTap) -> None:
        self.name = recogniser.name
        self.languages = recogniser.languages
        self._recogniser = recogniser
        self._tap = tap

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._open(session)

    @asynccontextmanager
    async def _open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        received = self._tap.received(session.contact_id)
        async with self._recogniser.open(session) as stream:
            tapped = _TappedStream(stream, received)
            self._tap.opened(tapped)
            try:
                yield tapped
            finally:
                self._tap.closed(tapped)


class _TappedStream:
    def __init__(self, stream: RecogniserStream, received: ReceivedAudio) -> None:
        self.dropped = False
        self._stream = stream
        self._received = received
        self._sent_until = 0

    async def send(self, chunk: StereoChunk) -> None:
        if self.dropped:
            raise RecogniserUnavailable("the session was dropped on purpose")
        await self._stream.send(chunk)
        self._sent_until = self._received.take(chunk, self._sent_until)

    async def finish(self) -> None:
        await self._stream.finish()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        async for event in self._stream:
            if self.dropped:
                raise RecogniserUnavailable("the session was dropped on purpose")
            yield event
