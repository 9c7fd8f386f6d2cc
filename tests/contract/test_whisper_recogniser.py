"""Contract tests: the embedded recogniser, with its real model and process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sotto.call.contact import Speaker
from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser
from sotto.recognition.recogniser import RecogniserUnavailable, Session
from tests.contract.ports.recogniser_contract import RecogniserContract, call_chunks, finals, recognised, send_all


@pytest.fixture(scope="module")
def embedded() -> Iterator[WhisperRecogniser]:
    recogniser = WhisperRecogniser()
    recogniser.prestart()
    yield recogniser
    recogniser.close()


class TestWhisperRecogniser(RecogniserContract):
    @pytest.fixture
    def recogniser(self, embedded: WhisperRecogniser) -> WhisperRecogniser:
        return embedded


async def test_a_process_that_dies_makes_the_recogniser_unavailable_and_the_next_session_works() -> None:
    recogniser = WhisperRecogniser()
    try:
        with pytest.raises(RecogniserUnavailable):
            async with recogniser.open(Session("harbour_bank", "contact-1")) as stream:
                recogniser._busy[0].child.kill()
                async for _ in stream:
                    pass
        assert finals(await recognised(recogniser, call_chunks(0, 3_000)), Speaker.AGENT)
    finally:
        recogniser.close()


async def test_sending_to_a_dead_process_fails_instead_of_waiting() -> None:
    recogniser = WhisperRecogniser()
    try:
        with pytest.raises(RecogniserUnavailable):
            async with recogniser.open(Session("harbour_bank", "contact-1")) as stream:
                for process in recogniser._busy:
                    process.child.kill()
                await send_all(stream, call_chunks(0, 20_000))
    finally:
        recogniser.close()


async def test_more_calls_than_processes_are_refused() -> None:
    recogniser = WhisperRecogniser(max_processes=1)
    try:
        async with recogniser.open(Session("harbour_bank", "contact-1")):
            with pytest.raises(RecogniserUnavailable, match="max_processes"):
                async with recogniser.open(Session("harbour_bank", "contact-2")):
                    pass
    finally:
        recogniser.close()


async def test_a_finished_session_leaves_its_process_warm(embedded: WhisperRecogniser) -> None:
    await recognised(embedded, call_chunks(0, 1_000))
    before = {process.child.pid for process in embedded._idle}
    await recognised(embedded, call_chunks(0, 1_000))
    assert {process.child.pid for process in embedded._idle} == before


def test_one_recogniser_serves_event_loops_of_several_threads(embedded: WhisperRecogniser) -> None:
    for _ in range(2):
        events = asyncio.run(recognised(embedded, call_chunks(0, 3_000)))
        assert finals(events, Speaker.AGENT)


async def test_a_process_ends_by_itself_when_its_parent_is_gone() -> None:
    recogniser = WhisperRecogniser()
    recogniser.prestart()
    [process] = recogniser._idle
    process.connection.close()
    assert await asyncio.to_thread(process.child.wait, 20) == 0
    recogniser.close()
