"""What the deployment tells the gateway, read from the environment."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, Json

from media_gateway.protocols.protocol import GatewayEntry
from media_gateway.protocols.providers import PROVIDERS
from sotto.core.errors import Rejected
from sotto.core.settings import Setting


class EntryMistaken(Rejected):
    """A gateway of the deployment cannot be served; the message says which and why."""


class EntrySettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    provider: str
    tenant: str = Field(min_length=1)
    account: str = ""
    secret: str = Field(min_length=1)


class GatewaySettings(Setting):
    """``host``: the public one, which telephone systems dial and sign. ``streams_begin``: of the streams' names.
    ``key``: alias with ``{tenant}``, of the tenants' KMS keys; None for the service's own. ``sessions``: at once."""

    entries: Json[tuple[EntrySettings, ...]] = Field(alias="SOTTO_GATEWAY_ENTRIES")
    host: str = Field(alias="SOTTO_GATEWAY_HOST")
    streams_begin: str = Field(default="sotto-gateway-", alias="SOTTO_GATEWAY_STREAMS")
    key: str | None = Field(default=None, alias="SOTTO_TENANT_KEY")
    retention_hours: int = Field(default=24, ge=1, alias="SOTTO_GATEWAY_RETENTION_HOURS")
    sessions: int = Field(default=200, ge=1, alias="SOTTO_GATEWAY_SESSIONS")
    fragments_a_second: float = Field(default=5.0, ge=0, alias="SOTTO_GATEWAY_FRAGMENTS_A_SECOND")

    def by_path(self) -> dict[str, GatewayEntry]:
        """``/twilio/main`` -> the entry. Raises EntryMistaken."""
        found: dict[str, GatewayEntry] = {}
        for each in self.entries:
            if each.provider not in PROVIDERS:
                raise EntryMistaken(f"gateway {each.id}: provider must be one of {', '.join(sorted(PROVIDERS))}")
            path = f"/{each.provider}/{each.id}"
            if path in found:
                raise EntryMistaken(f"gateway {each.id}: listed twice")
            found[path] = GatewayEntry(**each.model_dump())
        return found
