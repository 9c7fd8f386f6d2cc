"""What is known of recordings, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.aws import keys
from sotto.recordings.record import Recording, RecordingChanged, RecordingEvent


@dataclass
class RecordingsInMemory:
    """A RecordingStore. ``events``: in the order in which they came."""

    stored: dict[tuple[str, str], Recording] = field(default_factory=dict)
    events: list[RecordingEvent] = field(default_factory=list)

    def recordings(self, tenant: str, contact_id: str) -> Sequence[Recording]:
        of_contact = keys.of_contact(tenant, contact_id)
        return [each for (pk, _), each in sorted(self.stored.items()) if pk == of_contact]

    def store(self, recording: Recording, *, event: RecordingEvent | None = None) -> None:
        key = keys.of_contact(recording.tenant, recording.contact_id), keys.of_recording(recording.id)
        before = self.stored[key].version if key in self.stored else 0
        if recording.version != before + 1:
            raise RecordingChanged("the recording was changed by another")
        self.stored[key] = recording
        if event is not None:
            self.events.append(event)
