"""What a telephone system's protocol comes to: who calls, whose audio lies at which sample, when it is over.

A protocol is pure: messages in, events out. It opens nothing and asks no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from sotto.call.contact import CHANNELS, Speaker
from sotto.core.errors import Rejected


class ProtocolBroken(Rejected):
    """The peer does not speak the protocol; the connection cannot go on. The message names fields, never their values.
    ``code``: of the WebSocket's closing."""

    def __init__(self, problem: str, code: int = 1008) -> None:
        super().__init__(problem)
        self.code = code


class NotAuthenticated(Rejected):
    """The handshake is not signed by whom the gateway expects. The message says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class CallBegan:
    """``call_id``: the telephone system's. ``agent``: as its configuration says, an agent's username or id; ``caller``:
    the number that calls, for the consent rule alone. ``sides``: those that will be sent."""

    call_id: str
    agent: str | None = None
    queue: str | None = None
    caller: str | None = None
    sides: frozenset[Speaker] = frozenset(CHANNELS)


@dataclass(frozen=True, slots=True)
class AudioCame:
    """``at``: the sample at 8 kHz, since the call began, at which ``pcm`` (s16le, mono) begins."""

    speaker: Speaker
    at: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class AudioPaused:
    """No audio is sent until more comes: what is not sent is silence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To be sent to the peer as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class CallOver:
    """Nothing more of the call will come."""


CallEvent = CallBegan | AudioCame | AudioPaused | Answer | CallOver


@dataclass(slots=True)
class ProtocolCounts:
    """Messages that were passed over, the call going on. ``malformed``: not what the protocol says; ``doubled``: had
    come before; ``foreign``: of another call; ``jumps``: of the sender's clock."""

    malformed: int = 0
    doubled: int = 0
    foreign: int = 0
    jumps: int = 0


class MediaProtocol(Protocol):
    """One connection's."""

    counts: ProtocolCounts

    def received(self, message: str | bytes) -> list[CallEvent]:
        """Raises ProtocolBroken."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayEntry:
    """One of the deployment's gateways. ``provider``: one of media_gateway.protocols.providers. ``account``: what the
    telephone system calls the tenant's account; ``secret``: ARN of the secret that it signs with."""

    id: str
    provider: str
    tenant: str
    account: str
    secret: str


@dataclass(frozen=True, slots=True)
class Handshake:
    """A WebSocket's upgrade. ``host``: the public one of the gateway; ``path``: with what follows a ``?``; ``headers``:
    by name in lower case."""

    host: str
    path: str
    headers: Mapping[str, str]


class Provider(Protocol):
    """A telephone system. ``status`` and ``wait_ms``: how, and how late, who is not authenticated is answered."""

    status: HTTPStatus
    wait_ms: float

    def authenticate(self, handshake: Handshake, secret: str, entry: GatewayEntry, now_s: float) -> None:
        """``secret``: the secret's text; ``now_s``: Unix epoch. Raises NotAuthenticated."""
        ...

    def protocol(self, handshake: Handshake, entry: GatewayEntry) -> MediaProtocol:
        """Of one connection."""
        ...
