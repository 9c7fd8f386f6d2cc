"""Agent events keep the directory level between two synchronisations: who moved to another group or routing profile, or
is new, is known at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.contacts.directory import Directory, DirectoryAgent, resource_id
from sotto.contacts.start import TenantDirectory
from sotto.sources.connect.agent_event import AgentEvent


class LatestAgents(Directory, Protocol):
    def put_agent_as_of(self, tenant: str, instance: str, agent: DirectoryAgent, at_ms: int) -> bool:
        """False where the directory has something as new, or newer, of the agent. Raises StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class AgentEventPorts:
    tenants: TenantDirectory
    directory: LatestAgents


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
