"""Speech recognition for the local providers: audio that is known is found again, and its transcript read out.

A provider gets nothing of a call but its audio. So the first audible stretch that it is sent is looked up in the
known recordings; from then on the words of that recording's transcript come as their time is reached.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sotto.call.contact import Speaker
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.wav import read_call
from sotto.recognition.adapters.transcript import read_transcript

BYTES_PER_FRAME = 4
BYTES_PER_MS = BYTES_PER_FRAME * SAMPLE_RATE_HZ // 1000
LOOKED_UP_BYTES = 100 * BYTES_PER_MS
AUDIBLE_BYTES = 100
"""A stretch with fewer bytes that are not zero may stand in several places."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """Times in ms since the beginning of what the session was sent."""

    text: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class KnownTurn:
    """``words`` of one turn, as far as received. ``at_ms``: the time of the audio at which they are known."""

    speaker: Speaker
    words: tuple[SpokenWord, ...]
    complete: bool
    at_ms: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def before(self, end_ms: float) -> KnownTurn:
        """What was received of it by then, as the final."""
        words = tuple(word for word in self.words if word.start_ms < end_ms)
        return KnownTurn(self.speaker, words, True, end_ms)

    def delayed(self, from_ms: float, by_ms: float) -> KnownTurn:
        """The same when something was put in at ``from_ms``."""
        words = tuple(
            SpokenWord(word.text, word.start_ms + by_ms, word.end_ms + by_ms) if word.start_ms >= from_ms else word
            for word in self.words
        )
        return KnownTurn(self.speaker, words, self.complete, self.at_ms + by_ms)


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A recording (s16le stereo, 8 kHz, customer left) and who said which word when."""

    audio: bytes
    turns: tuple[tuple[Speaker, tuple[SpokenWord, ...]], ...]

    @classmethod
    def read(cls, recording: Path, transcript: Path) -> KnownCall:
        turns = tuple(
            (line.channel, tuple(SpokenWord(w.text, w.start_ms, w.end_ms) for w in line.words))
            for line in read_transcript(transcript)
        )
        return cls(read_call(recording, None), turns)

    @classmethod
    async def of(cls, recording: Path, transcript: Path) -> KnownCall:
        return await asyncio.to_thread(cls.read, recording, transcript)

    def begins_ms(self, stretch: bytes) -> float | None:
        """Where this stretch of audio stands in the recording."""
        at = self.audio.find(stretch)
        while at >= 0 and at % BYTES_PER_FRAME:
            at = self.audio.find(stretch, at + 1)
        return at / BYTES_PER_MS if at >= 0 else None

    def turns_from(self, offset_ms: float, endpointing_ms: float) -> list[KnownTurn]:
        """Every word as it ends, and every turn when it is final, for a session opened at ``offset_ms``."""
        found: list[KnownTurn] = []
        for speaker, words in self.turns:
            late = tuple(
                SpokenWord(word.text, max(0.0, word.start_ms - offset_ms), word.end_ms - offset_ms)
                for word in words
                if (word.start_ms + word.end_ms) / 2 >= offset_ms
            )
            found += [KnownTurn(speaker, late[:n], False, late[n - 1].end_ms) for n in range(1, len(late) + 1)]
            if late:
                found.append(KnownTurn(speaker, late, True, late[-1].end_ms + endpointing_ms))
        return sorted(found, key=lambda turn: (turn.at_ms, turn.complete, turn.speaker))


class KnownSpeech:
    """One session of a local provider: give it audio, take what it has understood."""

    def __init__(self, calls: Sequence[KnownCall], *, endpointing_ms: float = 300) -> None:
        self._calls = calls
        self._endpointing_ms = endpointing_ms
        self._coming: list[KnownTurn] | None = None
        self._next = 0
        self._recording = b""
        self._place = 0
        self._stretch = bytearray()
        self._received = 0

    @property
    def received_ms(self) -> float:
        return self._received / BYTES_PER_MS

    def feed(self, pcm: bytes) -> list[KnownTurn]:
        if self._coming is not None:
            self._follow(pcm)
        self._received += len(pcm)
        if self._coming is None:
            self._look_up(pcm)
        return self._due(self.received_ms)

    def finish(self) -> list[KnownTurn]:
        """The rest, cut where the audio ends."""
        final = self._due(self.received_ms + self._endpointing_ms)
        rest = [turn for turn in (self._coming or [])[self._next :] if turn.complete]
        self._next = len(self._coming or [])
        cut = [turn.before(self.received_ms) for turn in rest]
        return [*final, *(turn for turn in cut if turn.words)]

    def _due(self, until_ms: float) -> list[KnownTurn]:
        due: list[KnownTurn] = []
        while self._coming and self._next < len(self._coming) and self._coming[self._next].at_ms <= until_ms:
            due.append(self._coming[self._next])
            self._next += 1
        return due

    def _look_up(self, pcm: bytes) -> None:
        """Collect an audible stretch and find it. Silence is passed over: it stands everywhere."""
        self._stretch += pcm
        while len(self._stretch) >= LOOKED_UP_BYTES and self._coming is None:
            stretch = bytes(self._stretch[:LOOKED_UP_BYTES])
            before_ms = self.received_ms - len(self._stretch) / BYTES_PER_MS
            if len(stretch) - stretch.count(0) >= AUDIBLE_BYTES:
                self._found(stretch, before_ms)
            del self._stretch[:LOOKED_UP_BYTES]

    def _found(self, stretch: bytes, sent_before_ms: float) -> None:
        for call in self._calls:
            begins_ms = call.begins_ms(stretch)
            if begins_ms is not None:
                self._coming = call.turns_from(begins_ms - sent_before_ms, self._endpointing_ms)
                self._recording = call.audio
                self._place = round(begins_ms * BYTES_PER_MS) + len(self._stretch)
                return

    def _follow(self, pcm: bytes) -> None:
        """Silence that does not stand in the recording was put in by the client: everything after it comes later."""
        there = self._recording[self._place : self._place + len(pcm)]
        if there != pcm and not any(pcm):
            rest = (self._coming or [])[self._next :]
            delayed = [turn.delayed(self.received_ms, len(pcm) / BYTES_PER_MS) for turn in rest]
            self._coming = [*(self._coming or [])[: self._next], *delayed]
        else:
            self._place += len(pcm)
