"""Listeners of the WebSocket channel, in memory; passes the same contract as DynamoConnections."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.delivery.connections import Listener, Topic


class ConnectionsInMemory:
    def __init__(self) -> None:
        self._all: dict[tuple[str, str, str], Listener] = {}

    def add(self, listener: Listener) -> None:
        self._all[_key(listener)] = listener

    def listeners(self, topic: Topic) -> Sequence[Listener]:
        return [each for each in self._all.values() if each.topic == topic]

    def of_connection(self, tenant: str, connection_id: str) -> Sequence[Listener]:
        mine = (tenant, connection_id)
        return [each for each in self._all.values() if (each.topic.tenant, each.connection_id) == mine]

    def remove(self, listener: Listener) -> None:
        self._all.pop(_key(listener), None)

    def listeners_of_all(self) -> Sequence[Listener]:
        return list(self._all.values())

    def __len__(self) -> int:
        return len(self._all)


def _key(listener: Listener) -> tuple[str, str, str]:
    return listener.topic.tenant, listener.connection_id, listener.id
