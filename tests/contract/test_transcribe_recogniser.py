"""Contract tests: Amazon Transcribe's adapter against a server that speaks its documented protocol over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from local.aws.event_streams.signatures import Principal
from local.aws.transcribe.server import LocalTranscribe
from local.known_speech import KnownCall
from sotto.call.contact import CHANNELS
from sotto.core.clock import Clock, SystemClock
from sotto.media.stereo import StereoChunk
from sotto.recognition.adapters.transcribe import TranscribeRecogniser
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import (
    RecogniserRefused,
    RecogniserStream,
    RecogniserUnavailable,
    Session,
    SessionOver,
)
from tests.contract.ports.recogniser_contract import (
    CALL,
    TRANSCRIPT,
    RecogniserContract,
    call_chunks,
    finals,
    recognised,
    send_all,
)
from tests.fakes.clock import ClockByHand
from tests.fakes.server_thread import in_own_loop

PRINCIPAL = Principal("AKIATEST", "secret", "eu-west-1")
SESSION = Session("harbour_bank", "contact-1")


@pytest.fixture(scope="module")
def known() -> KnownCall:
    return KnownCall.read(CALL / "call.wav", TRANSCRIPT)


@pytest.fixture
async def transcribe(known: KnownCall) -> AsyncIterator[LocalTranscribe]:
    async with LocalTranscribe([known], PRINCIPAL) as server:
        yield server


def our_credentials(secret: str = "secret") -> ReadOnlyCredentials:
    return Credentials("AKIATEST", secret, "token").get_frozen_credentials()


def adapter(
    server: LocalTranscribe, *, secret: str = "secret", clock: Clock | None = None, longest_session_ms: float = 1e9
) -> TranscribeRecogniser:
    return TranscribeRecogniser(
        lambda: our_credentials(secret),
        region="eu-west-1",
        clock=clock or SystemClock(),
        endpoint=server.address,
        tls=server.client_tls,
        longest_session_ms=longest_session_ms,
    )


class TestTranscribeRecogniser(RecogniserContract):
    first_word_tolerance_ms = 1.0

    @pytest.fixture
    def recogniser(self, known: KnownCall) -> Iterator[TranscribeRecogniser]:
        server = LocalTranscribe([known], PRINCIPAL)
        with in_own_loop(server):
            yield adapter(server)


async def test_it_asks_for_two_channels_and_for_stable_interims(transcribe: LocalTranscribe) -> None:
    await recognised(adapter(transcribe), call_chunks(0, 500))
    asked = {name.removeprefix("x-amzn-transcribe-"): value for name, value in transcribe.sessions[0].headers.items()}
    assert asked["number-of-channels"] == "2" and asked["enable-channel-identification"] == "true"
    assert asked["enable-partial-results-stabilization"] == "true" and asked["partial-results-stability"] == "high"
    assert asked["x-amz-content-sha256"] == "STREAMING-AWS4-HMAC-SHA256-EVENTS"


async def test_every_sample_arrives_and_the_end_is_signed(transcribe: LocalTranscribe) -> None:
    chunks = call_chunks(0, 12_000)
    await recognised(adapter(transcribe), chunks)
    seen = transcribe.sessions[0]
    assert seen.audio_bytes == sum(len(chunk.pcm) for chunk in chunks) and seen.ended


async def test_an_interim_is_as_stable_as_the_share_of_its_stable_words(transcribe: LocalTranscribe) -> None:
    interims = [e for e in await recognised(adapter(transcribe), call_chunks(0, 7_000)) if not e.is_final]
    longest = max(interims, key=lambda event: len(event.words))
    assert interims[0].stability == 0
    assert longest.stability == pytest.approx(1 - 3 / len(longest.words), abs=0.001)


async def turns(count: int = 60) -> None:
    """Let what is ready run, the sockets of this machine included."""
    for _ in range(count):
        await asyncio.sleep(0)


async def in_its_time(stream: RecogniserStream, chunks: list[StereoChunk]) -> None:
    """Each chunk goes when what the one before brought about is done."""
    for chunk in chunks:
        await stream.send(chunk)
        await turns()
    await stream.finish()


async def test_while_no_audio_comes_silence_keeps_the_session_and_call_time_stands_still(known: KnownCall) -> None:
    clock = ClockByHand(1_790_000_000_000)
    async with LocalTranscribe([known], PRINCIPAL, clock=clock) as server:
        async with adapter(server, clock=clock).open(SESSION) as stream, asyncio.TaskGroup() as tasks:
            chunks = call_chunks(0, 12_000)
            for chunk in chunks[:3]:
                await stream.send(chunk)
            for _ in range(120):
                clock.advance(500)
                await turns()
            quiet_bytes = server.sessions[0].audio_bytes - 3 * 3_200
            assert quiet_bytes // 3_200 in (11, 12)

            async def rest() -> None:
                for chunk in chunks[3:]:
                    await stream.send(chunk)
                await stream.finish()

            tasks.create_task(rest())
            late = [event async for event in stream]
        async with adapter(server, clock=clock).open(SESSION) as stream, asyncio.TaskGroup() as tasks:
            chunks = call_chunks(0, 12_000)
            tasks.create_task(send_all(stream, chunks))
            undisturbed = [event async for event in stream]
    for speaker in CHANNELS:
        for slow, quick in zip(finals(late, speaker), finals(undisturbed, speaker), strict=True):
            assert slow.text == quick.text and slow.start_ms == pytest.approx(quick.start_ms, abs=1)


async def test_a_session_near_its_longest_gives_way_to_the_next_without_losing_a_word(known: KnownCall) -> None:
    chunks = call_chunks(0, 20_000)
    async with LocalTranscribe([known], PRINCIPAL) as server:
        uncut = await recognised(adapter(server), chunks)
        failover = FailoverRecogniser([adapter(server, longest_session_ms=9_000)], clock=SystemClock())
        async with failover.open(SESSION) as stream, asyncio.TaskGroup() as tasks:
            tasks.create_task(in_its_time(stream, chunks))
            cut = [event async for event in stream]
        assert len(server.sessions) > 3
    for speaker in CHANNELS:
        assert [w.text for f in finals(cut, speaker) for w in f.words] == [
            w.text for f in finals(uncut, speaker) for w in f.words
        ]


async def test_no_word_is_lost_or_doubled_when_the_connection_breaks(known: KnownCall) -> None:
    chunks = call_chunks(0, 20_000)
    async with LocalTranscribe([known], PRINCIPAL) as whole:
        uncut = await recognised(adapter(whole), chunks)
    async with LocalTranscribe([known], PRINCIPAL, drop_after=[40, 30, 25]) as breaking:
        cut = await recognised(FailoverRecogniser([adapter(breaking)], clock=SystemClock()), chunks)
        assert len(breaking.sessions) == 4
    for speaker in CHANNELS:
        assert [w.text for f in finals(cut, speaker) for w in f.words] == [
            w.text for f in finals(uncut, speaker) for w in f.words
        ]


@pytest.mark.parametrize(
    ("kind", "message", "error"),
    [
        ("BadRequestException", "1 validation error detected", RecogniserRefused),
        ("BadRequestException", "Signature expired: it is now earlier than", RecogniserUnavailable),
        ("LimitExceededException", "too many streams", RecogniserUnavailable),
        ("ServiceUnavailableException", "later", RecogniserUnavailable),
        ("InternalFailureException", "", RecogniserUnavailable),
        ("ConflictException", "", RecogniserUnavailable),
        ("AccessDeniedException", "", RecogniserUnavailable),
    ],
)
async def test_each_exception_says_whether_to_come_again_at_the_start_and_in_mid_stream(
    transcribe: LocalTranscribe, kind: str, message: str, error: type[Exception]
) -> None:
    transcribe.refusal = (kind, message)
    with pytest.raises(error, match=kind):
        async with adapter(transcribe).open(SESSION):
            pass
    transcribe.refusal, transcribe.mid_stream = None, (kind, message)
    with pytest.raises(error, match=kind):
        async with adapter(transcribe).open(SESSION) as stream:
            await stream.send(call_chunks(0, 100)[0])
            async for _ in stream:
                pass


async def test_an_idle_session_ends_as_unavailable_not_as_refused(known: KnownCall) -> None:
    server_clock, client_clock = ClockByHand(1_790_000_000_000), ClockByHand(1_790_000_000_000)
    async with (
        LocalTranscribe([known], PRINCIPAL, clock=server_clock) as server,
        adapter(server, clock=client_clock).open(SESSION) as stream,
    ):
        for _ in range(32):
            await turns()
            server_clock.advance(500)
        with pytest.raises(RecogniserUnavailable, match="BadRequestException"):
            async for _ in stream:
                pass


async def test_a_wrong_secret_is_seen_at_the_start(transcribe: LocalTranscribe) -> None:
    with pytest.raises(RecogniserUnavailable, match="InvalidSignatureException"):
        async with adapter(transcribe, secret="other").open(SESSION):
            pass


async def test_no_credentials_make_the_provider_unavailable(transcribe: LocalTranscribe) -> None:
    def none() -> ReadOnlyCredentials:
        raise NoCredentialsError

    recogniser = TranscribeRecogniser(none, region="eu-west-1", clock=SystemClock(), endpoint=transcribe.address)
    with pytest.raises(RecogniserUnavailable, match="NoCredentialsError"):
        async with recogniser.open(SESSION):
            pass


async def test_a_server_that_is_not_trusted_receives_nothing(transcribe: LocalTranscribe) -> None:
    recogniser = TranscribeRecogniser(
        our_credentials, region="eu-west-1", clock=SystemClock(), endpoint=transcribe.address
    )
    with pytest.raises(RecogniserUnavailable, match="SSLCertVerificationError"):
        async with recogniser.open(SESSION):
            pass
    assert transcribe.sessions == []


async def test_nobody_listening_makes_the_provider_unavailable() -> None:
    recogniser = TranscribeRecogniser(
        our_credentials, region="eu-west-1", clock=SystemClock(), endpoint="https://127.0.0.1:9"
    )
    with pytest.raises(RecogniserUnavailable, match="no connection"):
        async with recogniser.open(SESSION):
            pass


async def test_a_session_over_is_raised_before_the_audio_is_sent(transcribe: LocalTranscribe) -> None:
    with pytest.raises(SessionOver):
        async with adapter(transcribe, longest_session_ms=200).open(SESSION) as stream:
            for chunk in call_chunks(0, 400):
                await stream.send(chunk)
