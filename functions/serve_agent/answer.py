"""From AppSync's resolver event to the use case, and from its result or error to what the resolver code expects."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sotto.delivery.agent_ports import AgentPorts
from sotto.delivery.agent_requests import NotFound, serve
from sotto.delivery.asked import BadRequest
from sotto.delivery.caller import Unauthorised, caller_of
from sotto.delivery.questions import TooManyQuestions
from sotto.errors import Degraded, Retryable, SottoError

Answer = dict[str, Any]
"""``{"data": ...}`` or ``{"error": {"type", "message"}}``, which sotto/delivery/resolvers turns into GraphQL."""


class _Info(BaseModel):
    parent_type: str = Field(alias="parentTypeName")
    field: str = Field(alias="fieldName")


class _Identity(BaseModel):
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


_TYPES: tuple[tuple[type[SottoError], str], ...] = (
    (Unauthorised, "Unauthorized"),
    (NotFound, "NotFound"),
    (BadRequest, "BadRequest"),
    (TooManyQuestions, "TooManyQuestions"),
    (Retryable, "Unavailable"),
    (Degraded, "Unavailable"),
)


def answer(event: dict[str, Any], ports: AgentPorts, log: Logger) -> Answer:
    try:
        request = AppSyncRequest.model_validate(event)
    except ValidationError:
        return _error("Unauthorized", "identity: sign in with an OpenID Connect token")
    try:
        return {"data": serve(request.name, request.arguments, caller_of(request.identity.claims), ports)}
    except tuple(kind for kind, _ in _TYPES) as error:
        return _refusal(request.name, error, log)


def _refusal(field: str, error: SottoError, log: Logger) -> Answer:
    named = next(name for kind, name in _TYPES if isinstance(error, kind))
    log.info("request refused", field=field, error=type(error).__name__)
    if named == "Unavailable":
        return _error(named, "This could not be served just now; try again.")
    return _error(named, str(error))


def _error(type_: str, message: str) -> Answer:
    return {"error": {"type": type_, "message": message}}
