"""One call, as Sotto knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Speaker(StrEnum):
    """Who speaks on a track: AUDIO_FROM_CUSTOMER carries the customer, AUDIO_TO_CUSTOMER the agent."""

    CUSTOMER = "customer"
    AGENT = "agent"


class ContactStatus(StrEnum):
    STARTED = "started"
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Contact:
    """One call. ``media_started_at_ms`` (Unix epoch) is call time zero; every ``*_ms`` of speech counts from it."""

    tenant: str
    contact_id: str
    instance_arn: str
    stream_arn: str
    media_started_at_ms: int
    initiation_method: str = "INBOUND"
    language: str = "en-US"
    queue: str | None = None
    agent: str | None = None
    team: str | None = None
    status: ContactStatus = ContactStatus.STARTED
    attributes: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    """Names of the hierarchy groups that the agent was in when the call came, from level 1 down."""
    routing_profile: str | None = None
    """The agent's then, by name."""
    version: int = 0
    """Rises with every change of agent, team or queue: compiled policies are cached under it."""


class ContactReader(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        """Raises StorageUnavailable."""
        ...
