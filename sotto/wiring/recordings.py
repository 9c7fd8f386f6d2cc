"""Connect's recordings: ingest_contact_records, redact_recording, guard_recording, and who plays them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.core.settings import RecordingObjects, TenantRoles
from sotto.wiring.contacts import ContactParts
from sotto.wiring.subject_data import eraser, expirer, exporter
from sotto.wiring.transcription import TranscriptionParts

if TYPE_CHECKING:
    from sotto.api.recordings.play import PlayPorts
    from sotto.recognition.recogniser import Recogniser
    from sotto.recordings.adapters.dynamodb_recordings import DynamoRecordings
    from sotto.recordings.adapters.s3_recordings import S3Redacted
    from sotto.recordings.erasing import RecordingsEraser, RecordingsExpirer, RecordingsExporter
    from sotto.recordings.intake import IntakePorts
    from sotto.recordings.ports import RedactPorts
    from sotto.recordings.retranscribe import Pace, TenantsRetranscriber
    from sotto.recordings.suspension.guard import GuardPorts


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

        return RedactPorts(
            contacts=self.contacts,
            leases=self.leases,
            consents=self.consents,
            books=self.books,
            transcript=self.conversations,
            store=self.recordings,
            instance=ConnectRecordings(self.connect_api),
            sources=S3Sources(self._redacting_s3),
            redacted=self._recordings_of(self._redacting_s3),
            retranscriber=self.recording_retranscriber,
            redactor=self.redactor,
            metrics=self.metrics,
            clock=self.clock,
        )

    @built
    def kept_recordings(self) -> S3Redacted:
        """Redacted ones, to be played and erased."""

        def client_of(tenant: str) -> Any:
            role_arn = self.settings.of(TenantRoles).arn
            return self.client("s3") if role_arn is None else self.tenant_sessions(role_arn).client(tenant, "s3")

        return self._recordings_of(client_of)

    @built
    def play_ports(self) -> PlayPorts:
        from sotto.api.recordings.play import PlayPorts

        return PlayPorts(self.contacts, self.recordings, self.kept_recordings, self.audit_log, self.clock)

    @built
    def guard_ports(self) -> GuardPorts:
        from sotto.recordings.adapters.connect_recordings import ConnectRecordedContacts
        from sotto.recordings.adapters.dynamodb_suspensions import DynamoSuspensions
        from sotto.recordings.suspension.guard import GuardPorts

        return GuardPorts(
            contacts=self.contacts,
            books=self.books,
            suspensions=DynamoSuspensions(*self.contact_table),
            recorded=ConnectRecordedContacts(self.connect_api),
            metrics=self.metrics,
            clock=self.clock,
        )

    def _recordings_of(self, client_of: Callable[[str], Any]) -> S3Redacted:
        from sotto.recordings.adapters.s3_recordings import S3Redacted

        kept = self.settings.of(RecordingObjects)
        return S3Redacted(client_of, kept.bucket, kept.keys)

    @eraser
    def recordings_eraser(self) -> RecordingsEraser:
        from sotto.recordings.erasing import RecordingsEraser

        return RecordingsEraser(self.kept_recordings)

    @exporter
    def recordings_exporter(self) -> RecordingsExporter:
        from sotto.recordings.erasing import RecordingsExporter

        return RecordingsExporter(self.recordings, self.kept_recordings)

    @expirer
    def recordings_expirer(self) -> RecordingsExpirer:
        from sotto.recordings.erasing import RecordingsExpirer

        return RecordingsExpirer(self.kept_recordings)

    @built
    def recording_recognisers(self) -> Callable[[str], Sequence[Recogniser]]:
        """Whom a tenant's recordings are recognised by again: its recognisers, in its order."""
        return self._providers

    @built
    def recording_retranscriber(self) -> TenantsRetranscriber:
        from sotto.recordings.retranscribe import TenantsRetranscriber
        from sotto.tenants.speech_words import agent_names

        def words(tenant: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
            book = self.books.current(tenant)
            return book.speech_words, agent_names(book.settings.teams)

        return TenantsRetranscriber(self.recording_recognisers, words, pace_of, self.clock)

    def _redacting_s3(self, tenant: str) -> Any:
        """With a session that reads recordings, which the tenant's role gives to this function alone."""
        role_arn = self.settings.of(TenantRoles).arn
        return self.client("s3") if role_arn is None else self.recording_sessions(role_arn).client(tenant, "s3")


def pace_of(provider: str) -> Pace:
    from sotto.recordings.retranscribe import Pace

    if provider == "transcribe":  # asks for audio as it is spoken
        return Pace(at_once=6, speed=1.0)
    if provider == "embedded":  # a process for each part, and a processor for each process
        return Pace(at_once=2, expected=6.0)
    return Pace(at_once=4)
