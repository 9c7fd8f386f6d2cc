"""Connect's recordings: ingest_contact_records, redact_recording, guard_recording, and who plays them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.core.settings import RecordingObjects, TenantRoles
from sotto.wiring.contacts import ContactParts
from sotto.wiring.transcription import TranscriptionParts

if TYPE_CHECKING:
    from sotto.recognition.recogniser import Recogniser
    from sotto.recordings.adapters.dynamodb_recordings import DynamoRecordings
    from sotto.recordings.adapters.s3_recordings import S3Redacted
    from sotto.recordings.intake import IntakePorts
    from sotto.recordings.ports import RedactPorts
    from sotto.recordings.retranscribe import Pace, TenantsRetranscriber


class RecordingParts(TranscriptionParts, ContactParts):
    @built
    def recordings(self) -> DynamoRecordings:
        from sotto.recordings.adapters.dynamodb_recordings import DynamoRecordings

        return DynamoRecordings(*self.contact_table)

    @built
    def recording_intake_ports(self) -> IntakePorts:
        from sotto.recordings.intake import IntakePorts

        return IntakePorts(self.books, self.contacts, self.recordings, self.clock)

    @built
    def redact_ports(self) -> RedactPorts:
        from sotto.recordings.adapters.connect_recordings import ConnectRecordings
        from sotto.recordings.adapters.s3_recordings import S3Sources
        from sotto.recordings.ports import RedactPorts

        log = self.logger("connect")

        def refused(operation: str) -> None:
            log.error("connect refused", extra={"operation": operation})

        return RedactPorts(
            contacts=self.contacts,
            leases=self.leases,
            consents=self.consents,
            books=self.books,
            transcript=self.conversations,
            store=self.recordings,
            instance=ConnectRecordings(self.client("connect"), refused),
            sources=S3Sources(self._recording_s3),
            redacted=self.redacted_files(self._recording_s3),
            retranscriber=self._retranscriber,
            redactor=self.redactor,
            metrics=self.metrics,
            clock=self.clock,
        )

    def redacted_files(self, client_of: Callable[[str], Any]) -> S3Redacted:
        from sotto.recordings.adapters.s3_recordings import S3Redacted

        kept = self.settings.of(RecordingObjects)
        return S3Redacted(client_of, kept.bucket, kept.keys)

    @built
    def recording_recognisers(self) -> Callable[[str], Sequence[Recogniser]]:
        """Whom a tenant's recordings are recognised by again: its recognisers, in its order."""
        return self._providers

    @property
    def _retranscriber(self) -> TenantsRetranscriber:
        from sotto.recordings.retranscribe import TenantsRetranscriber
        from sotto.tenants.speech_words import agent_names

        def words(tenant: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
            book = self.books.current(tenant)
            return book.speech_words, agent_names(book.settings.teams)

        return TenantsRetranscriber(self.recording_recognisers, words, _pace, self.clock)

    def _recording_s3(self, tenant: str) -> Any:
        """With a session that reads recordings, which the tenant's role gives to this function alone."""
        role_arn = self.settings.of(TenantRoles).arn
        return self.client("s3") if role_arn is None else self.recording_sessions(role_arn).client(tenant, "s3")


def _pace(provider: str) -> Pace:
    from sotto.recordings.retranscribe import Pace

    if provider == "transcribe":  # asks for audio as it is spoken
        return Pace(at_once=6, speed=1.0)
    if provider == "embedded":  # a process for each part, and a processor for each process
        return Pace(at_once=2, expected=6.0)
    return Pace(at_once=4)
