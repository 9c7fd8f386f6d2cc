"""TranscriptSink of the WebSocket channel, in memory; passes the same contract as DynamoConnections."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.realtime.connections import Subscriber, Topic


class ConnectionsInMemory:
    def __init__(self) -> None:
        self._all: dict[tuple[str, str, str], Subscriber] = {}

    def add(self, listener: Subscriber) -> None:
        self._all[_key(listener)] = listener

    def listeners(self, topic: Topic) -> Sequence[Subscriber]:
        return [each for each in self._all.values() if each.topic == topic]

    def of_connection(self, tenant: str, connection_id: str) -> Sequence[Subscriber]:
        mine = (tenant, connection_id)
        return [each for each in self._all.values() if (each.topic.tenant, each.connection_id) == mine]

    def remove(self, listener: Subscriber) -> None:
        self._all.pop(_key(listener), None)

    def listeners_of_all(self) -> Sequence[Subscriber]:
        return list(self._all.values())

    def __len__(self) -> int:
        return len(self._all)


def _key(listener: Subscriber) -> tuple[str, str, str]:
    return listener.topic.tenant, listener.connection_id, listener.id
