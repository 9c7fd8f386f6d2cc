"""Subscribers of the WebSocket channel in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.realtime.connections import Subscriber, Topic


class ConnectionsInMemory:
    """A ConnectionTable. A subscriber lies in two places, by its topic and by its connection."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], Subscriber] = {}

    def add(self, listener: Subscriber) -> None:
        self._places |= dict.fromkeys(_places_of(listener), listener)

    def listeners(self, topic: Topic) -> Sequence[Subscriber]:
        return self._at(_of_topic(topic))

    def of_connection(self, tenant: str, connection_id: str) -> Sequence[Subscriber]:
        return self._at(keys.of_connection(tenant, connection_id))

    def remove(self, listener: Subscriber) -> None:
        for place in _places_of(listener):
            self._places.pop(place, None)

    def listeners_of_all(self) -> Sequence[Subscriber]:
        return list(dict.fromkeys(self._places.values()))

    def __len__(self) -> int:
        return len(self.listeners_of_all())

    def _at(self, pk: str) -> list[Subscriber]:
        return [self._places[place] for place in sorted(self._places) if place[0] == pk]


def _places_of(listener: Subscriber) -> list[tuple[str, str]]:
    sk = keys.of_listener(listener.connection_id, listener.id)
    pks = (_of_topic(listener.topic), keys.of_connection(listener.topic.tenant, listener.connection_id))
    return [(pk, sk) for pk in pks]


def _of_topic(topic: Topic) -> str:
    if topic.contact_id is not None:
        return keys.of_contact(topic.tenant, topic.contact_id)
    return keys.of_agent(topic.tenant, topic.agent or "")
