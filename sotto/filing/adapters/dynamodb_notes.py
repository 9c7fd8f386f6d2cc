"""Notes beside the call that they are added to, sealed as it is, and erased with it."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.call.events import CallNoted
from sotto.core.validation import silent
from sotto.filing.notes import MOST_NOTES, CallNote

_note = silent(CallNote)


class DynamoCallNotes:
    """CallNotes."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def notes(self, tenant: str, contact_id: str) -> Sequence[CallNote]:
        items = self._table.between(keys.of_contact(tenant, contact_id), keys.CALL_NOTE, f"{keys.CALL_NOTE}~")
        found = [_note.validate_json(item["body"]) for item in items]
        return sorted(found, key=lambda each: (each.at_ms, each.key))[:MOST_NOTES]

    def add(self, note: CallNote) -> bool:
        place = keys.of_call_note(note.key)
        item = {
            "pk": keys.of_contact(note.tenant, note.contact_id),
            "sk": place,
            "body": _note.dump_json(note).decode(),
            "expires_at": self._retention.expires_at(note.tenant),
        }
        id = place.removeprefix(keys.CALL_NOTE)
        event = CallNoted.of(note.tenant, note.contact_id, note=id, at_ms=note.at_ms)
        try:
            self._table.put_all([(item, "attribute_not_exists(pk)", {}), outbox_write(event)])
        except ConditionFailed as error:
            if 0 not in error.which:
                raise
            return False
        return True
