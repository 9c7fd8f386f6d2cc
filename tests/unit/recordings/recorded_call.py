"""A recorded call whose words are known, and a recogniser of those that are audible in what it is given."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import Utterance
from sotto.recordings.ports import Window
from sotto.recordings.wav import header
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.redaction_rules import RedactionRules

STARTED_MS = 1_790_000_000_000
RATE = 8
"""Frames a millisecond."""
MS_A_WORD = 250
CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT
TALK = (
    (AGENT, "thank you for calling harbour bank how can i help you today"),
    (CUSTOMER, "hello i lost my card yesterday and need another one please"),
    (AGENT, "i am sorry about that can you read me the number of the card"),
    (CUSTOMER, "yes it is four one one one one one one one one one one one one one one one"),
    (AGENT, "thank you i have blocked it and a new one is on its way to you"),
    (CUSTOMER, "wonderful thank you very much for your help goodbye"),
)
CARD = 3
"""Which of them is private."""


@dataclass(frozen=True)
class Spoken:
    speaker: Speaker
    words: tuple[Word, ...]

    @property
    def result(self) -> TranscriptResult:
        text = " ".join(word.text for word in self.words)
        first, last = self.words[0], self.words[-1]
        return TranscriptResult(self.speaker, f"{self.speaker}-{first.start_ms}", first.start_ms, last.end_ms, text,
                                words=self.words, is_final=True)  # fmt: skip


def spoken(talk: Sequence[tuple[Speaker, str]] = TALK, *, from_ms: float = 2_000.0) -> list[Spoken]:
    """One after the other, in call time."""
    found: list[Spoken] = []
    at = from_ms
    for speaker, text in talk:
        words = []
        for word in text.split():
            words.append(Word(word, at, at + MS_A_WORD))
            at += MS_A_WORD
        found.append(Spoken(speaker, tuple(words)))
        at += 700
    return found


def redactor() -> ConversationRedactor:
    return ConversationRedactor(RedactionRules.of())


def utterances(said: Sequence[Spoken]) -> list[Utterance]:
    """As the live path stores them."""
    kept, by = [], redactor()
    for seq, each in enumerate(said, 1):
        done = by.redact(each.result)
        at = done.result
        kept.append(
            Utterance(
                "bank", "c1", f"u{seq}", seq, at.speaker, int(at.start_ms), int(at.end_ms), at.text, private=done.spans
            )  # fmt: skip
        )
    return kept


def samples(said: Sequence[Spoken], *, offset_ms: float = 0.0, lasts_ms: float | None = None) -> array[int]:
    """Stereo, customer left. Each word sounds; between words it is silent."""
    ends_ms = max(word.end_ms for each in said for word in each.words) + 1_000 - offset_ms
    frames = int((lasts_ms if lasts_ms is not None else ends_ms) * RATE)
    audio = array("h", bytes(4 * frames))
    for each in said:
        channel = 0 if each.speaker is CUSTOMER else 1
        for number, word in enumerate(each.words):
            first, end = (int((at - offset_ms) * RATE) for at in (word.start_ms, word.end_ms))
            first, end = max(0, first), min(end, frames)
            if first < end:
                audio[2 * first + channel : 2 * (end - 1) + channel + 1 : 2] = _sound(number % 9, end - first)
    return audio


@cache
def _sound(kind: int, frames: int) -> array[int]:
    return array("h", [round(9_000 * math.sin(frame * (0.2 + 0.013 * kind))) for frame in range(frames)])


def mono(audio: array[int]) -> array[int]:
    return array("h", [one + other for one, other in zip(audio[0::2], audio[1::2], strict=True)])


def wav(audio: array[int], channels: int = 2) -> bytes:
    return header(channels, len(audio) // channels) + audio.tobytes()


def chunked_wav(*pieces: bytes, channels: int = 2, extra: bytes = b"") -> bytes:
    """With a data chunk for each piece, and another chunk before the first."""
    chunks = wav(array("h"), channels)[12:36]
    if extra:
        chunks += b"LIST" + struct.pack("<I", len(extra)) + extra + b"\0" * (len(extra) % 2)
    for piece in pieces:
        chunks += b"data" + struct.pack("<I", len(piece)) + piece + b"\0" * (len(piece) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def frames_of(file: bytes) -> array[int]:
    return array("h", file[44:])


def contact(**known: object) -> Contact:
    at = {"status": ContactStatus.ENDED, "connected_at_ms": float(STARTED_MS), "agent": "emma", "team": "service"}
    return Contact("bank", "c1", "arn:aws:connect:us-east-1:111122223333:instance/i1", "arn:s", STARTED_MS,
                   **(at | known))  # type: ignore[arg-type]  # fmt: skip


@dataclass
class AudibleWords:
    """A Retranscriber of this one call: a word is recognised where at least half of it sounds as it was spoken.
    ``recorded``: the audio as it was, at ``offset_ms``. ``makes``: what it recognises instead of each final."""

    said: Sequence[Spoken]
    recorded: array[int]
    offset_ms: float = 0.0
    channels: int = 2
    longest: float = 3_600_000.0
    passes: int = 0
    misses: frozenset[str] = frozenset()
    deaf: bool = False
    windows: list[tuple[float, float]] = field(default_factory=list)

    def longest_ms(self, tenant: str) -> float:
        return self.longest

    def finals(self, contact: Contact, windows: Sequence[Window]) -> list[list[TranscriptResult]]:
        self.passes += 1
        given = b"".join(block for window in windows for block in window.blocks())
        audio, found = array("h", given), list[TranscriptResult]()
        begins_ms = windows[0].from_ms
        for each in self.said:
            # The audio runs with the words as they were spoken; whoever believes otherwise gets times of his own.
            words = tuple(
                Word(w.text, w.start_ms - self.offset_ms + begins_ms, w.end_ms - self.offset_ms + begins_ms)
                for w in each.words
                if w.text not in self.misses and self._is_audible(each.speaker, w, audio)
            )
            if words and not self.deaf:
                text = " ".join(word.text for word in words)
                found.append(
                    TranscriptResult(
                        each.speaker,
                        f"{each.speaker}-{words[0].start_ms}",
                        words[0].start_ms,
                        words[-1].end_ms,
                        text,
                        words=words,
                        is_final=True,
                    )  # fmt: skip
                )
        return [found, *([] for _ in windows[1:])]

    def _is_audible(self, speaker: Speaker, word: Word, audio: array[int]) -> bool:
        first, end = (int((at - self.offset_ms) * RATE) for at in (word.start_ms, word.end_ms))
        if first < 0 or 2 * end > len(audio):
            return False
        if self.channels == 1:
            was, now = self.recorded[first:end], audio[2 * first : 2 * end : 2]
        else:
            channel = 0 if speaker is CUSTOMER else 1
            was = self.recorded[2 * first + channel : 2 * end + channel : 2]
            now = audio[2 * first + channel : 2 * end + channel : 2]
        return sum(one == other for one, other in zip(was, now, strict=True)) >= (end - first) / 2
