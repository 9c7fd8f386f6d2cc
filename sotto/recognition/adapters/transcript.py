"""A recogniser that knows what will be said: it reads the call's true transcript and follows the audio's clock.

For tests and for measuring everything behind recognition. The same audio gives the same events in the same order.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.core.errors import Rejected
from sotto.media.stereo import StereoChunk
from sotto.recognition.adapters.transcript_languages import LANGUAGES
from sotto.recognition.recogniser import RecogniserStream, Session

SETTLING_MS = 300
"""How long after its last word a final comes: about what streaming providers need."""
EVENTS_WAITING = 512
_ENDED = None


class TranscriptUnreadable(Rejected):
    """The transcript file is missing or a line is wrong; the message names file, line and field."""


class _SpokenWord(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    text: str
    start_ms: float
    end_ms: float


class _Line(BaseModel):
    """``speaker`` may be the system, which speaks on the agent's channel: recognisers know channels alone."""

    model_config = ConfigDict(hide_input_in_errors=True)

    speaker: Speaker
    start_ms: float
    end_ms: float
    text: str
    words: list[_SpokenWord]

    @property
    def channel(self) -> Speaker:
        return Speaker.CUSTOMER if self.speaker is Speaker.CUSTOMER else Speaker.AGENT


@dataclass(frozen=True, slots=True)
class _Timed:
    at_ms: float
    event: TranscriptResult


class TranscriptRecogniser:
    """``transcript_of`` gives the .transcript.jsonl of a contact id; it is read when the session opens."""

    name = "transcript"
    languages = LANGUAGES

    def __init__(self, transcript_of: Callable[[str], Path]) -> None:
        self._transcript_of = transcript_of

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        path = self._transcript_of(session.contact_id)
        lines = await asyncio.to_thread(read_transcript, path)
        yield _Stream(_events(lines, session.offset_ms))


def read_transcript(path: Path) -> list[_Line]:
    """Raises TranscriptUnreadable."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranscriptUnreadable(f"{path}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from error
    except OSError as error:
        raise TranscriptUnreadable(f"{path}: {error.strerror}; write the call's transcript there") from error
    return [_line(path, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _line(path: Path, number: int, line: str) -> _Line:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "line"
        raise TranscriptUnreadable(f"{path}:{number}: {field}: {first['msg']}") from error
    times = (read.start_ms, read.end_ms, *(at for word in read.words for at in (word.start_ms, word.end_ms)))
    if not all(map(math.isfinite, times)):
        raise TranscriptUnreadable(f"{path}:{number}: start_ms and end_ms must be finite numbers")
    return read


class _Stream:
    def __init__(self, timed: list[_Timed]) -> None:
        self._timed = timed
        self._next = 0
        self._received_ms = 0.0
        self._events: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(EVENTS_WAITING)

    async def send(self, chunk: StereoChunk) -> None:
        self._received_ms = chunk.end_ms
        await self._release(chunk.end_ms)

    async def finish(self) -> None:
        """A final whose audio was all received still comes; of speech cut in the middle, only the words received."""
        await self._release(self._received_ms + SETTLING_MS)
        for timed in self._timed[self._next :]:
            if timed.event.is_final and timed.event.start_ms < self._received_ms:
                await self._events.put(_cut(timed.event, self._received_ms))
        await self._events.put(_ENDED)

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        while (event := await self._events.get()) is not _ENDED:
            yield event

    async def _release(self, until_ms: float) -> None:
        while self._next < len(self._timed) and self._timed[self._next].at_ms <= until_ms:
            await self._events.put(self._timed[self._next].event)
            self._next += 1


def _events(lines: list[_Line], offset_ms: float) -> list[_Timed]:
    """Every event with the call time at which it comes; a session opened later gets only later words."""
    timed = [event for line in lines for event in _growing(_words(line, offset_ms), line.channel)]
    return sorted(timed, key=lambda t: (t.at_ms, t.event.start_ms, t.event.speaker))


def _words(line: _Line, offset_ms: float) -> tuple[Word, ...]:
    return tuple(Word(w.text, w.start_ms, w.end_ms) for w in line.words if (w.start_ms + w.end_ms) / 2 >= offset_ms)


def _growing(words: tuple[Word, ...], speaker: Speaker) -> list[_Timed]:
    """An interim as each word ends, then the final."""
    if not words:
        return []
    interims = [_Timed(words[n - 1].end_ms, _event(words[:n], speaker, is_final=False)) for n in range(1, len(words))]
    return [*interims, _Timed(words[-1].end_ms + SETTLING_MS, _event(words, speaker, is_final=True))]


def _event(words: tuple[Word, ...], speaker: Speaker, *, is_final: bool) -> TranscriptResult:
    return TranscriptResult(
        speaker=speaker,
        result_id=f"{speaker}-{words[0].start_ms:.0f}",
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=" ".join(word.text for word in words),
        words=words,
        is_final=is_final,
        stability=1.0 if is_final else 0.9,
        ends_speech=is_final,
    )


def _cut(final: TranscriptResult, received_ms: float) -> TranscriptResult:
    received = tuple(word for word in final.words if word.start_ms < received_ms)
    return _event(received, final.speaker, is_final=True)
