"""From audio or segments to utterances: transcribe_call and ingest_contact_lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sotto.call.contact import Contact, ContactStatus
from sotto.call.language import primary
from sotto.core.built import built, built_per_name
from sotto.core.settings import TenantRoles, WorkerLimit
from sotto.wiring.recognisers import RecogniserParts

if TYPE_CHECKING:
    from sotto.call.live import WorkerOrder
    from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
    from sotto.redaction.redactor import Redactor
    from sotto.sources.contact_lens.consumer import SegmentConsumer
    from sotto.transcription.ports import (
        AudioSource,
        CardWatch,
        KnownByNow,
        SessionPorts,
        TranscriptionPorts,
        TranscriptSink,
        WorkerAssignment,
    )

HANDOVER_MARGIN_MS = 60_000
"""A successor starts this long before Lambda ends its predecessor: a cold start and the catching up fit many times."""


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """What the audio worker's handler needs before it knows the contact's tenant."""

    contacts: DynamoContacts
    transcription: Callable[[Contact], TranscriptionPorts]
    assignment: Callable[[WorkerOrder, Any], WorkerAssignment]


class TranscriptionParts(RecogniserParts):
    @built
    def worker_ports(self) -> WorkerPorts:
        return WorkerPorts(self.contacts, self._transcription_ports, self._assignment)

    @built
    def segment_consumer(self) -> SegmentConsumer:
        from sotto.consent.at_start import BookConsent
        from sotto.consent.metrics import ConsentMetrics
        from sotto.sources.contact_lens.consumer import SegmentConsumer, SegmentPorts

        return SegmentConsumer(
            SegmentPorts(
                tenants=self.books,
                contacts=self.contacts,
                consent=BookConsent(self.books, self.consents, self.clock, ConsentMetrics(self.metrics)),
                session=self.session_ports(),
                sink=self.transcript_sink("ingest_contact_lens"),
            )
        )

    @built_per_name
    def audio_source(self, tenant: str) -> AudioSource:
        """With a session of the tenant's role, which reads no other tenant's streams, where the deployment has such."""
        from sotto.media.adapters.kinesis_video import KinesisVideoMedia
        from sotto.media.audio_source import MediaAudioSource

        def as_known(contact: Contact) -> Contact | None:
            return self.contacts.contact(contact.tenant, contact.contact_id)

        return MediaAudioSource(KinesisVideoMedia.by(self._media_client(tenant)), self.clock, as_known)

    @built_per_name
    def transcript_sink(self, service: str) -> TranscriptSink:
        """What a transcript's results go to."""
        from sotto.realtime.health import LanguageHealthSink

        return LanguageHealthSink(self.guidance_sink(service), self.panel(service))

    def session_ports(self) -> SessionPorts:
        """Of one worker, or of all calls whose text comes without audio."""
        from sotto.consent.decisions import ConsentPorts
        from sotto.consent.metrics import ConsentMetrics
        from sotto.transcription.metrics_observer import MetricsObserver
        from sotto.transcription.ports import SessionPorts

        return SessionPorts(
            redactor=self.redactor,
            consent=ConsentPorts(
                lambda tenant: self.books.current(tenant).settings.consent.rule,
                self.consents,
                self.clock,
                ConsentMetrics(self.metrics),
            ),
            leases=self.leases,
            clock=self.clock,
            redaction_alarm=self.redaction_alarm,
            observer=MetricsObserver(self.metrics, self.clock),
        )

    def _card_watch(self, contact: Contact, follows: bool) -> CardWatch:
        """Orders are given in a thread of their own: no word waits for them, and one that is lost is renewed."""
        from sotto.call.live import RecordingAction, RecordingOrder
        from sotto.core.errors import Retryable
        from sotto.recordings.suspension.watch import CardsDue

        def order(action: RecordingAction) -> None:
            ordered = RecordingOrder(contact.tenant, contact.contact_id, action, int(self.clock.now_ms()))

            def give() -> None:
                try:
                    self.functions.invoke_async("guard_recording", ordered)
                except Retryable:
                    self.publish_failed("transcribe_call")("guard_recording")

            self.alarms.submit(give)

        return CardsDue(order, follows=follows)

    def redactor(self, contact: Contact) -> Redactor:
        from sotto.redaction.languages import redactor_for
        from sotto.redaction.written import WrittenRedactor
        from sotto.tenants.redaction_rules import RedactionRules

        rules = RedactionRules.of(self.books.current(contact.tenant).settings.redaction_in_effect)
        redactor = redactor_for(contact, rules, self.redaction_alarm(contact.tenant))
        return WrittenRedactor(redactor) if contact.is_written else redactor

    def known_by_now(self, contact: Contact) -> KnownByNow:
        """When Connect says that the contact ended, and that its agent was there."""
        from sotto.call.agent_presence import AgentPresence
        from sotto.transcription.ports import KnownByNow

        now = self.contacts.contact(contact.tenant, contact.contact_id) or contact
        ended_ms: float | None = None
        if now.status is ContactStatus.ENDED:
            ended_ms = float("inf") if now.ended_at_ms is None else now.ended_at_ms - now.media_started_at_ms
        return KnownByNow(ended_ms, AgentPresence.of(now))

    def not_recognised(self, contact: Contact) -> None:
        """A log event, and a line on the agent's screen; the contact itself says it to whoever comes later."""
        from sotto.realtime.health import publish_not_recognised

        self.logger("transcribe_call").error("language not recognised", extra={"language": primary(contact.language)})
        publish_not_recognised(contact, self.panel("transcribe_call"))

    def _media_client(self, tenant: str) -> Callable[..., Any]:
        role_arn = self.settings.of(TenantRoles).arn
        if role_arn is None:
            return self.session.client
        sessions = self.media_sessions(role_arn)
        return lambda service, **how: self.acting_client(service, sessions.credentials(tenant), **how)

    def _transcription_ports(self, contact: Contact) -> TranscriptionPorts:
        from sotto.tenants.speech_words import agent_names
        from sotto.transcription.ports import TranscriptionPorts

        book = self.books.current(contact.tenant)
        return TranscriptionPorts(
            source=self.audio_source(contact.tenant),
            recogniser=self.failover_recogniser(contact.tenant),
            session=replace(self.session_ports(), card_watch=self._card_watch),
            sink=self.transcript_sink("transcribe_call"),
            known_by_now=self.known_by_now,
            listens_to_menus=book.settings.listen_to_menus,
            words=book.speech_words,
            names=agent_names(book.settings.teams),
            infers_holds=True,
            not_recognised=self.not_recognised,
        )

    def _assignment(self, order: WorkerOrder, context: Any) -> WorkerAssignment:
        """What a worker may use of its Lambda's time, and how it calls the next one."""
        from sotto.aws.lambda_functions import LambdaAudioWorkers
        from sotto.transcription.ports import WorkerAssignment

        remaining_ms = float(context.get_remaining_time_in_millis())
        own_limit_s = self.settings.of(WorkerLimit).worker_limit_s
        limit_ms = own_limit_s * 1000 if own_limit_s is not None else remaining_ms - HANDOVER_MARGIN_MS
        workers = LambdaAudioWorkers(self.functions)
        return WorkerAssignment(
            worker=context.aws_request_id,  # the same when Lambda runs a failed order again
            generation=order.generation,
            until_ms=self.clock.monotonic_ms() + max(0.0, limit_ms),
            start_successor=lambda: workers.start(order.tenant, order.contact_id, order.generation + 1),
        )
