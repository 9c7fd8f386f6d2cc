"""Calls at once through the media gateway: how long a block is on its way, from the arrival of the last byte that
completes it until its last byte is written to PutMedia.

Three processes: telephone systems that send in real time, the gateway, and what takes PutMedia: a sink that only reads
and acknowledges, so that the figure is the gateway's, or with ``--kvs`` the embedded Kinesis Video Streams, which
parses all of it. The gateway's own processor time is what it needs; the wait depends on what else the machine does,
whose load is printed.

    python -m benchmarks.media_gateway --sessions 200 --provider genesys --seconds 20
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import platform
import resource
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import boto3

from local.aws.kinesis_video.server import KinesisVideo
from local.aws.web_server import WebServer
from local.telephony.embedded_gateway import HOST
from local.telephony.genesys import AudioHookCall, signed_headers
from local.telephony.twilio import TRACKS, TwilioCall
from media_gateway.call import THREADS, CallPorts
from media_gateway.kinesis.put_media import PutMedia
from media_gateway.kinesis.streams import CallStreams
from media_gateway.protocols.protocol import GatewayEntry
from media_gateway.protocols.twilio_signature import signature
from media_gateway.server import Gateway
from media_gateway.session import Sessions
from sotto.aws.secrets import GivenKey
from sotto.call.live import GatewayCall
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import NoMetrics
from sotto.media.mkv.matroska import CLUSTER, TIMESTAMP
from sotto.media.mkv.writing import UNKNOWN_SIZE, identifier

CLUSTER_START = identifier(CLUSTER) + UNKNOWN_SIZE + identifier(TIMESTAMP)
ACCOUNT, TOKEN = "AC" + "1" * 32, "a-token"
CREDENTIALS = json.dumps({"api_key": "a-key", "client_secret": "YSBzZWNyZXQ="})
ENTRIES = {
    "twilio": GatewayEntry("main", "twilio", "bank", ACCOUNT, "twilio"),
    "genesys": GatewayEntry("main", "genesys", "bank", ACCOUNT, "genesys"),
}
KEYS = {"twilio": GivenKey(TOKEN), "genesys": GivenKey(CREDENTIALS)}
EVERY_MS = {"twilio": 20, "genesys": 200}
GOAL_MS = 60.0
WARM_S = 15.0
"""Until every call has its stream: that so many begin in the same second is not what is measured."""
PERCENTILES = (50, 95, 99)


class NoOrders:
    def changed(self, call: GatewayCall) -> None:
        """Nobody follows these calls."""


def kinesis_video(reports: Connection, is_light: bool) -> None:
    """Tells its address, and that of PutMedia."""
    media = KinesisVideo(speed=1.0)
    with WebServer(media.app, name="kvs") as server:
        if is_light:
            asyncio.run(_light_sink(reports, server.url))
        else:
            reports.send((server.url, server.url))
            reports.recv()


async def _light_sink(reports: Connection, control: str) -> None:
    server = await asyncio.start_server(_take, "127.0.0.1", 0)
    async with server:
        reports.send((control, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        await asyncio.to_thread(reports.recv)


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Acknowledges a fragment when the next one begins."""
    try:
        await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:  # hung up
        writer.close()
        return
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    before: int | None = None
    while data := await reader.read(64 << 10):
        at = -1
        while (at := data.find(CLUSTER_START, at + 1)) >= 0:
            place = at + len(CLUSTER_START)
            size = data[place] & 0x7F if place < len(data) else 0
            if before is not None:
                ack = json.dumps({"EventType": "PERSISTED", "FragmentTimecode": before}).encode()
                writer.write(b"%x\r\n%s\r\n" % (len(ack), ack))
            before = int.from_bytes(data[place + 1 : place + 1 + size], "big")
    writer.close()


def gateway(reports: Connection, kvs: tuple[str, str], sessions: int) -> None:
    asyncio.run(_gateway(reports, *kvs, sessions))


async def _gateway(reports: Connection, control_at: str, put_at: str, sessions: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    clock = SystemClock()
    aws = boto3.Session(aws_access_key_id="AKIABENCH", aws_secret_access_key="none", region_name="us-east-1")
    control = aws.client("kinesisvideo", endpoint_url=control_at)
    streams = CallStreams(control, clock, begin="bench-", key_of=lambda tenant: "", retention_hours=1)
    credentials = aws.get_credentials()
    assert credentials is not None
    waits: list[float] = []
    put = PutMedia(lambda stream: put_at, credentials.get_frozen_credentials, "us-east-1")
    entries = {f"/{name}/main": entry for name, entry in ENTRIES.items()}
    served = Gateway(
        Sessions(CallPorts(streams, put, NoOrders(), clock, waits.append)),
        entries,
        KEYS,
        host=HOST,
        most=sessions,
        clock=clock,
        metrics=NoMetrics(),
    )
    async with served.serving("127.0.0.1", 0) as server:
        reports.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(reports.recv)  # all have begun
        waits.clear()
        began_s, used = time.monotonic(), _processor_s()
        await asyncio.to_thread(reports.recv)  # the measurement is over
        seconds, blocks = time.monotonic() - began_s, sorted(waits)
        processor = (_processor_s() - used) / seconds
        reports.send(
            {
                "blocks": len(blocks),
                "seconds": seconds,
                "processor": processor,
                "waits": blocks[:: max(1, len(blocks) // 20_000)],
            }
        )
        await asyncio.to_thread(reports.recv)


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Phone:
    """One call, sent by hand: frames whose mask is zero cost next to nothing to make."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._twilio = TwilioCall(b"", ACCOUNT, {})
        self._hook = AudioHookCall(b"", ACCOUNT, {})
        self._packet = 0
        self._writer: asyncio.StreamWriter | None = None
        noise = secrets.token_bytes(3_200)
        self._payload, self._frame = base64.b64encode(noise[:160]).decode(), _framed(noise, 2)

    async def dial(self, port: int) -> None:
        path = f"/{self._provider}/main"
        if self._provider == "twilio":
            headers, opening = (
                {"X-Twilio-Signature": signature(f"wss://{HOST}{path}", TOKEN)},
                list(self._twilio.opening()),
            )
        else:
            headers = signed_headers(self._hook, path, CREDENTIALS, time.time())
            about = {"version": "2", "id": self._hook.session, "type": "open", "seq": 1, "serverseq": 0}
            opening = [json.dumps({**about, "parameters": self._hook.opening()})]
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        upgrade = {"Host": HOST, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key}
        lines = [f"{name}: {value}" for name, value in {**upgrade, "Sec-WebSocket-Version": "13", **headers}.items()]
        self._writer.write("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in answer, answer
        for message in opening:
            self._writer.write(_framed(message.encode(), 1))

    def send(self) -> None:
        assert self._writer is not None
        if self._provider == "genesys":
            self._writer.write(self._frame)
            return
        self._packet += 1
        self._writer.write(b"".join(_framed(self._media(track).encode(), 1) for track in TRACKS))

    def _media(self, track: str) -> str:
        at_ms = 20 * (self._packet - 1)
        return (
            f'{{"event":"media","sequenceNumber":"{self._packet}","streamSid":"{self._twilio.stream_sid}","media":'
            f'{{"track":"{track}","chunk":"{self._packet}","timestamp":"{at_ms}","payload":"{self._payload}"}}}}'
        )


def _framed(payload: bytes, kind: int) -> bytes:
    """A WebSocket frame of a client: text is 1, binary 2."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return bytes([0x80 | kind]) + length + bytes(4) + payload


async def phones(port: int, provider: str, sessions: int, seconds: float, reports: Connection) -> float:
    """How late the sender itself was, at the 99th percentile, ms."""
    every_s, calls = EVERY_MS[provider] / 1_000, [Phone(provider) for _ in range(sessions)]
    for call in calls:
        await call.dial(port)
    late: list[float] = []
    began = time.monotonic()

    async def talk(call: Phone, offset_s: float) -> None:
        due = began + offset_s
        while due < began + WARM_S + seconds:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            late.append((time.monotonic() - due) * 1_000)
            call.send()
            due += every_s

    talking = [asyncio.create_task(talk(call, every_s * at / sessions)) for at, call in enumerate(calls)]
    await asyncio.sleep(WARM_S)
    reports.send("begin")
    await asyncio.gather(*talking)
    reports.send("end")
    return sorted(late)[int(0.99 * len(late))]


def measured(provider: str, sessions: int, seconds: float, *, is_light: bool) -> dict[str, Any]:
    spawn = multiprocessing.get_context("spawn")
    (kvs, kvs_there), (reports, there) = spawn.Pipe(), spawn.Pipe()
    streams = spawn.Process(target=kinesis_video, args=(kvs_there, is_light), daemon=True)
    streams.start()
    served = spawn.Process(target=gateway, args=(there, kvs.recv(), sessions), daemon=True)
    served.start()
    load = os.getloadavg()[0]
    try:
        sender_late_ms = asyncio.run(phones(reports.recv(), provider, sessions, seconds, reports))
        found = reports.recv()
    finally:
        served.kill()
        streams.kill()
    waits = found["waits"] or [float("inf")]
    return {
        "provider": provider,
        "sessions": sessions,
        "blocks": found["blocks"],
        "blocks_due": int(found["seconds"] * sessions * 20),
        "wait_ms": {f"p{each}": round(waits[min(len(waits) - 1, len(waits) * each // 100)], 1) for each in PERCENTILES},
        "goal_p99_ms": GOAL_MS,
        "gateway_processors": round(found["processor"], 2),
        "sender_late_p99_ms": round(sender_late_ms, 1),
        "load_before": round(load, 1),
        "machine": f"{os.cpu_count()} processors, Python {platform.python_version()}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--provider", choices=["twilio", "genesys", "both"], default="both")
    parser.add_argument("--kvs", action="store_true", help="the embedded Kinesis Video Streams takes it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    providers = ["genesys", "twilio"] if options.provider == "both" else [options.provider]
    found = [measured(each, options.sessions, options.seconds, is_light=not options.kvs) for each in providers]
    for each in found:
        waits = ", ".join(f"{name} {value} ms" for name, value in each["wait_ms"].items())
        print(
            f"{each['provider']}: {each['sessions']} calls, {each['blocks']:,} of {each['blocks_due']:,} blocks; from "
            f"a block's last byte until it is written {waits} (goal p99 {GOAL_MS:.0f}); the gateway took "
            f"{each['gateway_processors']} processors; the sender was late by p99 {each['sender_late_p99_ms']} ms; "
            f"load before {each['load_before']}, {each['machine']}"
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
