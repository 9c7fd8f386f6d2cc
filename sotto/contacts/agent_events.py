"""What agent events tell between two synchronisations: who moved to another group or routing profile, or is new, and
when an agent puts a customer on hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

from sotto.call.agent_presence import with_hold_change
from sotto.call.contact import HoldChange
from sotto.contacts.directory import Directory, DirectoryAgent, resource_id
from sotto.contacts.start import AssignmentChannel, ContactChanged, ContactRegister, TenantDirectory
from sotto.sources.connect.agent_event import AgentEvent, ContactState


class LatestAgents(Directory, Protocol):
    def put_agent_as_of(self, tenant: str, instance: str, agent: DirectoryAgent, at_ms: int) -> bool:
        """False where the directory has something as new, or newer, of the agent. Raises StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class AgentEventPorts:
    tenants: TenantDirectory
    directory: LatestAgents
    contacts: ContactRegister
    channel: AssignmentChannel


ON_HOLD, CONNECTED = "CONNECTED_ONHOLD", "CONNECTED"
ATTEMPTS = 4


def take_agent_event(event: AgentEvent, ports: AgentEventPorts) -> bool:
    """Whether the directory changed. Most events change nothing: they are read, and nothing is written. An event of
    somebody whom the directory has marked as gone does not bring them back: heartbeats go on for an hour after the
    last logout. Raises StorageUnavailable."""
    configured = event.configuration
    tenant = ports.tenants.tenant_of(event.instance_arn)
    if tenant is None or configured is None:
        return False
    agent = DirectoryAgent(
        id=resource_id(event.agent_arn),
        username=configured.username,
        first_name=configured.first_name or "",
        last_name=configured.last_name or "",
        groups=event.group_names,
        routing_profile=configured.routing_profile.name if configured.routing_profile else None,
    )
    known = ports.directory.agent(tenant, agent.id)
    if known == agent or (known is not None and known.left_at_ms is not None):
        return False
    return ports.directory.put_agent_as_of(tenant, resource_id(event.instance_arn), agent, event.at_ms)


def take_holds(event: AgentEvent, ports: AgentEventPorts) -> int:
    """How many contacts changed. A heartbeat says again what is known, and an event that comes late what was true then:
    each change has its time, so neither matters. Raises ContactChanged and StorageUnavailable."""
    tenant = ports.tenants.tenant_of(event.instance_arn)
    if tenant is None:
        return 0
    return sum(_take(tenant, state.contact_id, _changes(state), ports) for state in event.contacts)


def _changes(state: ContactState) -> list[HoldChange]:
    """Of the agent who talks to the customer: one who is called, or has missed the contact, changes nothing."""
    found = []
    if state.state in (CONNECTED, ON_HOLD) and state.connected_at_ms is not None:
        found.append(HoldChange(state.connected_at_ms, on_hold=False))
    if state.state in (CONNECTED, ON_HOLD) and state.since_ms is not None:
        found.append(HoldChange(state.since_ms, on_hold=state.state == ON_HOLD))
    return found


def _take(tenant: str, contact_id: str, changes: Sequence[HoldChange], ports: AgentEventPorts) -> bool:
    if not changes:
        return False
    for attempt in range(ATTEMPTS):
        contact = ports.contacts.contact(tenant, contact_id)
        if contact is None:
            return False
        changed = reduce(with_hold_change, changes, contact)
        if changed is contact:
            return False
        try:
            changed = replace(changed, version=contact.version + 1)
            ports.contacts.replace(changed, expected_version=contact.version, events=())
        except ContactChanged:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        ports.channel.contact_changed(changed, previous_agent=changed.agent)
        return True
    return False
