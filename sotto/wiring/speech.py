"""From audio or segments to utterances: transcribe_call and ingest_contact_lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sotto.call.contact import Contact
from sotto.call.live import WorkerOrder
from sotto.core.once import once
from sotto.wiring.contact import functions, is_over
from sotto.wiring.delivery import panel
from sotto.wiring.process import (
    acting_client,
    boto_client,
    clock,
    media_sessions,
    metrics,
    publish_failed,
    redaction_alarm,
)
from sotto.wiring.recognisers import failover_recogniser
from sotto.wiring.settings import settings
from sotto.wiring.stores import books, consents, contacts, leases

if TYPE_CHECKING:
    from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
    from sotto.redaction.redactor import Redactor
    from sotto.sources.contact_lens.consumer import SegmentPorts
    from sotto.transcription.ports import AudioSource, SessionPorts, TranscriptionPorts, WorkerAssignment


HANDOVER_MARGIN_MS = 60_000
"""A successor starts this long before Lambda ends its predecessor: a cold start and the catching up fit many times."""


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """What the audio worker's handler needs before it knows the contact's tenant."""

    contacts: DynamoContacts
    transcription: Callable[[Contact], TranscriptionPorts]
    assignment: Callable[[WorkerOrder, Any], WorkerAssignment]


@once
def audio_source(tenant: str) -> AudioSource:
    """With a session of the tenant's role, which reads no other tenant's streams, where the deployment has such."""
    from sotto.media.adapters.kinesis_video import KinesisVideoMedia
    from sotto.media.audio_source import MediaAudioSource

    return MediaAudioSource(KinesisVideoMedia.by(_media_client(tenant)), clock())


def _media_client(tenant: str) -> Callable[..., Any]:
    role_arn = settings().tenant_role_arn
    if role_arn is None:
        return boto_client
    sessions = media_sessions(role_arn)
    return lambda service, **how: acting_client(service, sessions.credentials(tenant), **how)


def redactor(contact: Contact) -> Redactor:
    from sotto.redaction.languages import redactor_for
    from sotto.tenants.redaction_rules import RedactionRules

    rules = RedactionRules.of(books().current(contact.tenant).settings.redaction_in_effect)
    return redactor_for(contact, rules, redaction_alarm(contact.tenant))


def session_ports() -> SessionPorts:
    """Of one worker, or of all calls whose text comes without audio."""
    from sotto.consent.decisions import ConsentPorts
    from sotto.consent.metrics import ConsentMetrics
    from sotto.transcription.metrics_observer import MetricsObserver
    from sotto.transcription.ports import SessionPorts

    return SessionPorts(
        redactor=redactor,
        consent=ConsentPorts(
            lambda tenant: books().current(tenant).settings.consent.rule,
            consents(),
            clock(),
            ConsentMetrics(metrics()),
        ),
        leases=leases(),
        clock=clock(),
        redaction_alarm=redaction_alarm,
        observer=MetricsObserver(metrics(), clock()),
    )


def worker_ports() -> WorkerPorts:
    from sotto.realtime.guidance_sink import GuidanceSink
    from sotto.realtime.health import LanguageHealthSink
    from sotto.transcription.ports import TranscriptionPorts

    to_panel = panel("transcribe_call")
    guidance = GuidanceSink(to_panel, functions(), publish_failed("transcribe_call"))
    sink = LanguageHealthSink(guidance, to_panel)

    def transcription(contact: Contact) -> TranscriptionPorts:
        return TranscriptionPorts(
            source=audio_source(contact.tenant),
            recogniser=failover_recogniser(contact.tenant),
            session=session_ports(),
            sink=sink,
            is_over=is_over,
        )

    return WorkerPorts(contacts(), transcription, assignment)


def segment_ports() -> SegmentPorts:
    from sotto.consent.at_start import BookConsent
    from sotto.consent.metrics import ConsentMetrics
    from sotto.realtime.guidance_sink import GuidanceSink
    from sotto.realtime.health import LanguageHealthSink
    from sotto.sources.contact_lens.consumer import SegmentPorts

    to_panel = panel("ingest_contact_lens")
    guidance = GuidanceSink(to_panel, functions(), publish_failed("ingest_contact_lens"))
    return SegmentPorts(
        tenants=books(),
        contacts=contacts(),
        consent=BookConsent(books(), consents(), clock(), ConsentMetrics(metrics())),
        session=session_ports(),
        sink=LanguageHealthSink(guidance, to_panel),
    )


def assignment(order: WorkerOrder, context: Any) -> WorkerAssignment:
    """What a worker may use of its Lambda's time, and how it calls the next one."""
    from sotto.aws.lambda_functions import LambdaAudioWorkers
    from sotto.transcription.ports import WorkerAssignment

    remaining_ms = float(context.get_remaining_time_in_millis())
    own_limit_s = settings().worker_limit_s
    limit_ms = own_limit_s * 1000 if own_limit_s is not None else remaining_ms - HANDOVER_MARGIN_MS
    workers = LambdaAudioWorkers(functions())
    return WorkerAssignment(
        worker=context.aws_request_id,  # the same when Lambda runs a failed order again
        generation=order.generation,
        until_ms=clock().monotonic_ms() + max(0.0, limit_ms),
        start_successor=lambda: workers.start(order.tenant, order.contact_id, order.generation + 1),
    )
