"""What every recogniser adapter must do, as a class of tests to inherit.

A subclass gives ``recogniser`` (a fixture) and may widen ``first_word_tolerance_ms``. The audio is a sample call, so an
adapter that needs a service brings an emulation that answers for it.
"""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path
from typing import ClassVar

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_cancel"
TRANSCRIPT = CALL / "call.transcript.jsonl"


def call_chunks(from_ms: float = 0, to_ms: float = 12_000) -> list[StereoChunk]:
    """A stretch of the sample call; the first 12 s hold a turn of each speaker."""
    with wave.open(str(CALL / "call.wav")) as wav:
        start = round(from_ms * SAMPLE_RATE_HZ / 1000)
        end = min(wav.getnframes(), round(to_ms * SAMPLE_RATE_HZ / 1000))
        wav.setpos(start)
        pcm = wav.readframes(end - start)
    return [
        StereoChunk(start + at, pcm[4 * at : 4 * (at + CHUNK_SAMPLES)]) for at in range(0, end - start, CHUNK_SAMPLES)
    ]


def silence(chunks: int, start_sample: int = 0) -> list[StereoChunk]:
    return [StereoChunk(start_sample + n * CHUNK_SAMPLES, bytes(4 * CHUNK_SAMPLES)) for n in range(chunks)]


async def send_all(stream: RecogniserStream, chunks: list[StereoChunk]) -> None:
    for chunk in chunks:
        await stream.send(chunk)
    await stream.finish()


async def recognised(
    recogniser: Recogniser, chunks: list[StereoChunk], session: Session | None = None
) -> list[TranscriptResult]:
    """Everything that the recogniser says about these chunks."""
    session = session or Session("harbour_bank", "contact-1", offset_ms=chunks[0].start_ms)
    async with recogniser.open(session) as stream, asyncio.TaskGroup() as tasks:
        tasks.create_task(send_all(stream, chunks))
        return [event async for event in stream]


def finals(events: list[TranscriptResult], speaker: Speaker) -> list[TranscriptResult]:
    return [event for event in events if event.is_final and event.speaker == speaker]


class RecogniserContract:
    first_word_tolerance_ms = 400.0
    _turns: ClassVar[list[TranscriptResult] | None] = None

    async def turns(self, recogniser: Recogniser) -> list[TranscriptResult]:
        """What it makes of a turn of each speaker: recognised once, for all tests of a class that look at it."""
        kept = type(self).__dict__.get("_turns")
        if kept is None:
            kept = type(self)._turns = await recognised(recogniser, call_chunks())
        return list(kept)

    async def test_both_channels_are_recognised_as_their_own_speaker(self, recogniser: Recogniser) -> None:
        events = await self.turns(recogniser)
        customer = " ".join(f.text for f in finals(events, Speaker.CUSTOMER)).lower()
        agent = " ".join(f.text for f in finals(events, Speaker.AGENT)).lower()
        assert "close my account" in customer and "close my account" not in agent
        assert "help you today" in agent and "help you today" not in customer

    async def test_interims_come_before_their_final(self, recogniser: Recogniser) -> None:
        events = await self.turns(recogniser)
        finalised: set[str] = set()
        for event in events:
            assert event.result_id not in finalised, "nothing follows a final under its result id"
            if event.is_final:
                finalised.add(event.result_id)
        assert {event.result_id for event in events} == finalised, "every interim becomes a final in the end"
        # How many there are is the machine's pace: one that falls behind takes longer steps.
        assert any(not event.is_final for event in events)

    async def test_finals_of_a_speaker_come_in_order_and_never_overlap(self, recogniser: Recogniser) -> None:
        events = await self.turns(recogniser)
        for speaker in CHANNELS:
            mine = finals(events, speaker)
            assert all(a.end_ms <= b.start_ms for a, b in zip(mine, mine[1:], strict=False))

    async def test_words_lie_inside_their_final_and_carry_its_text(self, recogniser: Recogniser) -> None:
        for event in await self.turns(recogniser):
            if event.is_final and event.text:
                assert event.text.split() == [part for word in event.words for part in word.text.split()]
                assert event.start_ms <= event.words[0].start_ms and event.words[-1].end_ms <= event.end_ms
                assert all(0 <= word.confidence <= 1 and word.start_ms <= word.end_ms for word in event.words)

    async def test_times_are_call_times_also_when_the_session_opens_late(self, recogniser: Recogniser) -> None:
        from_start = finals(await self.turns(recogniser), Speaker.CUSTOMER)[0]
        # From the silence before the customer's first words.
        late = finals(await recognised(recogniser, call_chunks(from_start.start_ms - 500, 14_000)), Speaker.CUSTOMER)[0]
        assert abs(late.start_ms - from_start.start_ms) <= self.first_word_tolerance_ms

    async def test_speech_that_runs_to_the_end_of_the_audio_is_final_after_finish(self, recogniser: Recogniser) -> None:
        events = await recognised(recogniser, call_chunks(0, 3_000))
        assert finals(events, Speaker.AGENT)[-1].text

    async def test_silence_gives_no_words(self, recogniser: Recogniser) -> None:
        events = await recognised(recogniser, silence(30), Session("harbour_bank", "contact-1", offset_ms=1e9))
        assert not [event for event in events if event.text]

    async def test_a_call_without_audio_ends_at_once(self, recogniser: Recogniser) -> None:
        async with recogniser.open(Session("harbour_bank", "contact-1")) as stream:
            await stream.finish()
            assert [event async for event in stream] == []

    async def test_a_session_left_in_the_middle_leaves_no_task_behind(self, recogniser: Recogniser) -> None:
        before = asyncio.all_tasks()
        async with recogniser.open(Session("harbour_bank", "contact-1")) as stream:
            for chunk in call_chunks(0, 1_000):
                await stream.send(chunk)
        assert asyncio.all_tasks() == before

    async def test_a_cancelled_session_leaves_the_recogniser_usable(self, recogniser: Recogniser) -> None:
        opened = asyncio.Event()

        async def abandoned() -> None:
            async with recogniser.open(Session("harbour_bank", "contact-1")) as stream:
                await stream.send(call_chunks(0, 100)[0])
                opened.set()
                async for _ in stream:
                    pass

        task = asyncio.create_task(abandoned())
        await opened.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert finals(await recognised(recogniser, call_chunks(0, 3_000)), Speaker.AGENT)
