"""Contact events change who is on the call: agent, team and status. Policies are compiled anew when they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import AgentConnected, ConversationEnded, Event
from sotto.contacts.directory import Directory
from sotto.contacts.start import TenantDirectory
from sotto.contacts.teams import EmptyDirectory, named, placed
from sotto.core.errors import Retryable
from sotto.sources.connect.contact_event import ContactEvent


class ContactChanged(Retryable):
    """Someone else changed the contact in the meantime; read it again and repeat."""


class VersionedContacts(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event]) -> None:
        """Store a changed contact, its assignment to an agent and what of it is an event. Raises ContactChanged."""
        ...


class Teams(Protocol):
    def team_of(self, tenant: str, agent: str) -> str | None: ...


class AssignmentChannel(Protocol):
    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        """Notify the panels of the agents concerned."""
        ...


class Guidance(Protocol):
    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        """Notify the playbook, whose rules may count from this moment."""
        ...


class WorkerRevival(Protocol):
    def revive_abandoned(self, contact: Contact) -> None:
        """Give a call that has lost its audio worker another one. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class FollowPorts:
    tenants: TenantDirectory
    contacts: VersionedContacts
    teams: Teams
    channel: AssignmentChannel
    guidance: Guidance
    revival: WorkerRevival
    directory: Directory = field(default_factory=EmptyDirectory)


ATTEMPTS = 4


def follow_contact(event: ContactEvent, ports: FollowPorts) -> Contact | None:
    """Apply one contact event; None when it concerns no contact of ours or changes nothing. Raises ContactChanged."""
    tenant = ports.tenants.tenant_of(event.instance_arn)
    if tenant is None:
        return None
    event = named(event, tenant, ports.directory)
    for attempt in range(ATTEMPTS):
        contact = ports.contacts.contact(tenant, event.contact_id)
        changed = contact and after(event, contact, ports.teams)
        if contact is None or changed is None:
            return None
        if changed.agent != contact.agent:
            changed = placed(changed, ports.directory)
        if changed == contact:
            ports.revival.revive_abandoned(contact)
            return None
        try:
            ports.contacts.replace(changed, expected_version=contact.version, events=_events(event, contact, changed))
        except ContactChanged:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        ports.channel.contact_changed(changed, previous_agent=contact.agent)
        if changed.agent != contact.agent and event.connected_at_ms is not None:
            ports.guidance.agent_joined(changed, max(0, int(event.connected_at_ms - contact.media_started_at_ms)))
        if changed.status is not ContactStatus.ENDED:
            ports.revival.revive_abandoned(changed)
        return changed
    return None


def _events(event: ContactEvent, before: Contact, now: Contact) -> list[Event]:
    at_ms = event.occurred_at_ms or before.media_started_at_ms
    if now.status is ContactStatus.ENDED:
        return [ConversationEnded.of(now, at_ms=at_ms)]
    return [AgentConnected.of(now, at_ms=event.connected_at_ms or at_ms)] if now.agent != before.agent else []


def after(event: ContactEvent, contact: Contact, teams: Teams) -> Contact:
    """The contact as it is after the event. An ended contact stays ended, whatever arrives late."""
    if contact.status is ContactStatus.ENDED:
        return contact
    if event.kind == "CONNECTED_TO_AGENT" and event.agent:
        team = teams.team_of(contact.tenant, event.agent)
        unchanged = (contact.agent, contact.team, contact.status) == (event.agent, team, ContactStatus.CONNECTED)
        if unchanged:
            return contact
        return replace(
            contact, agent=event.agent, team=team, status=ContactStatus.CONNECTED, version=contact.version + 1
        )
    if event.kind in ("DISCONNECTED", "COMPLETED"):
        return replace(contact, status=ContactStatus.ENDED, version=contact.version + 1)
    return contact
