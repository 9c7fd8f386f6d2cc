"""One WebSocket: its messages become a call, or nothing at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from media_gateway.call import CallPorts, GatewayCallAudio, contact_id_of
from media_gateway.kinesis.producer import MediaLost
from media_gateway.protocols.protocol import (
    Answer,
    AudioCame,
    AudioPaused,
    CallBegan,
    CallOver,
    GatewayEntry,
    MediaProtocol,
    ProtocolBroken,
)
from sotto.core.errors import SottoError, first_error

log = logging.getLogger(__name__)

NORMAL, TRY_AGAIN, INTERNAL = 1000, 1013, 1011


class Peer(Protocol):
    """The WebSocket, once it is authenticated."""

    def messages(self) -> AsyncGenerator[str | bytes, None]:
        """Until it is closed or gone. Raises ConnectionError for one that broke off."""
        ...

    async def send(self, text: str) -> None:
        """Raises ConnectionError."""
        ...

    async def close(self, code: int, reason: str) -> None: ...


@dataclass(slots=True)
class SessionOutcome:
    """``how``: over, broke-off, refused, lost, or no-call."""

    how: str
    contact_id: str = ""


class Sessions:
    """Those of one process. A call has one connection at a time."""

    def __init__(self, ports: CallPorts) -> None:
        self._ports = ports
        self._calls: set[str] = set()
        self.open = 0

    async def serve(self, peer: Peer, entry: GatewayEntry, protocol: MediaProtocol) -> SessionOutcome:
        self.open += 1
        session = _Session(peer, entry, protocol, self._ports, self._calls)
        try:
            outcome = await session.run()
        finally:
            self.open -= 1
        counts = protocol.counts
        log.info(
            "session ended",
            extra={
                "how": outcome.how,
                "gateway": entry.id,
                "malformed": counts.malformed,
                "doubled": counts.doubled,
                "foreign": counts.foreign,
                "jumps": counts.jumps,
            },
        )
        return outcome


class _Session:
    def __init__(
        self, peer: Peer, entry: GatewayEntry, protocol: MediaProtocol, ports: CallPorts, calls: set[str]
    ) -> None:
        self._peer, self._entry, self._protocol, self._ports, self._calls = peer, entry, protocol, ports, calls
        self._call: GatewayCallAudio | None = None
        self._storing: asyncio.Task[None] | None = None
        self._is_over = False

    async def run(self) -> SessionOutcome:
        try:
            await self._read()
            how = "over" if self._is_over else "broke-off"
        except ProtocolBroken as broken:
            log.warning("session refused", extra={"gateway": self._entry.id, "why": str(broken)})
            await self._peer.close(broken.code, str(broken)[:120])
            how = "refused"
        except ConnectionError:
            how = "broke-off"
        except MediaLost:
            how = "lost"
        except asyncio.CancelledError:
            await self._stop_storing()
            raise
        if self._call is None:
            if how == "over":  # a probe
                await self._peer.close(NORMAL, "")
            return SessionOutcome("refused" if how == "refused" else "no-call")
        contact_id = self._call.contact_id
        try:
            how = await self._settled(self._call, how)
        finally:
            self._calls.discard(contact_id)
            await self._stop_storing()
        return SessionOutcome(how, contact_id)

    async def _read(self) -> None:
        async with aclosing(self._peer.messages()) as messages:
            async for message in messages:
                for event in self._protocol.received(message):
                    await self._take(event)
                if self._is_over:
                    return

    async def _take(self, event: CallBegan | AudioCame | AudioPaused | Answer | CallOver) -> None:
        match event:
            case AudioCame():
                assert self._call is not None
                await self._call.audio(event)
            case CallBegan():
                await self._begin(event)
            case AudioPaused():
                assert self._call is not None
                self._call.paused()
            case Answer():
                await self._peer.send(event.text)
            case CallOver():
                self._is_over = True

    async def _begin(self, began: CallBegan) -> None:
        contact_id = contact_id_of(self._entry.id, began.call_id)
        if contact_id in self._calls:
            raise ProtocolBroken("the call has a connection already", TRY_AGAIN)
        self._calls.add(contact_id)
        self._call = GatewayCallAudio(began, self._entry, self._ports)
        self._storing = asyncio.create_task(self._call.run())

    async def _settled(self, call: GatewayCallAudio, how: str) -> str:
        """Once all that came is stored."""
        assert self._storing is not None
        try:
            if how != "lost":
                await call.end()
            await self._storing
            if self._is_over:
                await call.tell_of_the_end()
        except BaseException as error:
            first = first_error(error)
            if not isinstance(first, SottoError):
                raise
            log.error("media lost", extra={"gateway": self._entry.id, "why": str(first)})
            await self._peer.close(INTERNAL, "the audio cannot be stored")
            return "lost"
        await self._peer.close(NORMAL, "")
        return how

    async def _stop_storing(self) -> None:
        if self._storing is not None:
            self._storing.cancel()
            await asyncio.gather(self._storing, return_exceptions=True)
