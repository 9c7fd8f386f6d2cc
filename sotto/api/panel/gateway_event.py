"""The events of an API Gateway WebSocket API, as far as they are used.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Json, TypeAdapter

from sotto.api.panel.desktop import Desktop
from sotto.core.validation import read_event

LONGEST_CONNECTION_S = 7_200


class _Authorised(BaseModel):
    """What authorise_connection said of the connection."""

    model_config = ConfigDict(hide_input_in_errors=True)

    claims: Json[dict[str, Any]]
    expires_at: int


class _Context(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    connection_id: str = Field(alias="connectionId")
    event_type: Literal["CONNECT", "MESSAGE", "DISCONNECT"] = Field(alias="eventType")
    connected_at_ms: int = Field(alias="connectedAt")
    authorizer: _Authorised


class GatewayEvent(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    context: _Context = Field(alias="requestContext")
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""

    @classmethod
    def parsed(cls, event: Any) -> GatewayEvent:
        """Raises MalformedEvent."""
        return read_event(_events, event, "one of a WebSocket API")

    @property
    def opens(self) -> bool:
        return self.context.event_type == "CONNECT"

    def desktop(self) -> Desktop:
        """Good until its token ends, or API Gateway ends the connection."""
        given = self.context.authorizer
        ends_at = self.context.connected_at_ms // 1000 + LONGEST_CONNECTION_S
        return Desktop(self.context.connection_id, given.claims, min(given.expires_at, ends_at))


_events: TypeAdapter[GatewayEvent] = TypeAdapter(GatewayEvent)
