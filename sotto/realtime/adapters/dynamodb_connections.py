"""TranscriptSink of the WebSocket channel, by what they listen to and by their connection.

DynamoDB's own expiry removes what nobody has taken back: within days, so who reads goes by ``expires_at``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.realtime.connections import Subscriber, Topic

_FIRST, _LAST = "connection#", "connection#~"


class DynamoConnections:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, listener: Subscriber) -> None:
        item = {
            "connection": listener.connection_id,
            "id": listener.id,
            "contact_id": listener.topic.contact_id,
            "agent": listener.topic.agent,
            "ends_with": listener.ends_with,
            "expires_at": listener.expires_at,
        }
        self._table.put_all([({**item, "pk": pk, "sk": sk}, None, {}) for pk, sk in _places(listener)])

    def listeners(self, topic: Topic) -> Sequence[Subscriber]:
        """Read consistently: what is acknowledged to a panel counts for the next message."""
        return [_listener(topic.tenant, item) for item in self._table.between(_of_topic(topic), _FIRST, _LAST)]

    def of_connection(self, tenant: str, connection_id: str) -> Sequence[Subscriber]:
        found = self._table.between(keys.of_connection(tenant, connection_id), _FIRST, _LAST)
        return [_listener(tenant, item) for item in found]

    def remove(self, listener: Subscriber) -> None:
        for pk, sk in _places(listener):
            self._table.delete(pk, sk)


def _places(listener: Subscriber) -> tuple[tuple[str, str], tuple[str, str]]:
    sk = keys.of_listener(listener.connection_id, listener.id)
    topic = listener.topic
    return (_of_topic(topic), sk), (keys.of_connection(topic.tenant, listener.connection_id), sk)


def _of_topic(topic: Topic) -> str:
    if topic.contact_id is not None:
        return keys.of_contact(topic.tenant, topic.contact_id)
    return keys.of_agent(topic.tenant, topic.agent or "")


def _listener(tenant: str, item: dict[str, Any]) -> Subscriber:
    topic = Topic(tenant, contact_id=item.get("contact_id"), agent=item.get("agent"))
    return Subscriber(topic, item["connection"], item["id"], int(item["expires_at"]), item.get("ends_with"))
