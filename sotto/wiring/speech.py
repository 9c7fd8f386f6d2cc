"""From audio or segments to utterances: transcribe_call and hear_contact_lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sotto.contact.contact import Contact
from sotto.contact.worker_order import WorkerOrder
from sotto.wiring.contact import functions, is_over
from sotto.wiring.delivery import channel
from sotto.wiring.once import once
from sotto.wiring.process import acting_client, boto_client, clock, media_sessions, metrics, missed, redaction_alarm
from sotto.wiring.recognisers import steady_recogniser
from sotto.wiring.settings import settings
from sotto.wiring.stores import books, consent_log, consents, contacts, leases

if TYPE_CHECKING:
    from sotto.privacy.redactor import Redactor
    from sotto.speech.consented import ConsentPorts
    from sotto.speech.segments import SegmentPorts
    from sotto.speech.worker import Assignment, Ears, TranscriptionPorts
    from sotto.storage.adapters.dynamodb_contacts import DynamoContacts


HANDOVER_MARGIN_MS = 60_000
"""A successor starts this long before Lambda ends its predecessor: a cold start and the catching up fit many times."""


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """What the audio worker's handler needs before it knows the contact's tenant."""

    contacts: DynamoContacts
    transcription: Callable[[Contact], TranscriptionPorts]
    consent: ConsentPorts
    assignment: Callable[[WorkerOrder, Any], Assignment]
    heard_out: Callable[[Contact], None]


@once
def ears(tenant: str) -> Ears:
    """With a session of the tenant's role, which reads no other tenant's streams, where the deployment has such."""
    from sotto.audio.adapters.kinesis_video import KinesisVideoMedia
    from sotto.audio.ears import MediaEars
    from sotto.speech.measured import MeasuredEars

    return MeasuredEars(MediaEars(KinesisVideoMedia.by(_media_client(tenant)), clock()), metrics(), clock())


def _media_client(tenant: str) -> Callable[..., Any]:
    role_arn = settings().tenant_role_arn
    if role_arn is None:
        return boto_client
    sessions = media_sessions(role_arn)
    return lambda service, **how: acting_client(service, sessions.credentials(tenant), **how)


def redactor(contact: Contact) -> Redactor:
    from sotto.privacy.languages import redactor_for
    from sotto.privacy.rules import RedactionRules

    rules = RedactionRules.of(books().current(contact.tenant).settings.redaction_in_effect)
    return redactor_for(contact, rules, redaction_alarm(contact.tenant))


def consent_ports() -> ConsentPorts:
    from sotto.speech.consented import ConsentPorts

    return ConsentPorts(
        lambda tenant: books().current(tenant).settings.consent.rule, consent_log(), consents(), clock()
    )


def worker_ports() -> WorkerPorts:
    from sotto.delivery.health import ToldOfLanguage
    from sotto.delivery.telling import GuidanceListeners
    from sotto.speech.worker import TranscriptionPorts

    not_told = missed("transcribe_call")
    listeners = GuidanceListeners(channel(), functions(), not_told)
    told = ToldOfLanguage(listeners, channel(), not_told)

    def transcription(contact: Contact) -> TranscriptionPorts:
        return TranscriptionPorts(
            ears=ears(contact.tenant),
            recogniser=steady_recogniser(contact.tenant),
            redactor=redactor,
            leases=leases(),
            listeners=told,
            clock=clock(),
            is_over=is_over,
            redaction_alarm=redaction_alarm,
        )

    return WorkerPorts(contacts(), transcription, consent_ports(), assignment, listeners.call_ended)


def segment_ports() -> SegmentPorts:
    from sotto.delivery.health import ToldOfLanguage
    from sotto.delivery.telling import GuidanceListeners
    from sotto.privacy.contact_consent import BookConsent
    from sotto.speech.measured import MeasuredListeners
    from sotto.speech.segments import SegmentPorts

    not_told = missed("hear_contact_lens")
    listeners = GuidanceListeners(channel(), functions(), not_told)
    return SegmentPorts(
        tenants=books(),
        contacts=contacts(),
        consent=BookConsent(books(), consent_log(), clock()),
        consent_rule=lambda tenant: books().current(tenant).settings.consent.rule,
        consent_log=consent_log(),
        kept=consents(),
        redactor=redactor,
        leases=leases(),
        listeners=MeasuredListeners(ToldOfLanguage(listeners, channel(), not_told), metrics()),
        clock=clock(),
        heard_out=listeners.call_ended,
        redaction_alarm=redaction_alarm,
    )


def assignment(order: WorkerOrder, context: Any) -> Assignment:
    """What a worker may use of its Lambda's time, and how it calls the next one."""
    from sotto.contact.adapters.lambda_functions import LambdaAudioWorkers
    from sotto.speech.worker import Assignment

    remaining_ms = float(context.get_remaining_time_in_millis())
    own_limit_s = settings().worker_limit_s
    limit_ms = own_limit_s * 1000 if own_limit_s is not None else remaining_ms - HANDOVER_MARGIN_MS
    workers = LambdaAudioWorkers(functions())
    return Assignment(
        worker=context.aws_request_id,  # the same when Lambda runs a failed order again
        generation=order.generation,
        until_ms=clock().monotonic_ms() + max(0.0, limit_ms),
        start_successor=lambda: workers.start(order.tenant, order.contact_id, order.generation + 1),
    )
