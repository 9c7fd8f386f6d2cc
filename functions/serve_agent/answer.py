"""From AppSync's resolver event to the use case, and from its result or error to what the resolver code expects."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sotto.api.caller import Unauthorised, signed_for
from sotto.api.panel.answers import Answer, answered, refusal
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.requests import SERVED_FIELDS
from sotto.core.errors import SottoError


class _Info(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    parent_type: str = Field(alias="parentTypeName")
    field: str = Field(alias="fieldName")


class _Identity(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    claims: dict[str, Any]


class AppSyncRequest(BaseModel):
    """https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference.html"""

    model_config = ConfigDict(hide_input_in_errors=True)

    info: _Info
    identity: _Identity
    arguments: dict[str, Any] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.info.parent_type}.{self.info.field}"


__all__ = ["Answer", "answer"]


def answer(event: dict[str, Any], ports: AgentPorts, log: Logger, *, tenants: Collection[str]) -> Answer:
    """What sotto/realtime/resolvers turns into GraphQL. ``tenants``: those that AppSync's issuer is configured for."""

    def refused(field: str, error: SottoError) -> None:
        known = field if field in SERVED_FIELDS else "unknown"
        log.info("request refused", field=known, error=type(error).__name__)

    try:
        request = AppSyncRequest.model_validate(event)
    except ValidationError:
        return refusal("Unauthorized", "identity: sign in with an OpenID Connect token")
    try:
        signed_for(request.identity.claims, tenants)
    except Unauthorised as error:
        refused(request.name, error)
        return refusal("Unauthorized", str(error))
    return answered(request.name, request.arguments, request.identity.claims, ports, refused)
