"""Twilio's side of Media Streams: dials the gateway, signs, and sends a call's two tracks in packets of 20 ms."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from websockets.asyncio.client import connect

from local.telephony.embedded_gateway import HOST, EmbeddedGateway, account_of
from local.telephony.mulaw import encoded
from media_gateway.protocols.twilio_signature import signature
from sotto.core.clock import Clock
from sotto.media.wav import split

if TYPE_CHECKING:
    from local.played_call import CallPlan

PACKET_MS = 20
_BYTES = PACKET_MS * 8
TRACKS = ("inbound", "outbound")


@dataclass(frozen=True, slots=True)
class TwilioCall:
    """``audio``: s16le stereo, customer left. ``parameters``: of the TwiML's ``<Parameter>``s."""

    audio: bytes
    account: str
    parameters: Mapping[str, str]
    call_sid: str = field(default_factory=lambda: "CA" + uuid.uuid4().hex)
    stream_sid: str = field(default_factory=lambda: "MZ" + uuid.uuid4().hex)

    def opening(self) -> Iterator[str]:
        yield json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {
            "accountSid": self.account,
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": list(TRACKS),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(self.parameters),
        }
        yield json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": self.stream_sid, "start": start})

    def packets(self) -> Iterator[tuple[int, str]]:
        """Each with the ms of the call at which it is whole."""
        sides = [encoded(side) for side in split(self.audio)]
        sequence = 1
        for number, at in enumerate(range(0, len(sides[0]), _BYTES), start=1):
            for track, side in zip(TRACKS, sides, strict=True):
                sequence += 1
                media = {
                    "track": track,
                    "chunk": str(number),
                    "timestamp": str(at // 8),
                    "payload": base64.b64encode(side[at : at + _BYTES]).decode(),
                }
                message = {"event": "media", "sequenceNumber": str(sequence), "streamSid": self.stream_sid}
                yield at // 8 + PACKET_MS, json.dumps(message | {"media": media})

    def closing(self) -> str:
        stop = {"accountSid": self.account, "callSid": self.call_sid}
        return json.dumps({"event": "stop", "sequenceNumber": "9", "streamSid": self.stream_sid, "stop": stop})


@dataclass(frozen=True, slots=True)
class Carrying:
    """What a network does to messages, in a connection that does not: ``doubled``: how many of a hundred come twice.
    ``reordered``: how many change places with the next one; as of carriers that do not promise the order."""

    doubled: float = 0.0
    reordered: float = 0.0
    seed: int = 0

    def carried(self, packets: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        chance, held = random.Random(self.seed), None
        for packet in packets:
            if held is not None:
                yield packet
                yield (packet[0], held[1])
                held = None
            elif chance.random() * 100 < self.reordered:
                held = packet
                continue
            else:
                yield packet
            if chance.random() * 100 < self.doubled:
                yield packet
        if held is not None:
            yield held


class TwilioSender:
    """``plan``'s call, to its tenant's gateway; the TwiML names the agent."""

    def __init__(self, plan: CallPlan, gateway: EmbeddedGateway) -> None:
        parameters = {"agent": plan.caller.agent, "queue": plan.caller.queue, "caller": plan.caller.number}
        named = {name: value for name, value in parameters.items() if value}
        self._call = TwilioCall(plan.audio, account_of("twilio", plan.tenant), named)
        self._to = (gateway.address, gateway.path("twilio", plan.tenant), gateway.secret("twilio", plan.tenant))

    @property
    def call_id(self) -> str:
        return self._call.call_sid

    async def send(self, clock: Clock, speed: float) -> None:
        await send_call(self._call, *self._to, clock, speed=speed)


async def send_call(
    call: TwilioCall,
    address: str,
    path: str,
    token: str,
    clock: Clock,
    *,
    speed: float = 1.0,
    carrying: Carrying | None = None,
) -> int | None:
    """The code that the gateway closes with. ``speed`` 0: as fast as it is taken. Raises InvalidStatus where the
    gateway refuses, and ConnectionClosed where it closes before the call's end."""
    headers = {"X-Twilio-Signature": signature(f"wss://{HOST}{path}", token)}
    async with connect(f"{address}{path}", additional_headers=headers, compression=None) as socket:
        for message in call.opening():
            await socket.send(message)
        began_ms = clock.monotonic_ms()
        for due_ms, message in (carrying or Carrying()).carried(call.packets()):
            if speed > 0:
                wait_ms = began_ms + due_ms / speed - clock.monotonic_ms()
                if wait_ms > 0:
                    await clock.sleep_ms(wait_ms)
            await socket.send(message)
        await socket.send(call.closing())
        await socket.wait_closed()
        return socket.close_code
