"""A desktop's connection over the WebSocket channel, for whoever needs nothing of what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sotto.realtime.connections import ConnectionTable


@dataclass(frozen=True, slots=True)
class Desktop:
    """One connection. ``claims`` are those of the token that it was opened with, which is good until ``expires_at``
    (Unix seconds)."""

    connection_id: str
    claims: Mapping[str, Any]
    expires_at: int

    @property
    def tenant(self) -> str:
        return str(self.claims["tenant"])


def forget(desktop: Desktop, connections: ConnectionTable) -> None:
    """The connection has ended: nobody posts to it any more."""
    for listener in connections.of_connection(desktop.tenant, desktop.connection_id):
        connections.remove(listener)
