"""Sketches, in the partition of the contact that they are about: expired and erased with it."""

from __future__ import annotations

from contextlib import suppress

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.call.events import CallSketched
from sotto.call.sketch import CallSketch
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_sketch = silent(CallSketch)


class DynamoSketches:
    """A SketchStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def put(self, sketch: CallSketch, *, at_ms: int) -> None:
        item = {
            "pk": keys.of_contact(sketch.tenant, sketch.contact_id),
            "sk": keys.SKETCH,
            "through_seq": sketch.through_seq,
            "body": _sketch.dump_json(sketch).decode(),
            "expires_at": self._retention.expires_at(sketch.tenant, DataKind.TRANSCRIPTS),
        }
        further = "attribute_not_exists(pk) OR through_seq < :through"
        event = CallSketched.of(sketch, at_ms=at_ms)
        with suppress(ConditionFailed):
            self._table.put_all([(item, further, {"through": sketch.through_seq}), outbox_write(event)])

    def sketch(self, tenant: str, contact_id: str) -> CallSketch | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.SKETCH)
        return _sketch.validate_json(item["body"]) if item is not None else None
