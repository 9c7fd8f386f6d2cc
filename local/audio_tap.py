"""Keeps what the recogniser was sent, to prove that it is what was spoken. For the embedded stack only: in production
unredacted audio is never kept."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from sotto.audio.stereo import StereoChunk
from sotto.audio.wav import split
from sotto.contact.contact import Speaker
from sotto.speech.recogniser import Recognised, Recogniser, RecogniserStream, RecogniserUnavailable, Session

BYTES_PER_FRAME = 4


@dataclass(slots=True)
class ReceivedAudio:
    """What one contact's recogniser sessions received, laid out on call time."""

    audio: bytearray = field(default_factory=bytearray)
    times_received: bytearray = field(default_factory=bytearray)
    """Per frame, within one session; more than once is a fault. A successor's session begins a new count."""
    ever_received: bytearray = field(default_factory=bytearray)
    duplicated: int = 0

    def begin_session(self) -> None:
        self.times_received = bytearray(len(self.times_received))

    def take(self, chunk: StereoChunk) -> None:
        first, last = chunk.start_sample, chunk.start_sample + chunk.samples
        for counts in (self.times_received, self.ever_received):
            counts.extend(bytes(max(0, last - len(counts))))
        self.audio.extend(bytes(max(0, last * BYTES_PER_FRAME - len(self.audio))))
        again = sum(1 for count in self.times_received[first:last] if count)
        self.duplicated += again
        self.times_received[first:last] = b"\x01" * (last - first)
        self.ever_received[first:last] = b"\x01" * (last - first)
        self.audio[first * BYTES_PER_FRAME : last * BYTES_PER_FRAME] = chunk.pcm


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

    def opened(self, stream: _TappedStream) -> None:
        self._open.add(stream)

    def closed(self, stream: _TappedStream) -> None:
        self._open.discard(stream)

    def samples(self, contact_id: str, source: bytes) -> dict[str, dict[str, int | str]]:
        """Per speaker: samples in the source, received, lost (absent or different) and received twice; SHA-256 of
        what was received, over the length of the source."""
        received = self._contacts[contact_id]
        length = len(source) // BYTES_PER_FRAME
        heard = bytes(received.audio[: len(source)]).ljust(len(source), b"\x00")
        present = received.ever_received[:length].count(1)
        sides = zip(Speaker, split(source), split(heard), strict=True)
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
        self._recogniser = recogniser
        self._tap = tap

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._open(session)

    @asynccontextmanager
    async def _open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        received = self._tap.received(session.contact_id)
        received.begin_session()
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

    async def send(self, chunk: StereoChunk) -> None:
        if self.dropped:
            raise RecogniserUnavailable("the session was dropped on purpose")
        await self._stream.send(chunk)
        self._received.take(chunk)

    async def finish(self) -> None:
        await self._stream.finish()

    async def __aiter__(self) -> AsyncIterator[Recognised]:
        async for event in self._stream:
            if self.dropped:
                raise RecogniserUnavailable("the session was dropped on purpose")
            yield event
