"""Contract: a telephone system's WebSocket into the real gateway, PutMedia over HTTP into a stream, and what a worker
then reads of it: every sample once, whatever is dropped, doubled or out of order on the way."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import numpy as np
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from local.aws.appsync.authorisation import IamCaller
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream
from local.aws.web_server import WebServer
from local.telephony.embedded_gateway import HOST
from local.telephony.genesys import AudioHookCall, probe
from local.telephony.genesys import send_call as audiohook
from local.telephony.mulaw import through_mulaw
from local.telephony.twilio import Carrying, TwilioCall, send_call
from media_gateway.__main__ import JsonLines
from media_gateway.call import CallPorts, contact_id_of
from media_gateway.kinesis.put_media import PutMedia
from media_gateway.kinesis.streams import CallStreams
from media_gateway.protocols.protocol import GatewayEntry
from media_gateway.protocols.twilio_signature import signature
from media_gateway.server import Gateway
from media_gateway.session import Sessions
from sotto.aws.secrets import GivenKey
from sotto.call.contact import MEDIA_GATEWAY, Contact
from sotto.call.live import GatewayCall
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import NoMetrics
from sotto.media.adapters.kinesis_video import KinesisVideoMedia
from sotto.media.audio_source import MediaAudioSource
from sotto.media.timeline import Resumption
from sotto.media.wav import joined, split

KEY, SECRET, REGION = "AKIAGATEWAYTESTS0000", "a-secret-of-no-account", "us-east-1"
TOKEN, ACCOUNT, PATH = "0123456789abcdef", "AC" + "1" * 32, "/twilio/main"
ENTRY = GatewayEntry("main", "twilio", "bank", ACCOUNT, "arn:secret")
ORGANIZATION, GENESYS_PATH = "d7934305-0972-4844-938e-9060eef73d05", "/genesys/genesys-main"
CREDENTIALS = json.dumps({"api_key": "a-key", "client_secret": "YSBzZWNyZXQ="})
GENESYS = GatewayEntry("genesys-main", "genesys", "bank", ORGANIZATION, "arn:genesys")


@dataclass
class Orders:
    """Whom the gateway tells of calls."""

    told: list[GatewayCall] = field(default_factory=list)

    def changed(self, call: GatewayCall) -> None:
        self.told.append(call)


@dataclass
class Site:
    """A gateway and Kinesis Video Streams, each at an address of its own."""

    media: KinesisVideo
    orders: Orders
    url: str
    address: str
    written_ms: list[float]
    sessions: Sessions

    def client(self, service: str, **how: Any) -> Any:
        return _session().client(service, **{"endpoint_url": self.url, **how})

    async def sent(self, call: TwilioCall, *, speed: float = 0.0, carrying: Carrying | None = None) -> int | None:
        return await send_call(call, self.address, PATH, TOKEN, SystemClock(), speed=speed, carrying=carrying)

    async def heard(self, call: TwilioCall) -> bytes:
        """As an audio worker reads it: s16le stereo, from the call's first sample on."""
        return await self.heard_of("main", call.call_sid)

    async def heard_of(self, gateway: str, call_id: str) -> bytes:
        contact_id = contact_id_of(gateway, call_id)
        started = self.orders.told[0]
        assert started.contact_id == contact_id
        contact = Contact(
            "bank", contact_id, f"sotto:media-gateway/{gateway}", started.stream_arn, started.started_at_ms,
            initiation_method=MEDIA_GATEWAY,
        )  # fmt: skip
        self.media.create_stream(started.stream_arn).end()
        source = MediaAudioSource(KinesisVideoMedia.by(self.client), SystemClock())
        async with source.open(contact, Resumption()) as chunks:
            return b"".join([chunk.pcm async for chunk in chunks])


def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name=REGION)


@asynccontextmanager
async def site(*, speed: float = 0.0, most: int = 10) -> AsyncIterator[Site]:
    clock, orders, written = SystemClock(), Orders(), []
    media = KinesisVideo(speed=speed, caller=IamCaller(KEY, SECRET, REGION))
    with WebServer(media.app, name="kvs") as aws:
        control = _session().client("kinesisvideo", endpoint_url=aws.url)
        streams = CallStreams(control, clock, begin="sotto-gateway-", key_of=lambda tenant: "", retention_hours=1)
        credentials = _session().get_credentials()
        assert credentials is not None
        ports = CallPorts(
            streams=streams,
            sink=PutMedia(streams.endpoint, credentials.get_frozen_credentials, REGION),
            orders=orders,
            clock=clock,
            written=written.append,
            fragments_a_second=5.0 * speed,
        )
        sessions = Sessions(ports)
        gateway = Gateway(
            sessions,
            {PATH: ENTRY, GENESYS_PATH: GENESYS},
            {ENTRY.secret: GivenKey(TOKEN), GENESYS.secret: GivenKey(CREDENTIALS)},
            host=HOST, most=most, clock=clock, metrics=NoMetrics(),
        )  # fmt: skip
        async with gateway.serving("127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            yield Site(media, orders, aws.url, f"ws://127.0.0.1:{port}", written, sessions)
        control.close()


def any_audio(seconds: float) -> bytes:
    """Noise: no sample is like its neighbours, so one that is lost, doubled or misplaced shows."""
    chance = np.random.default_rng(7)
    samples = chance.integers(-20_000, 20_000, size=2 * int(seconds * 8_000), dtype=np.int16)
    return bytes(samples.tobytes())


def a_call(seconds: float = 3.0) -> TwilioCall:
    return TwilioCall(any_audio(seconds), ACCOUNT, {"agent": "emma", "caller": "+15550100"})


def expected(call: TwilioCall) -> bytes:
    return joined(*(through_mulaw(side) for side in split(call.audio)))


async def test_every_sample_of_both_sides_is_read_once_where_it_was_spoken(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    call = a_call()
    async with site() as here:
        await here.sent(call)
        assert await here.heard(call) == expected(call)
        started, ended = here.orders.told
    assert started.ended_at_ms is None and started.agent == "emma" and started.tenant == "bank"
    assert ended == replace(started, ended_at_ms=started.started_at_ms + 3_000)
    assert here.written_ms and min(here.written_ms) >= 0
    logged = "".join(JsonLines().format(each) for each in caplog.records)
    assert "session ended" in logged and not any(each in logged for each in ("emma", call.call_sid, TOKEN, "+1555"))


async def test_packets_that_come_twice_and_out_of_order_change_nothing() -> None:
    call = a_call()
    async with site() as here:
        await here.sent(call, carrying=Carrying(doubled=10, reordered=20, seed=3))
        assert await here.heard(call) == expected(call)


async def test_a_connection_that_is_cut_and_acknowledgements_that_are_lost_lose_and_double_nothing() -> None:
    """Fragments whose acknowledgement is lost are sent again: the stream has them twice, and who reads it does not."""
    call = a_call(6.0)
    async with site() as here:
        here.media.producers.lose_acks = True

        async def cut() -> None:
            await until(lambda: here.orders.told and _stream(here).newest >= 6)
            here.media.producers.lose_acks = False
            _stream(here).drop_producer()

        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(cut())
            await here.sent(call, speed=5.0)
        starts = [fragment.producer_ms for fragment in _stream(here).fragments]
        assert len(starts) > len(set(starts)) == 12
        assert await here.heard(call) == expected(call)


@pytest.mark.parametrize("header", [{}, {"X-Twilio-Signature": "Zm9yZ2Vk"}, {"X-Twilio-Signature": "\u00e9"}])
async def test_a_forged_signature_starts_nothing(header: dict[str, str]) -> None:
    async with site() as here:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(here.address + PATH, additional_headers=header):
                pass
        assert refused.value.response.status_code == 403
        assert here.orders.told == [] and not here.client("kinesisvideo").list_streams()["StreamInfoList"]


async def test_a_second_connection_of_a_call_is_refused_and_the_first_goes_on() -> None:
    call = a_call(2.0)
    async with site() as here:

        async def second() -> None:
            await until(lambda: here.orders.told)
            try:
                code = await here.sent(replace(call, stream_sid="MZother"))
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd is not None else None
            assert code == 1013

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(second())
            await here.sent(call, speed=1.0)
        assert await here.heard(call) == expected(call)
        assert len(here.orders.told) == 2


async def test_a_call_that_breaks_off_is_not_told_to_be_over() -> None:
    call = a_call()
    headers = {"X-Twilio-Signature": signature(f"wss://{HOST}{PATH}", TOKEN)}
    async with site() as here:
        async with connect(here.address + PATH, additional_headers=headers) as socket:
            for message in (*call.opening(), *(message for _, message in call.packets())):
                await socket.send(message)
            await until(lambda: here.orders.told)
            socket.transport.abort()
        await until(lambda: not here.sessions.open)
        (told,) = here.orders.told
        assert told.ended_at_ms is None


async def test_a_message_that_is_too_large_closes_the_connection() -> None:
    headers = {"X-Twilio-Signature": signature(f"wss://{HOST}{PATH}", TOKEN)}
    async with site() as here:
        async with connect(here.address + PATH, additional_headers=headers) as socket:
            await socket.send(json.dumps({"event": "media", "payload": "A" * (65 << 10)}))
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009
        assert here.orders.told == []


async def test_only_so_many_calls_are_admitted_and_none_while_it_leaves() -> None:
    async with site(most=0) as here:
        with pytest.raises(InvalidStatus) as refused:
            await here.sent(a_call())
        assert refused.value.response.status_code == 503


def _stream(here: Site) -> LiveStream:
    return here.media.create_stream(here.orders.told[0].stream_arn)


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - what is waited for happens in other threads
            await asyncio.sleep(0.005)


async def test_an_audiohook_session_is_answered_and_every_sample_is_read_once() -> None:
    call = AudioHookCall(any_audio(6.0), ORGANIZATION, {"agent": "emma"})
    async with site() as here:
        assert await audiohook(call, here.address, GENESYS_PATH, CREDENTIALS, SystemClock(), speed=0.0) == 1000
        assert await here.heard_of("genesys-main", call.call_id) == joined(*map(through_mulaw, split(call.audio)))
        started, ended = here.orders.told
    assert started.agent == "emma" and ended.ended_at_ms == started.started_at_ms + 6_000


async def test_a_probe_is_answered_and_starts_nothing() -> None:
    call = probe(ORGANIZATION)
    async with site() as here:
        assert await audiohook(call, here.address, GENESYS_PATH, CREDENTIALS, SystemClock()) == 1000
        assert here.orders.told == [] and not here.client("kinesisvideo").list_streams()["StreamInfoList"]


async def test_a_forged_audiohook_session_starts_nothing() -> None:
    call = AudioHookCall(any_audio(1.0), ORGANIZATION, {})
    forged = json.dumps({**json.loads(CREDENTIALS), "client_secret": "Zm9yZ2Vk"})
    async with site() as here:
        with pytest.raises(InvalidStatus) as refused:
            await audiohook(call, here.address, GENESYS_PATH, forged, SystemClock())
        assert refused.value.response.status_code == 401
        assert here.orders.told == [] and not here.client("kinesisvideo").list_streams()["StreamInfoList"]
