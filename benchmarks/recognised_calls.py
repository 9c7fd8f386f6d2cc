"""Plays audio to a recogniser, and notes what came back and when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session

CALLS = Path(__file__).parent.parent / "events" / "calls"
SAME_TURN_MS = 400


@dataclass(slots=True)
class PlayedCall:
    """``results``: each with the call time, in ms, up to which audio had been sent when it came."""

    seconds: float
    results: list[tuple[TranscriptResult, float]] = field(default_factory=list)

    def text_of(self, speaker: Speaker) -> str:
        finals = sorted((r for r, _ in self.results if r.is_final and r.speaker == speaker), key=lambda r: r.start_ms)
        return " ".join(final.text for final in finals)

    def confidence_of(self, speaker: Speaker) -> float:
        """The mean of its finals' words."""
        words = [word.confidence for r, _ in self.results if r.is_final and r.speaker == speaker for word in r.words]
        return sum(words) / len(words) if words else 0.0

    def first_text_after_ms(self, turn: dict[str, Any]) -> float | None:
        """From the first sound of a turn until something of it is shown. None when nothing is."""
        mine = (at for result, at in self.results if result.text and _within(result, turn))
        return next((at - turn["start_ms"] for at in mine), None)

    def final_after_ms(self, turn: dict[str, Any]) -> float | None:
        """From the last sound of a turn until its last final."""
        mine = [at for result, at in self.results if result.is_final and result.words and _within(result, turn)]
        return mine[-1] - turn["end_ms"] if mine else None


def _within(result: TranscriptResult, turn: dict[str, Any]) -> bool:
    if result.speaker != turn["speaker"]:
        return False
    return bool(turn["start_ms"] - SAME_TURN_MS <= result.start_ms <= turn["end_ms"])


def stereo(sides: Sequence[Any]) -> bytes:
    """Customer and agent, each -1..1 at 8 kHz, as s16le interleaved; the shorter one is continued by silence."""
    both = np.zeros((max(map(len, sides)), 2), np.float64)
    for position, side in enumerate(sides):
        both[: len(side), position] = side
    return np.clip(np.round(both * 32_768), -32_768, 32_767).astype("<i2").tobytes()


async def play(
    recogniser: Recogniser, audio: bytes, name: str, *, speed: float = 0.0, words: tuple[str, ...] = ()
) -> PlayedCall:
    """``speed`` 0: as fast as it is recognised; 1: in real time."""
    played = PlayedCall(len(audio) / 4 / SAMPLE_RATE_HZ)
    sent = {"ms": 0.0}
    begun = time.monotonic()

    async def send(stream: RecogniserStream) -> None:
        async for chunk in _chunks(audio, speed):
            await stream.send(chunk)
            sent["ms"] = chunk.end_ms
        await stream.finish()

    async with recogniser.open(Session("benchmark", name, words=words)) as stream, asyncio.TaskGroup() as tasks:
        tasks.create_task(send(stream))
        async for result in stream:
            played.results.append((result, (time.monotonic() - begun) * 1000 * speed if speed else sent["ms"]))
    return played


async def _chunks(audio: bytes, speed: float) -> AsyncIterator[StereoChunk]:
    """In 100 ms, each when it has been spoken."""
    begun = time.monotonic()
    for at in range(0, len(audio), 4 * CHUNK_SAMPLES):
        chunk = StereoChunk(at // 4, audio[at : at + 4 * CHUNK_SAMPLES])
        if speed:
            await asyncio.sleep(max(0.0, begun + chunk.end_ms / 1000 / speed - time.monotonic()))
        yield chunk
