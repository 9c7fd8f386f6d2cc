"""Genesys Cloud's side of AudioHook: dials the gateway, signs, opens a session and sends frames of 200 ms."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import ClientConnection, connect

from local.telephony.embedded_gateway import HOST, EmbeddedGateway, account_of
from local.telephony.mulaw import encoded
from media_gateway.protocols.audiohook import NOBODY
from media_gateway.protocols.audiohook_signature import COMPONENTS, signature, signature_base, signature_input
from media_gateway.protocols.protocol import Handshake
from sotto.core.clock import Clock
from sotto.media.wav import split

if TYPE_CHECKING:
    from local.played_call import CallPlan

FRAME_MS = 200
_BYTES = FRAME_MS * 8


@dataclass(frozen=True, slots=True)
class AudioHookCall:
    """``audio``: s16le stereo, customer left. ``custom``: the integration's customConfig."""

    audio: bytes
    organization: str
    custom: Mapping[str, str]
    caller: str = ""
    conversation: str = field(default_factory=lambda: str(uuid.uuid4()))
    participant: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def call_id(self) -> str:
        return f"{self.conversation}/{self.participant}"

    def opening(self) -> dict[str, Any]:
        offers = [["external", "internal"], ["external"], ["internal"]]
        return {
            "organizationId": self.organization,
            "conversationId": self.conversation,
            "participant": {"id": self.participant, "ani": self.caller, "aniName": "", "dnis": ""},
            "media": [{"type": "audio", "format": "PCMU", "channels": each, "rate": 8000} for each in offers],
            "language": "en-US",
            "customConfig": dict(self.custom),
        }

    def frames(self) -> list[bytes]:
        sides = [encoded(side) for side in split(self.audio)]
        woven = bytearray(2 * len(sides[0]))
        woven[0::2], woven[1::2] = sides
        return [bytes(woven[at : at + 2 * _BYTES]) for at in range(0, len(woven), 2 * _BYTES)]


def probe(organization: str) -> AudioHookCall:
    """What Genesys Cloud sends to see whether a server is well: it starts nothing."""
    return AudioHookCall(b"", organization, {}, conversation=NOBODY, participant=NOBODY)


def signed_headers(call: AudioHookCall, path: str, secret: str, now_s: float) -> dict[str, str]:
    """``secret``: the gateway's, as JSON."""
    fields = json.loads(secret)
    headers = {
        "audiohook-organization-id": call.organization,
        "audiohook-session-id": call.session,
        "audiohook-correlation-id": str(uuid.uuid4()),
        "x-api-key": fields["api_key"],
    }
    covered = " ".join(f'"{name}"' for name in COMPONENTS)
    nonce = base64.b64encode(secrets.token_bytes(24)).decode()
    written = (
        f'sig1=({covered});keyid="{fields["api_key"]}";nonce="{nonce}";alg="hmac-sha256";'
        f"created={int(now_s)};expires={int(now_s) + 10}"
    )
    base = signature_base(signature_input(written), Handshake(HOST, path, headers))
    signed = signature(base, base64.b64decode(fields["client_secret"]))
    return {**headers, "signature-input": written, "signature": f"sig1=:{signed}:"}


class AudioHookClient:
    """One session on an open WebSocket."""

    def __init__(self, socket: ClientConnection, call: AudioHookCall) -> None:
        self._socket, self._call = socket, call
        self._seq = self._server_seq = 0
        self._sent = 0

    async def send(self, kind: str, parameters: Mapping[str, Any] | None = None) -> None:
        self._seq += 1
        message = {"version": "2", "id": self._call.session, "type": kind, "seq": self._seq}
        about = {"serverseq": self._server_seq, "position": f"PT{self._sent / 8000:.1f}S"}
        await self._socket.send(json.dumps(message | about | {"parameters": dict(parameters or {})}))

    async def frame(self, frame: bytes) -> None:
        await self._socket.send(frame)
        self._sent += len(frame) // 2

    async def answer(self, kind: str) -> Mapping[str, Any]:
        """Its parameters. Raises ConnectionClosed."""
        written = json.loads(await self._socket.recv())
        assert written["type"] == kind and written["clientseq"] == self._seq, written
        self._server_seq = written["seq"]
        parameters: Mapping[str, Any] = written["parameters"]
        return parameters


async def send_call(
    call: AudioHookCall, address: str, path: str, secret: str, clock: Clock, *, speed: float = 1.0
) -> int | None:
    """As of twilio.send_call."""
    headers = signed_headers(call, path, secret, clock.now_ms() / 1000)
    async with connect(f"{address}{path}", additional_headers=headers, compression=None) as socket:
        client = AudioHookClient(socket, call)
        await client.send("open", call.opening())
        await client.answer("opened")
        began_ms = clock.monotonic_ms()
        for number, frame in enumerate(call.frames(), start=1):
            wait_ms = began_ms + number * FRAME_MS / speed - clock.monotonic_ms() if speed > 0 else 0.0
            if wait_ms > 0:
                await clock.sleep_ms(wait_ms)
            if number % 25 == 0:
                await client.send("ping", {})
                await client.answer("pong")
            await client.frame(frame)
        await client.send("close", {"reason": "end"})
        await client.answer("closed")
        await socket.wait_closed()
        return socket.close_code


class GenesysSender:
    """``plan``'s call, to its tenant's gateway; the integration's customConfig names the agent."""

    def __init__(self, plan: CallPlan, gateway: EmbeddedGateway) -> None:
        custom = {"agent": plan.caller.agent, "queue": plan.caller.queue}
        named = {name: value for name, value in custom.items() if value}
        organization = account_of("genesys", plan.tenant)
        self._call = AudioHookCall(plan.audio, organization, named, plan.caller.number or "")
        self._to = (gateway.address, gateway.path("genesys", plan.tenant), gateway.secret("genesys", plan.tenant))

    @property
    def call_id(self) -> str:
        return self._call.call_id

    async def send(self, clock: Clock, speed: float) -> None:
        await send_call(self._call, *self._to, clock, speed=speed)
