"""Who listens over the WebSocket channel. API Gateway knows its connections and nothing else; the rest is kept here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

ANYONE = "*"
"""For ``Subscriber.ends_with``: a release of any agent."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be listened to: one contact, or what comes to and leaves one agent."""

    tenant: str
    contact_id: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription of one connection. ``id`` is the panel's own for it. ``expires_at`` (Unix seconds): receives
    nothing after that, because the token that it came with is good no longer, or the connection has ended.
    ``ends_with``: the agent whose release from the contact ends it, or ANYONE."""

    topic: Topic
    connection_id: str
    id: str
    expires_at: int
    ends_with: str | None = None


class ConnectionTable(Protocol):
    """Raises StorageUnavailable."""

    def add(self, listener: Subscriber) -> None:
        """Once this returns, ``listeners`` of its topic holds it."""
        ...

    def listeners(self, topic: Topic) -> Sequence[Subscriber]: ...

    def of_connection(self, tenant: str, connection_id: str) -> Sequence[Subscriber]: ...

    def remove(self, listener: Subscriber) -> None: ...


class ConnectionGone(Exception):
    """The connection has ended, and its $disconnect has not come."""


class Posts(Protocol):
    def post(self, connection_id: str, frame: bytes) -> None:
        """Hand one frame to API Gateway. Raises ConnectionGone and ChannelUnavailable."""
        ...
