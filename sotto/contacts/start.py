"""A contact flow asks for guidance. Whatever happens here, the flow gets a plain answer and the call goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import Event
from sotto.call.live import CallTime
from sotto.contacts.customer.order import CustomerLookUps, NoLookUps
from sotto.contacts.directory import Directory
from sotto.contacts.languages import AsConnectSays, ContactLanguages
from sotto.contacts.teams import EmptyDirectory, placed
from sotto.contacts.transfers import before, following, may_read
from sotto.core.clock import Clock, SystemClock
from sotto.core.errors import Retryable
from sotto.sources.connect.flow_event import ContactFlowEvent, NotAContactFlowEvent, NothingToTranscribe
from sotto.transcription.lease.worker_order import AudioWorkers


class ContactChanged(Retryable):
    """Someone else changed the contact in the meantime; read it again and repeat."""


class TenantDirectory(Protocol):
    def tenant_of(self, instance_arn: str) -> str | None:
        """The tenant that owns a Connect instance, or None."""
        ...


class ConsentRules(Protocol):
    def refusal(self, contact: Contact, *, caller: str | None) -> str | None:
        """Why this contact may not be listened to, or None when it may. The decision is recorded for audit; ``caller``,
        the customer's number, is not. Raises Retryable."""
        ...


class Teams(Protocol):
    def team_of(self, tenant: str, agent: str) -> str | None: ...


class AssignmentChannel(Protocol):
    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        """Notify the panels of the agents concerned."""
        ...


class Guidance(Protocol):
    def tick(self, contact: Contact, time: CallTime) -> None:
        """Say how far the contact is, for rules about what did not happen."""
        ...

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        """Notify the playbook, whose rules may count from this moment."""
        ...


class ContactRegister(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def record(self, contact: Contact) -> bool:
        """Store a new contact; False when it was there already."""
        ...

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event]) -> None:
        """Store a changed contact, its assignment to an agent and what of it is an event. Raises ContactChanged."""
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
    teams: Teams
    channel: AssignmentChannel
    guidance: Guidance
    directory: Directory = field(default_factory=EmptyDirectory)
    languages: ContactLanguages = field(default_factory=AsConnectSays)
    customers: CustomerLookUps = field(default_factory=NoLookUps)
    clock: Clock = field(default_factory=SystemClock)


def start_guidance(event: Any, ports: StartPorts) -> FlowAnswer:
    """Record the contact and start listening to it; a chat's messages come by themselves. A repeated event changes
    nothing."""
    try:
        flow = ContactFlowEvent.parsed(event)
        tenant = ports.tenants.tenant_of(flow.details.contact_data.instance_arn)
        if tenant is None:
            return skipped("unknown-instance")
        contact = _with_agent(
            flow, _with_queue_name(flow.contact_for(tenant, now_ms=ports.clock.now_ms()), ports), ports
        )
        earlier = before(contact, ports.contacts)
        contact = following(contact, earlier) if earlier is not None else contact
        contact = ports.languages.in_its_language(contact)
    except NotAContactFlowEvent as error:
        return unavailable(str(error))
    except NothingToTranscribe as error:
        return skipped(error.reason)
    except Retryable:
        return unavailable("try-again")
    return _started(contact, flow.caller, ports)


def _has_its_own_stream_now(contact: Contact, ports: StartPorts) -> bool:
    """The event that an agent took over came before the flow that streams for this contact: nobody reads it yet, and
    nobody need wait for the stream of the contact before."""
    known = ports.contacts.contact(contact.tenant, contact.contact_id)
    if known is None or contact.is_written or contact.continues or may_read(known, ports.contacts):
        return False
    own = replace(
        known,
        stream_arn=contact.stream_arn,
        media_started_at_ms=contact.media_started_at_ms,
        continues=(),
        version=known.version + 1,
    )
    ports.contacts.replace(own, expected_version=known.version, events=())
    return True


def _with_queue_name(contact: Contact, ports: StartPorts) -> Contact:
    """An inbound flow has none yet. A whisper flow gives name and ARN; a missing name may be in a directory."""
    if contact.queue is not None or contact.queue_arn is None:
        return contact
    return replace(contact, queue=ports.directory.queue_name(contact.tenant, contact.queue_arn))


def _with_agent(flow: ContactFlowEvent, contact: Contact, ports: StartPorts) -> Contact:
    """In a whisper flow the agent has accepted the contact; the event that says so may have come before this one, when
    nobody knew the contact yet."""
    if flow.agent is None:
        return contact
    known = ports.directory.agent(contact.tenant, flow.agent)
    agent = known.username if known else flow.agent
    connected = replace(
        contact,
        agent=agent,
        team=ports.teams.team_of(contact.tenant, agent),
        status=ContactStatus.CONNECTED,
        connected_at_ms=float(contact.media_started_at_ms),
    )
    return placed(connected, ports.directory)


def _started(contact: Contact, caller: str | None, ports: StartPorts) -> FlowAnswer:
    try:
        refusal = ports.consent.refusal(contact, caller=caller)
        if refusal is not None:
            return skipped(refusal)
        is_new = ports.contacts.record(contact) or _has_its_own_stream_now(contact, ports)
        # Also for a repeated event: the first may have failed between recording and starting. A worker too many finds
        # the contact's lease taken and leaves.
        if may_read(contact, ports.contacts):
            ports.workers.start(contact.tenant, contact.contact_id, 1)
        if is_new:
            ports.customers.want(contact)
        if is_new and contact.agent is not None:
            ports.channel.contact_changed(contact, previous_agent=None)
            ports.guidance.agent_joined(contact, 0)
    except Retryable:
        return unavailable("try-again")
    return FlowAnswer("started", "listening" if is_new else "already-started")
