"""The media gateway as a deployment file describes it: docs/media-gateway.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

STREAMS = "gateway-"
"""Begins the names of its streams, after the cell's prefix."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class GatewayEntry(_Part):
    """A telephone system's account whose calls are a tenant's. ``id``: of its address, ``wss://<host>/<provider>/<id>``.
    ``account``: what the telephone system calls the account; ``secret_arn``: of the secret that it signs with."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
    provider: Literal["twilio", "genesys"]
    tenant: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    account: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    secret_arn: Annotated[
        str, StringConstraints(pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+$")
    ]


class MediaGateway(_Part):
    """``host``: which telephone systems dial; ``certificate_arn``: of a public certificate for it, in the region.
    ``fewest`` and ``most``: tasks, of one processor each; ``sessions``: calls at once that a task admits."""

    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{3,253}$", to_lower=True)]
    certificate_arn: Annotated[
        str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$")
    ]
    entries: tuple[GatewayEntry, ...] = Field(min_length=1)
    fewest: int = Field(default=2, ge=1, le=100)
    most: int = Field(default=6, ge=1, le=500)
    sessions: int = Field(default=100, ge=1, le=1_000)
    retention_hours: int = Field(default=2, ge=1, le=24)
