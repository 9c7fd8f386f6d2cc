"""Contract tests: the self-hosted recogniser against its real container, over a WebSocket and over an emulation of
SageMaker's bidirectional streams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.credentials import Credentials

from local.aws.event_streams.signatures import Principal
from local.aws.sagemaker_streams import LocalSageMakerStreams
from sotto.call.contact import CHANNELS, Speaker
from sotto.call.language import LanguageSet
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import SystemClock
from sotto.recognition.adapters.self_hosted.link import Links
from sotto.recognition.adapters.self_hosted.recogniser import SelfHostedRecogniser
from sotto.recognition.adapters.self_hosted.sagemaker import SageMakerLinks
from sotto.recognition.adapters.self_hosted.websocket import WebSocketLinks
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser, Reopened
from sotto.recognition.recogniser import RecogniserRefused, RecogniserUnavailable, Session, SessionOver
from tests.contract.ports.recogniser_contract import (
    TRANSCRIPT,
    RecogniserContract,
    call_chunks,
    finals,
    recognised,
)
from tests.contract.recogniser.conftest import RunningRecogniser, recogniser_process
from tests.fakes.server_thread import in_own_loop

PRINCIPAL = Principal("AKIATEST", "secret", "eu-west-1", "sagemaker")
SESSION = Session("harbour_bank", "contact-1")
ENGLISH = LanguageSet(("en",))


def adapter(links: Links) -> SelfHostedRecogniser:
    return SelfHostedRecogniser(links, clock=SystemClock(), languages=ENGLISH)


def by_websocket(container: RunningRecogniser) -> SelfHostedRecogniser:
    return adapter(WebSocketLinks(f"ws://{container.host}"))


def by_sagemaker(
    sagemaker: LocalSageMakerStreams, endpoint: str = "speech", *, secret: str = "secret"
) -> SelfHostedRecogniser:
    links = SageMakerLinks(
        endpoint,
        lambda: Credentials("AKIATEST", secret).get_frozen_credentials(),
        region="eu-west-1",
        clock=SystemClock(),
        address=sagemaker.address,
        tls=sagemaker.client_tls,
    )
    return adapter(links)


@pytest.fixture(scope="module")
def sagemaker(container: RunningRecogniser) -> Iterator[LocalSageMakerStreams]:
    server = LocalSageMakerStreams({"speech": container.host, "nobody": "127.0.0.1:9"}, PRINCIPAL)
    with in_own_loop(server):
        yield server


class TestSelfHostedRecogniserByWebSocket(RecogniserContract):
    @pytest.fixture
    def recogniser(self, container: RunningRecogniser) -> SelfHostedRecogniser:
        return by_websocket(container)


class TestSelfHostedRecogniserBySageMaker(RecogniserContract):
    @pytest.fixture
    def recogniser(self, sagemaker: LocalSageMakerStreams) -> SelfHostedRecogniser:
        return by_sagemaker(sagemaker)


async def refusal(recogniser: SelfHostedRecogniser, session: Session = SESSION) -> Exception:
    try:
        async with recogniser.open(session):
            raise AssertionError("the session was admitted")
    except (RecogniserUnavailable, RecogniserRefused) as error:
        return error


async def test_one_session_more_than_it_may_have_is_refused_for_the_moment_and_calls_go_on() -> None:
    with recogniser_process("--sessions", "1") as small:
        small.wait_until_ready()
        async with by_websocket(small).open(SESSION) as stream:
            error = await refusal(by_websocket(small))
            assert isinstance(error, RecogniserUnavailable) and "full" in str(error)
            assert small.ping()[0] == 200, "an instance that is full is well"
            for chunk in call_chunks(0, 3_000):
                await stream.send(chunk)
            await stream.finish()
            assert finals([event async for event in stream], Speaker.AGENT)
        assert '"full"' in small.end()


async def test_a_language_that_the_model_does_not_know_is_refused_for_good(container: RunningRecogniser) -> None:
    error = await refusal(by_websocket(container), Session("nordlicht_energie", "contact-1", language="de-DE"))
    assert isinstance(error, RecogniserRefused) and "language" in str(error)


async def test_a_token_is_asked_for_where_one_is_set() -> None:
    with recogniser_process(SOTTO_RECOGNISER_TOKEN="sesame") as guarded:
        guarded.wait_until_ready()
        assert "401" in str(await refusal(by_websocket(guarded)))


def test_it_says_that_it_is_well_only_when_a_session_would_be_transcribed(container: RunningRecogniser) -> None:
    status, figures = container.ping()
    assert status == 200 and figures["well"] and figures["most_sessions"] == 4


def test_a_model_that_cannot_be_loaded_ends_the_container_with_the_reason() -> None:
    with recogniser_process("--model", "/nowhere") as without, pytest.raises(AssertionError, match="/nowhere"):
        without.wait_until_ready()


async def test_what_is_no_start_is_refused(container: RunningRecogniser) -> None:
    async with WebSocketLinks(f"ws://{container.host}").connect() as link:
        await link.send(b"A\0\0\0\0")
        assert [message async for message in link] == [b'X{"reason": "protocol"}']


async def test_half_a_sample_ends_the_session_and_no_other(container: RunningRecogniser) -> None:
    async with WebSocketLinks(f"ws://{container.host}").connect() as link:
        await link.send(b'S{"protocol": 1, "offset_ms": 0, "language": "en"}')
        await link.send(b"A\0\0\0")
        assert [message async for message in link] == [b"O", b"E"]
    assert finals(await recognised(by_websocket(container), call_chunks(0, 3_000)), Speaker.AGENT)


async def test_who_is_asked_to_end_says_so_and_the_session_is_opened_elsewhere() -> None:
    with recogniser_process() as leaving:
        leaving.wait_until_ready()
        async with by_websocket(leaving).open(SESSION) as stream:
            await stream.send(call_chunks(0, 100)[0])
            leaving.end()
            with pytest.raises(SessionOver):
                async for _ in stream:
                    pass


async def test_metrics_of_a_session_say_how_long_and_how_late_and_not_what() -> None:
    with recogniser_process() as measured:
        measured.wait_until_ready()
        await recognised(by_websocket(measured), call_chunks(0, 3_000))
        metrics = measured.end()
    assert '"HostedAudio":3' in metrics.replace(" ", "") and "HostedFinal" in metrics
    assert "help" not in metrics and "contact-1" not in metrics


async def test_a_container_that_is_killed_is_a_stream_that_broke(sagemaker: LocalSageMakerStreams) -> None:
    with recogniser_process() as killed:
        killed.wait_until_ready()
        sagemaker.containers["killed"] = killed.host
        with pytest.raises(RecogniserUnavailable, match="ModelStreamError"):
            async with by_sagemaker(sagemaker, "killed").open(SESSION) as stream:
                await stream.send(call_chunks(0, 100)[0])
                killed.process.kill()
                async for _ in stream:
                    pass


@pytest.mark.parametrize(
    ("endpoint", "secret", "error", "named"),
    [
        ("unknown", "secret", RecogniserRefused, "InputValidationError"),
        ("nobody", "secret", RecogniserUnavailable, "ModelError"),
        ("speech", "another", RecogniserUnavailable, "InvalidSignatureException"),
    ],
)
async def test_what_sagemaker_refuses_says_whether_to_come_again(
    sagemaker: LocalSageMakerStreams, endpoint: str, secret: str, error: type[Exception], named: str
) -> None:
    found = await refusal(by_sagemaker(sagemaker, endpoint, secret=secret))
    assert isinstance(found, error) and named in str(found)


async def test_the_end_of_the_audio_reaches_sagemaker_as_the_end_of_the_stream(
    sagemaker: LocalSageMakerStreams,
) -> None:
    await recognised(by_sagemaker(sagemaker), call_chunks(0, 500))
    assert sagemaker.streams[-1].events >= 7


def words(events: list[TranscriptResult]) -> dict[Speaker, str]:
    return {s: " ".join(w.text for f in finals(events, s) for w in f.words).lower() for s in CHANNELS}


async def test_a_stream_that_breaks_is_opened_again_and_no_turn_is_lost(container: RunningRecogniser) -> None:
    server = LocalSageMakerStreams({"speech": container.host}, PRINCIPAL, drop_after=(60, 30))
    with in_own_loop(server):
        cut = words(await recognised(FailoverRecogniser([by_sagemaker(server)], clock=SystemClock()), call_chunks()))
        assert len(server.streams) == 3
    assert "help you today" in cut[Speaker.AGENT] and "close my account" in cut[Speaker.CUSTOMER]
    assert cut[Speaker.CUSTOMER].count("close my account") == 1


async def test_another_provider_takes_over_when_it_is_down_and_it_takes_the_next_call_when_it_is_back() -> None:
    lost: list[Reopened] = []
    other = TranscriptRecogniser(lambda contact_id: TRANSCRIPT)
    with recogniser_process() as first:
        first.wait_until_ready()
        own = by_websocket(first)
        failover = FailoverRecogniser([own, other], clock=SystemClock(), on_reopen=lost.append)
        chunks = call_chunks()
        async with failover.open(SESSION) as stream:
            for chunk in chunks[:20]:
                await stream.send(chunk)
            first.process.kill()
            for chunk in chunks[20:]:
                await stream.send(chunk)
            await stream.finish()
            found = words([event async for event in stream])
    assert "close my account" in found[Speaker.CUSTOMER] and {each.provider for each in lost} == {"self_hosted"}
    with recogniser_process("--port", str(first.port)) as back:
        back.wait_until_ready()
        lost.clear()
        again = FailoverRecogniser([own, other], clock=SystemClock(), on_reopen=lost.append)
        assert "close my account" in words(await recognised(again, chunks))[Speaker.CUSTOMER] and not lost
