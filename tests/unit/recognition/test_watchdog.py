"""Unit: an alarm when somebody speaks and no text arrives."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from sotto.call.contact import Speaker
from sotto.call.language import EVERY_LANGUAGE
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import SystemClock
from sotto.media.stereo import CHUNK_SAMPLES, StereoChunk
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session
from sotto.recognition.watchdog import Stalled, WatchedRecogniser, is_loud
from tests.contract.ports.recogniser_contract import TRANSCRIPT, RecogniserContract, call_chunks, silence
from tests.fakes.clock import ClockByHand

SESSION = Session("harbour_bank", "contact-1")


def any_recogniser() -> TranscriptRecogniser:
    return TranscriptRecogniser(lambda contact_id: TRANSCRIPT)


def steady(recogniser: Recogniser) -> FailoverRecogniser:
    return FailoverRecogniser([recogniser], clock=SystemClock())


class TestWatchedRecogniser(RecogniserContract):
    first_word_tolerance_ms = 0.0

    @pytest.fixture
    def recogniser(self) -> WatchedRecogniser:
        return WatchedRecogniser(steady(any_recogniser()), lambda stalled: None, ClockByHand(0))


class Announced:
    """A recogniser that says when its first session is open: one that reads a file does so in a thread, and call time
    must not pass meanwhile."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.name = recogniser.name
        self.languages = recogniser.languages
        self.is_open = asyncio.Event()

    @asynccontextmanager
    async def open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        async with self._recogniser.open(session) as stream:
            self.is_open.set()
            yield stream


class DeafRecogniser:
    """Takes audio and says nothing; after ``takes`` chunks it takes no more."""

    name = "deaf"
    languages = EVERY_LANGUAGE

    def __init__(self, takes: int = 10_000) -> None:
        self._left = takes

    @asynccontextmanager
    async def open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        yield self

    async def send(self, chunk: StereoChunk) -> None:
        self._left -= 1
        if self._left < 0:
            await asyncio.Event().wait()

    async def finish(self) -> None:
        return

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        await asyncio.Event().wait()
        for nothing in list[TranscriptResult]():
            yield nothing


async def stalls_of(chunks: Sequence[StereoChunk], recogniser: Recogniser) -> list[Stalled]:
    """What is alarmed while these chunks come in real time and the answers are read."""
    clock, stalls = ClockByHand(0), list[Stalled]()
    announced = Announced(recogniser)
    watched = WatchedRecogniser(steady(announced), stalls.append, clock)

    async def read(stream: RecogniserStream) -> None:
        async for _ in stream:
            pass

    async with watched.open(SESSION) as stream:
        await announced.is_open.wait()
        reading, speaking = asyncio.create_task(read(stream)), asyncio.create_task(_paced(stream, chunks, clock))
        for _ in range(len(chunks)):
            for _ in range(5):
                await asyncio.sleep(0)
            clock.advance(100)
        reading.cancel()
        speaking.cancel()
        await asyncio.gather(reading, speaking, return_exceptions=True)
    return stalls


async def _paced(stream: RecogniserStream, chunks: Sequence[StereoChunk], clock: ClockByHand) -> None:
    for chunk in chunks:
        await stream.send(chunk)
        await clock.sleep_ms(100)


async def test_a_recogniser_that_answers_raises_no_alarm() -> None:
    assert await stalls_of(call_chunks(0, 60_000), any_recogniser()) == []


async def test_speech_without_text_is_alarmed_once_for_each_speaker() -> None:
    stalls = await stalls_of(call_chunks(0, 90_000), DeafRecogniser())
    assert sorted(stalled.speaker for stalled in stalls) == [Speaker.AGENT, Speaker.CUSTOMER]
    assert all(stalled.provider == "deaf" and stalled.contact_id == "contact-1" for stalled in stalls)


async def test_silence_without_text_is_no_alarm() -> None:
    assert await stalls_of(silence(600), DeafRecogniser()) == []


async def test_a_provider_that_takes_no_more_audio_is_alarmed_too() -> None:
    stalls = await stalls_of(call_chunks(900, 60_000), DeafRecogniser(takes=140))
    assert stalls and stalls[0].call_ms < 16_000


def test_line_noise_and_a_constant_offset_are_not_loud() -> None:
    assert not is_loud(array("h", [30, -28, 31, -33] * (CHUNK_SAMPLES // 4)))
    assert not is_loud(array("h", [4_000] * CHUNK_SAMPLES))
    assert is_loud(array("h", [1_000, -1_000] * (CHUNK_SAMPLES // 2)))
    assert not is_loud(array("h"))
