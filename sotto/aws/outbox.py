"""Events beside the records that they are about: items of the contact's partition, written in the record's transaction.

The table's stream carries them on (infra/capabilities/event_bus.py), which is the only reader; hence their short life.
"""

from __future__ import annotations

from typing import Any

from sotto.aws import keys
from sotto.aws.table import Write
from sotto.call.envelope import Envelope
from sotto.call.events import Event

KEPT_S = 86_400
"""As long as DynamoDB keeps a stream's records."""


def outbox_item(event: Event) -> dict[str, Any]:
    """Written again under the same key, it is no INSERT on the stream and is not carried twice."""
    return {
        "pk": keys.of_contact(event.tenant, event.contact_id),
        "sk": keys.of_event(event.name),
        **Envelope.of(event).model_dump(),
        "expires_at": event.occurred_at_ms // 1000 + KEPT_S,
    }


def outbox_write(event: Event) -> Write:
    """As ``Table.put_all`` takes it."""
    return outbox_item(event), None, {}
