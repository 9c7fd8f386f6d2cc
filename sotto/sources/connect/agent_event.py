"""Amazon Connect's agent events (AGENT_EVENTS), as a Kinesis stream brings them: logins, changes of state and of
configuration, and a heartbeat every two minutes. Each holds the agent as configured then.
https://docs.aws.amazon.com/connect/latest/adminguide/agent-event-stream-model.html
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sotto.core.errors import Rejected
from sotto.core.validation import wrong_fields
from sotto.sources.connect.contact_record import PerhapsTime, Time

LEVELS = ("Level1", "Level2", "Level3", "Level4", "Level5")


class NotAnAgentEvent(Rejected):
    """The record of the stream is no agent event. The message names fields, never what they hold."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Named(_Part):
    name: str | None = Field(None, alias="Name")


class _Configuration(_Part):
    username: str = Field(alias="Username", min_length=1)
    first_name: str | None = Field(None, alias="FirstName")
    last_name: str | None = Field(None, alias="LastName")
    routing_profile: _Named | None = Field(None, alias="RoutingProfile")
    groups: dict[str, _Named | None] | None = Field(None, alias="AgentHierarchyGroups")


class ContactState(_Part):
    """Of a contact that the agent has. ``connected_at_ms`` stays what it was when a hold ends."""

    contact_id: str = Field(alias="ContactId", min_length=1)
    state: str = Field("", alias="State")
    since_ms: PerhapsTime = Field(None, alias="StateStartTimestamp")
    connected_at_ms: PerhapsTime = Field(None, alias="ConnectedToAgentTimestamp")


class _Snapshot(_Part):
    configuration: _Configuration | None = Field(None, alias="Configuration")
    contacts: tuple[ContactState, ...] | None = Field(None, alias="Contacts")


class AgentEvent(_Part):
    """``snapshot`` is null for an agent who has just logged out for good."""

    kind: str = Field(alias="EventType", min_length=1)
    agent_arn: str = Field(alias="AgentARN", min_length=1)
    instance_arn: str = Field(alias="InstanceARN", min_length=1)
    at_ms: Time = Field(alias="EventTimestamp")
    snapshot: _Snapshot | None = Field(None, alias="CurrentAgentSnapshot")

    @classmethod
    def parsed(cls, record: Any) -> AgentEvent:
        """Raises NotAnAgentEvent."""
        try:
            return _events.validate_python(record)
        except ValidationError as error:
            raise NotAnAgentEvent(f"not an agent event: {wrong_fields(error, _events)}") from None

    @property
    def configuration(self) -> _Configuration | None:
        return self.snapshot.configuration if self.snapshot else None

    @property
    def contacts(self) -> tuple[ContactState, ...]:
        return (self.snapshot.contacts if self.snapshot else None) or ()

    @property
    def group_names(self) -> tuple[str, ...]:
        """From level 1 down."""
        groups = (self.configuration.groups if self.configuration else None) or {}
        found = (groups.get(level) for level in LEVELS)
        return tuple(group.name for group in found if group is not None and group.name)


_events: TypeAdapter[AgentEvent] = TypeAdapter(AgentEvent)
