"""Where a producer's fragments go: PutMedia as a port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Rejected, Retryable


class SinkUnavailable(Retryable):
    """The stream cannot be written right now: throttled, dropped, not active yet. Open it again a little later."""


class SinkRefused(Rejected):
    """The stream cannot be written like this: no permission, no key."""


class AckKind(StrEnum):
    BUFFERING = "BUFFERING"
    RECEIVED = "RECEIVED"
    PERSISTED = "PERSISTED"
    ERROR = "ERROR"
    IDLE = "IDLE"


@dataclass(frozen=True, slots=True)
class Ack:
    """``time_ms``: of the fragment; None where the service names none. ``error``: its number, "" for none."""

    kind: AckKind
    time_ms: int | None = None
    error: str = ""


class SinkConnection(Protocol):
    async def send(self, data: bytes) -> None:
        """Returns when all of it is handed to the network, or waits its turn there. Raises SinkUnavailable."""
        ...

    async def end(self) -> None:
        """Nothing more will be sent; acknowledgements still come. Raises SinkUnavailable."""
        ...

    def acks(self) -> AsyncIterator[Ack]:
        """Until the service has nothing more to say. Raises SinkUnavailable and SinkRefused."""
        ...


class MediaSink(Protocol):
    def open(self, stream: str) -> AbstractAsyncContextManager[SinkConnection]:
        """One connection to the stream of this name. Raises SinkUnavailable and SinkRefused on entering."""
        ...
