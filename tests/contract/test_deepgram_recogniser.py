"""Contract tests: Deepgram's adapter against a server that speaks its documented protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from local.deepgram.server import LocalDeepgram
from local.known_speech import KnownCall
from sotto.aws.secrets import GivenKey
from sotto.call.contact import CHANNELS, Speaker
from sotto.core.clock import SystemClock
from sotto.recognition.adapters.deepgram import (
    CHARACTERS_A_TOKEN,
    MOST_KEYTERM_TOKENS,
    MOST_KEYTERMS,
    DeepgramRecogniser,
    keyterms,
)
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import RecogniserRefused, RecogniserUnavailable, Session
from tests.contract.ports.recogniser_contract import (
    CALL,
    TRANSCRIPT,
    RecogniserContract,
    call_chunks,
    finals,
    recognised,
)
from tests.fakes.clock import ClockByHand
from tests.fakes.rotated_key import RotatedKey
from tests.fakes.server_thread import in_own_loop

SESSION = Session("harbour_bank", "contact-1")


@pytest.fixture(scope="module")
def known() -> KnownCall:
    return KnownCall.read(CALL / "call.wav", TRANSCRIPT)


@pytest.fixture
async def deepgram(known: KnownCall) -> AsyncIterator[LocalDeepgram]:
    async with LocalDeepgram([known], keys={"key"}) as server:
        yield server


def adapter(server: LocalDeepgram) -> DeepgramRecogniser:
    return DeepgramRecogniser(GivenKey("key"), clock=SystemClock(), url=server.url)


class TestDeepgramRecogniser(RecogniserContract):
    first_word_tolerance_ms = 1.0

    @pytest.fixture
    def recogniser(self, known: KnownCall) -> Iterator[DeepgramRecogniser]:
        server = LocalDeepgram([known], keys={"key"})
        with in_own_loop(server):
            yield adapter(server)


async def test_it_asks_for_two_channels_of_telephone_audio_and_for_nothing_to_be_kept(deepgram: LocalDeepgram) -> None:
    await recognised(adapter(deepgram), call_chunks(0, 500))
    asked = deepgram.sessions[0].parameters
    assert (asked["channels"], asked["multichannel"], asked["encoding"], asked["sample_rate"]) == (
        "2", "true", "linear16", "8000",
    )  # fmt: skip
    assert asked["mip_opt_out"] == "true" and asked["language"] == "en-US"


async def test_the_tenants_words_go_along_as_keyterms_as_many_as_deepgram_takes(deepgram: LocalDeepgram) -> None:
    words = tuple(f"product number {'x' * (n % 7)}{n}" for n in range(200))
    session = Session("harbour_bank", "contact-1", names=("Emma",), words=words)
    found = [word for _, word in keyterms(session)]
    assert found[:2] == ["Emma", words[0]] and len(found) <= MOST_KEYTERMS
    assert sum(len(word) for word in found) <= MOST_KEYTERM_TOKENS * CHARACTERS_A_TOKEN
    await recognised(adapter(deepgram), call_chunks(0, 500), session)
    assert deepgram.sessions[0].parameters["keyterm"] == "Emma"


async def test_a_turn_that_is_settled_in_parts_ends_with_its_last_part(deepgram: LocalDeepgram) -> None:
    agent = finals(await recognised(adapter(deepgram), call_chunks(0, 7_000)), Speaker.AGENT)
    assert len(agent) == 2 and [final.ends_speech for final in agent] == [False, True]


async def test_the_end_of_the_audio_is_sent_as_finalize_and_close_stream(deepgram: LocalDeepgram) -> None:
    await recognised(adapter(deepgram), call_chunks(0, 500))
    assert deepgram.sessions[0].controls == ["Finalize", "CloseStream"]


async def turns(count: int = 60) -> None:
    """Let what is ready run, the sockets of this machine included."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_quiet_session_is_kept_alive_and_a_dead_one_is_closed_by_the_server(known: KnownCall) -> None:
    client_clock, server_clock = ClockByHand(0), ClockByHand(0)
    async with LocalDeepgram([known], keys={"key"}, clock=server_clock) as server:
        recogniser = DeepgramRecogniser(GivenKey("key"), clock=client_clock, url=server.url)
        async with recogniser.open(SESSION) as stream:
            for _ in range(8):
                await turns()
                client_clock.advance(4_000)
                await turns()
                server_clock.advance(4_000)
            assert server.sessions[0].controls.count("KeepAlive") >= 7
            for _ in range(30):
                await turns(20)
                server_clock.advance(500)
            with pytest.raises(RecogniserUnavailable, match=r"1011 \(NET-0001\)"):
                async for _ in stream:
                    pass


async def test_audio_needs_no_keep_alive(known: KnownCall) -> None:
    clock = ClockByHand(0)
    async with LocalDeepgram([known], keys={"key"}) as server:
        async with DeepgramRecogniser(GivenKey("key"), clock=clock, url=server.url).open(SESSION) as stream:
            for chunk in call_chunks(0, 6_000):
                await stream.send(chunk)
                clock.advance(100)
                await turns(10)
        assert server.sessions[0].controls == []


async def test_a_provider_that_never_gives_its_last_results_is_given_up(known: KnownCall) -> None:
    clock = ClockByHand(0)
    async with LocalDeepgram([known], keys={"key"}) as server:
        server.mute = True
        async with DeepgramRecogniser(GivenKey("key"), clock=clock, url=server.url).open(SESSION) as stream:
            await stream.send(call_chunks(0, 100)[0])
            await stream.finish()
            for _ in range(4):
                await turns()
                clock.advance(4_000)
            with pytest.raises(RecogniserUnavailable, match="last results"):
                async for _ in stream:
                    pass


async def test_a_replaced_key_is_fetched_again_without_a_restart(deepgram: LocalDeepgram) -> None:
    keys = RotatedKey("key", "next")
    recogniser = DeepgramRecogniser(keys, clock=SystemClock(), url=deepgram.url)
    assert await recognised(recogniser, call_chunks(0, 3_000))
    deepgram.keys = {"next"}
    assert finals(await recognised(recogniser, call_chunks(0, 3_000)), Speaker.AGENT)
    assert keys.refusals == ["key"]


async def test_a_key_that_is_refused_twice_makes_the_provider_unavailable(deepgram: LocalDeepgram) -> None:
    recogniser = DeepgramRecogniser(RotatedKey("old", "older"), clock=SystemClock(), url=deepgram.url)
    with pytest.raises(RecogniserUnavailable, match="renew it"):
        async with recogniser.open(SESSION):
            pass


@pytest.mark.parametrize(
    ("status", "error"), [(400, RecogniserRefused), (429, RecogniserUnavailable), (503, RecogniserUnavailable)]
)
async def test_a_refused_handshake_says_whether_to_come_again(
    deepgram: LocalDeepgram, status: int, error: type[Exception]
) -> None:
    deepgram.refusal = (status, "no")
    with pytest.raises(error):
        async with adapter(deepgram).open(SESSION):
            pass


async def test_nobody_listening_makes_the_provider_unavailable() -> None:
    recogniser = DeepgramRecogniser(GivenKey("key"), clock=SystemClock(), url="ws://127.0.0.1:9/v1/listen")
    with pytest.raises(RecogniserUnavailable, match="cannot be reached"):
        async with recogniser.open(SESSION):
            pass


async def test_no_word_is_lost_or_doubled_when_the_socket_breaks(known: KnownCall) -> None:
    chunks = call_chunks(0, 20_000)
    async with LocalDeepgram([known], keys={"key"}) as whole:
        uncut = await recognised(adapter(whole), chunks)
    async with LocalDeepgram([known], keys={"key"}, drop_after=[40, 30, 25]) as breaking:
        cut = await recognised(FailoverRecogniser([adapter(breaking)], clock=SystemClock()), chunks)
        assert len(breaking.sessions) == 4
    for speaker in CHANNELS:
        assert [w.text for f in finals(cut, speaker) for w in f.words] == [
            w.text for f in finals(uncut, speaker) for w in f.words
        ]
