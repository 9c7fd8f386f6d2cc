"""A contact's start, changes and end: start_guidance and follow_contact."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sotto.call.contact import Contact, ContactStatus
from sotto.contacts.follow import FollowPorts
from sotto.contacts.start import StartPorts
from sotto.core.once import once
from sotto.transcription.lease.revival import AbandonedCalls, RevivePorts
from sotto.wiring.delivery import panel
from sotto.wiring.process import client, clock, metrics, publish_failed
from sotto.wiring.settings import settings
from sotto.wiring.stores import audit_log, books, consents, contact_table, contacts, leases

if TYPE_CHECKING:
    from sotto.aws.lambda_functions import LambdaFunctions
    from sotto.contacts.erase import ErasePorts


@once
def functions() -> LambdaFunctions:
    from sotto.aws.lambda_functions import LambdaFunctions

    return LambdaFunctions(client("lambda"), settings().function_prefix)


def start_ports() -> StartPorts:
    from sotto.aws.lambda_functions import LambdaAudioWorkers
    from sotto.consent.at_start import BookConsent
    from sotto.consent.metrics import ConsentMetrics

    return StartPorts(
        tenants=books(),
        consent=BookConsent(books(), consents(), clock(), ConsentMetrics(metrics())),
        contacts=contacts(),
        workers=LambdaAudioWorkers(functions()),
    )


def follow_ports() -> FollowPorts:
    from sotto.realtime.assignments import PanelAssignments
    from sotto.realtime.guidance_sink import GuidanceSink

    to_panel = panel("follow_contact")
    return FollowPorts(
        tenants=books(),
        contacts=contacts(),
        teams=books(),
        channel=PanelAssignments(to_panel, clock()),
        guidance=GuidanceSink(to_panel, functions(), publish_failed("follow_contact")),
        revival=AbandonedCalls(revive_ports()),
    )


def erase_ports() -> ErasePorts:
    from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
    from sotto.contacts.erase import ErasePorts

    stored = DynamoErasures(*contact_table())
    return ErasePorts(consents(), stored, audit_log(), clock(), wait=lambda ms: time.sleep(ms / 1000))


def revive_ports() -> RevivePorts:
    from sotto.aws.lambda_functions import LambdaAudioWorkers

    return RevivePorts(contacts(), leases(), LambdaAudioWorkers(functions()), clock())


def is_over(contact: Contact) -> bool:
    """Whether Connect has said that the contact ended."""
    now = contacts().contact(contact.tenant, contact.contact_id)
    return now is not None and now.status is ContactStatus.ENDED
