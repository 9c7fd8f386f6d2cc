"""Contact events say who is on the call, in which queue and with which attributes. Policies are compiled anew then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import AgentConnected, ConversationEnded, Event
from sotto.call.language import overlap
from sotto.contacts.customer.order import CustomerLookUps, NoLookUps
from sotto.contacts.directory import Directory
from sotto.contacts.instance import InstanceContacts
from sotto.contacts.languages import AsConnectSays, ContactLanguages
from sotto.contacts.merge import merged
from sotto.contacts.start import (
    AssignmentChannel,
    ConsentRules,
    ContactChanged,
    ContactRegister,
    Guidance,
    Teams,
    TenantDirectory,
)
from sotto.contacts.teams import EmptyDirectory, named, placed, renamed
from sotto.contacts.transfers import ConversationContacts, may_read, taken_over, waiting_for
from sotto.core.errors import Retryable
from sotto.sources.connect.attributes import kept_attributes
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.worker_order import AudioWorkers


class VersionedContacts(ContactRegister, ConversationContacts, Protocol): ...


class WorkerRevival(Protocol):
    def revive_abandoned(self, contact: Contact) -> None:
        """Give a call that has lost its audio worker another one. Raises Retryable."""
        ...

    def in_another_language(self, contact: Contact) -> None:
        """Have another worker take the call over, whose recogniser and rules are those of the contact's language.
        Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class FollowPorts:
    tenants: TenantDirectory
    contacts: VersionedContacts
    teams: Teams
    channel: AssignmentChannel
    guidance: Guidance
    revival: WorkerRevival
    instance: InstanceContacts
    consent: ConsentRules
    workers: AudioWorkers
    directory: Directory = field(default_factory=EmptyDirectory)
    languages: ContactLanguages = field(default_factory=AsConnectSays)
    customers: CustomerLookUps = field(default_factory=NoLookUps)


ATTEMPTS = 4


def follow_contact(event: ContactEvent, ports: FollowPorts) -> Contact | None:
    """Apply one contact event; None when it concerns no contact of ours or changes nothing. Raises ContactChanged, and
    Retryable for attributes that changed and could not be read: the event comes again."""
    tenant = ports.tenants.tenant_of(event.instance_arn)
    if tenant is None:
        return None
    contact = ports.contacts.contact(tenant, event.contact_id)
    if contact is None:
        return _take_over(event, tenant, ports)
    attributes, unread = _attributes_now(event, contact, ports)
    changed = apply_facts(event, contact, ports, attributes)
    if unread is not None and event.changes_attributes:
        raise unread
    return changed


def apply_facts(
    event: ContactEvent, contact: Contact, ports: FollowPorts, attributes: Mapping[str, str] | None = None
) -> Contact | None:
    """Store what the event adds to ``contact``, and show it; None where it adds nothing. Raises ContactChanged."""
    for attempt in range(ATTEMPTS):
        changed = _after(event, contact, ports, attributes)
        if changed == contact:
            ports.revival.revive_abandoned(contact)
            return None
        try:
            ports.contacts.replace(changed, expected_version=contact.version, events=_events(event, contact, changed))
        except ContactChanged:
            known = ports.contacts.contact(contact.tenant, contact.contact_id)
            if attempt == ATTEMPTS - 1 or known is None:
                raise
            contact = known
            continue
        _show(contact, changed, ports)
        return changed
    return None


def _take_over(event: ContactEvent, tenant: str, ports: FollowPorts) -> Contact | None:
    """An agent got the customer by a transfer whose flow starts no guidance."""
    begun = taken_over(event, tenant, ports.contacts)
    if begun is None:
        return None
    contact = replace(_after(event, begun, ports, None), version=0)
    if ports.consent.refusal(contact, caller=None) is not None or not ports.contacts.record(contact):
        return None
    ports.channel.contact_changed(contact, previous_agent=None)
    ports.guidance.agent_joined(contact, 0)
    ports.customers.want(contact)
    if may_read(contact, ports.contacts):
        ports.workers.start(tenant, contact.contact_id, 1)
    return contact


def _go_on_without(ended: Contact, ports: FollowPorts) -> None:
    """Who took over the customer takes over the stream, once its contact has ended."""
    for contact in waiting_for(ended, ports.contacts):
        ports.workers.start(contact.tenant, contact.contact_id, 1)


def _show(before: Contact, now: Contact, ports: FollowPorts) -> None:
    ports.channel.contact_changed(now, previous_agent=before.agent)
    if now.connected_at_ms is not None and (now.agent, now.connected_at_ms) != (before.agent, before.connected_at_ms):
        ports.guidance.agent_joined(now, max(0, int(now.connected_at_ms - now.media_started_at_ms)))
    if now.attributes != before.attributes:
        ports.customers.want(now)
    if now.status is not ContactStatus.ENDED:
        if not overlap(now.language, before.language) and may_read(now, ports.contacts):
            ports.revival.in_another_language(now)
        ports.revival.revive_abandoned(now)
    elif before.status is not ContactStatus.ENDED:
        _go_on_without(now, ports)


def _events(event: ContactEvent, before: Contact, now: Contact) -> list[Event]:
    """What is settled by the change. An agent whose event came after the end was connected all the same."""
    made: list[Event] = []
    at_ms = event.occurred_at_ms or before.media_started_at_ms
    if now.agent is not None and now.agent != before.agent:
        made.append(AgentConnected.of(now, at_ms=now.connected_at_ms or at_ms))
    if now.status is ContactStatus.ENDED and before.status is not ContactStatus.ENDED:
        made.append(ConversationEnded.of(now, at_ms=now.ended_at_ms or at_ms))
    return made


def _after(event: ContactEvent, contact: Contact, ports: FollowPorts, attributes: Mapping[str, str] | None) -> Contact:
    """The contact with all that is known of it by now."""
    tenant = contact.tenant
    changed = merged(
        renamed(contact, ports.directory),
        named(event, tenant, ports.directory),
        team_of=lambda agent: ports.teams.team_of(tenant, agent),
        queue_name=lambda arn: ports.directory.queue_name(tenant, arn),
    )
    if changed.agent != contact.agent:
        changed = placed(changed, ports.directory)
    if attributes is not None:
        changed = replace(changed, attributes=attributes)
    changed = ports.languages.in_its_language(changed)
    unchanged = replace(changed, version=contact.version) == contact
    return contact if unchanged else replace(changed, version=contact.version + 1)


def _attributes_now(
    event: ContactEvent, contact: Contact, ports: FollowPorts
) -> tuple[Mapping[str, str] | None, Retryable | None]:
    """Asked for where an event says that they changed, and when an agent comes: that event may have been lost. Never
    does a throttled API keep the agent from being known."""
    if (
        contact.erased
        or contact.status is ContactStatus.ENDED
        or not (event.changes_attributes or event.kind == "CONNECTED_TO_AGENT")
    ):
        return None, None
    try:
        found = ports.instance.attributes(contact)
    except Retryable as error:
        return None, error
    return None if found is None else kept_attributes(found), None
