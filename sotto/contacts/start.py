"""A contact flow asks for guidance. Whatever happens here, the flow gets a plain answer and the call goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sotto.call.contact import Contact
from sotto.core.errors import Retryable
from sotto.sources.connect.flow_event import ContactFlowEvent, NotAContactFlowEvent, NothingToTranscribe
from sotto.transcription.lease.worker_order import AudioWorkers


class TenantDirectory(Protocol):
    def tenant_of(self, instance_arn: str) -> str | None:
        """The tenant that owns a Connect instance, or None."""
        ...


class ConsentRules(Protocol):
    def refusal(self, contact: Contact, *, caller: str | None) -> str | None:
        """Why this contact may not be listened to, or None when it may. The decision is recorded for audit; ``caller``,
        the customer's number, is not. Raises Retryable."""
        ...


class ContactRegister(Protocol):
    def record(self, contact: Contact) -> bool:
        """Store a new contact; False when it was there already."""
        ...


@dataclass(frozen=True, slots=True)
class FlowAnswer:
    """What the flow reads back as ``$.External.guidance`` and ``$.External.reason``."""

    guidance: str
    reason: str

    def as_string_map(self) -> dict[str, str]:
        return {"guidance": self.guidance, "reason": self.reason}


def skipped(reason: str) -> FlowAnswer:
    return FlowAnswer("skipped", reason)


def unavailable(reason: str) -> FlowAnswer:
    return FlowAnswer("unavailable", reason)


@dataclass(frozen=True, slots=True)
class StartPorts:
    tenants: TenantDirectory
    consent: ConsentRules
    contacts: ContactRegister
    workers: AudioWorkers


def start_guidance(event: Any, ports: StartPorts) -> FlowAnswer:
    """Record the contact and start listening to it. A repeated event changes nothing."""
    try:
        flow = ContactFlowEvent.parsed(event)
        tenant = ports.tenants.tenant_of(flow.details.contact_data.instance_arn)
        if tenant is None:
            return skipped("unknown-instance")
        contact = flow.contact_for(tenant)
    except NotAContactFlowEvent as error:
        return unavailable(str(error))
    except NothingToTranscribe as error:
        return skipped(error.reason)
    except Retryable:
        return unavailable("try-again")
    return _started(contact, flow.caller, ports)


def _started(contact: Contact, caller: str | None, ports: StartPorts) -> FlowAnswer:
    try:
        refusal = ports.consent.refusal(contact, caller=caller)
        if refusal is not None:
            return skipped(refusal)
        is_new = ports.contacts.record(contact)
        # Also for a repeated event: the first may have failed between recording and starting. A worker too many finds
        # the contact's lease taken and leaves.
        ports.workers.start(contact.tenant, contact.contact_id, 1)
    except Retryable:
        return unavailable("try-again")
    return FlowAnswer("started", "listening" if is_new else "already-started")
