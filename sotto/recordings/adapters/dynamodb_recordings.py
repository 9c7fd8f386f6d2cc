"""What is known of recordings, in the contact's partition, erased with what was spoken."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.recordings.record import Recording, RecordingChanged, RecordingEvent

_recording = silent(Recording)


class DynamoRecordings:
    """A RecordingStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def recordings(self, tenant: str, contact_id: str) -> Sequence[Recording]:
        found = self._table.between(keys.of_contact(tenant, contact_id), keys.RECORDING, f"{keys.RECORDING}~")
        return [_recording.validate_json(item["body"]) for item in found]

    def store(self, recording: Recording, *, event: RecordingEvent | None = None) -> None:
        item = {
            "pk": keys.of_contact(recording.tenant, recording.contact_id),
            "sk": keys.of_recording(recording.id),
            "version": recording.version,
            "body": _recording.dump_json(recording).decode(),
            "expires_at": self._retention.expires_at(recording.tenant, DataKind.RECORDINGS),
        }
        is_next: Write = (
            (item, "attribute_not_exists(pk)", {})
            if recording.version == 1
            else (item, "version = :before", {"before": recording.version - 1})
        )
        try:
            self._table.put_all([is_next, *((outbox_write(event),) if event is not None else ())])
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("the recording was stored by another in the same moment") from error
            raise RecordingChanged("the recording was changed by another") from error
