"""Contract tests: a recogniser behind replay, and what happens when its sockets drop."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser, Reopened
from sotto.recognition.recogniser import RecogniserStream, RecogniserUnavailable, Session
from sotto.recognition.replay_buffer import RetryPolicy
from tests.contract.ports.recogniser_contract import TRANSCRIPT, RecogniserContract, call_chunks, recognised, silence
from tests.fakes.dropping_recogniser import DroppingRecogniser
from tests.fakes.turned_clock import TurnedClock


def any_provider() -> TranscriptRecogniser:
    return TranscriptRecogniser(lambda contact_id: TRANSCRIPT)


class TestSteadyRecogniser(RecogniserContract):
    first_word_tolerance_ms = 0.0

    @pytest.fixture
    def recogniser(self) -> FailoverRecogniser:
        return FailoverRecogniser([any_provider()], clock=TurnedClock())


def said(events: list[TranscriptResult]) -> list[tuple[Speaker, str, float, float]]:
    return [
        (w_speaker, word.text, word.start_ms, word.end_ms)
        for w_speaker in CHANNELS
        for event in events
        if event.is_final and event.speaker == w_speaker
        for word in event.words
    ]


async def recognised_in_real_time(
    failover: FailoverRecogniser, provider: DroppingRecogniser, clock: TurnedClock
) -> list[TranscriptResult]:
    """Each chunk goes when its 100 ms have passed and what it brought about is done. The first waits for a session: the
    transcript is read in a thread."""

    async def speak(stream: RecogniserStream) -> None:
        await provider.listens.wait()
        for chunk in call_chunks(0, 20_000):
            clock.time_ms = max(clock.time_ms, chunk.end_ms)
            await stream.send(chunk)
            for _ in range(20):
                await asyncio.sleep(0)
        await stream.finish()

    session = Session("harbour_bank", "contact-1")
    async with failover.open(session) as stream, asyncio.TaskGroup() as tasks:
        tasks.create_task(speak(stream))
        return [event async for event in stream]


@settings(max_examples=25, deadline=None)
@given(drops=st.lists(st.integers(0, 150), max_size=5))
@pytest.mark.parametrize("in_a_burst", [True, False])
def test_no_word_is_lost_or_doubled_wherever_the_socket_drops(in_a_burst: bool, drops: list[int]) -> None:
    clock = TurnedClock()
    provider = DroppingRecogniser(any_provider(), drops)
    failover = FailoverRecogniser([provider], clock=clock)
    chunks = call_chunks(0, 20_000)
    through_drops = recognised(failover, chunks) if in_a_burst else recognised_in_real_time(failover, provider, clock)
    assert said(asyncio.run(through_drops)) == said(asyncio.run(recognised(any_provider(), chunks)))


async def test_a_drop_replays_only_what_is_not_settled() -> None:
    # The agent's first turn is settled before 8 s; the customer is in mid-sentence when the socket drops.
    provider = DroppingRecogniser(any_provider(), [100])
    reopened: list[Reopened] = []
    clock = TurnedClock()
    failover = FailoverRecogniser([provider], clock=clock, on_reopen=reopened.append)
    await recognised_in_real_time(failover, provider, clock)
    assert provider.offsets_ms[0] == 0 and 3_000 < provider.offsets_ms[1] < 10_000
    assert [event.provider for event in reopened] == ["dropping transcript"]


async def test_a_provider_that_refuses_gives_way_to_the_next() -> None:
    clock = TurnedClock()
    first = DroppingRecogniser(any_provider(), [0, 0])
    failover = FailoverRecogniser([first, any_provider()], clock=clock)
    assert said(await recognised(failover, call_chunks(0, 20_000))) == said(
        await recognised(any_provider(), call_chunks(0, 20_000))
    )
    assert len(first.offsets_ms) == 2 and clock.waits_ms == [100, 200]


async def test_waits_double_up_to_a_bound_and_then_it_gives_up() -> None:
    clock = TurnedClock()
    provider = DroppingRecogniser(any_provider(), [0] * 20)
    failover = FailoverRecogniser([provider], clock=clock, retry=RetryPolicy(longest_wait_ms=500, most_failures=5))
    with pytest.raises(RecogniserUnavailable, match="refused"):
        async with failover.open(Session("harbour_bank", "contact-1")) as stream:
            async for _ in stream:
                pass
    assert clock.waits_ms == [100, 200, 400, 500]
    with pytest.raises(RecogniserUnavailable, match="refused"):
        async with failover.open(Session("harbour_bank", "contact-1")) as stream:
            for chunk in silence(1_000):
                await stream.send(chunk)


async def test_what_is_kept_is_bounded_when_nothing_is_ever_settled() -> None:
    provider = DroppingRecogniser(any_provider(), [150])
    failover = FailoverRecogniser([provider], clock=TurnedClock(), retry=RetryPolicy(kept_ms=4_000))
    await recognised(failover, call_chunks(0, 20_000))
    assert provider.offsets_ms[1] >= 9_000
