"""What a deployment tells its functions, read from the environment once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sotto.core.errors import Rejected
from sotto.core.once import once

CHANNELS = ("appsync", "websocket")


class MissingSetting(Rejected):
    """An environment variable is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``recogniser`` overrides the tenants' order, for development. ``worker_limit_s``: hand over this often."""

    region: str
    contacts_table: str
    tenants_table: str
    models_table: str
    audit_table: str
    artifacts_bucket: str
    graphql_url: str
    guide_utterance_arn: str
    function_prefix: str = ""
    tenant_role_arn: str | None = None
    recogniser: str | None = None
    transcripts: Path | None = None
    worker_limit_s: float | None = None
    deepgram_secret: str | None = None
    """Name or ARN of the secret in Secrets Manager that holds Deepgram's API key."""
    deepgram_url: str | None = None
    transcribe_endpoint: str | None = None
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"*": ("appsync",)})
    """Tenant -> the channels to its panels; ``*`` for those that it does not name."""
    websocket_url: str = ""
    connections_table: str = "sotto-connections"
    oidc_issuer: str = ""
    oidc_client_id: str | None = None
    oidc_tenants: frozenset[str] = frozenset()
    """Whom the issuer signs for. Its tokens open nothing of anybody else."""
    cell: str = "embedded"
    """The dimension by which cells' metrics are told apart; see infra/deployment.py."""
    metrics_file: Path | None = None
    """Where metrics are written instead of standard output, for development."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises MissingSetting naming the variable."""

        def needed(name: str) -> str:
            if not environment.get(name):
                raise MissingSetting(f"environment variable {name} is not set")
            return environment[name]

        limit = environment.get("SOTTO_WORKER_LIMIT_S")
        transcripts = environment.get("SOTTO_TRANSCRIPTS")
        metrics_file = environment.get("SOTTO_METRICS_FILE")
        return cls(
            region=needed("AWS_REGION"),
            contacts_table=environment.get("SOTTO_CONTACTS_TABLE", "sotto-contacts"),
            tenants_table=environment.get("SOTTO_TENANTS_TABLE", "sotto-tenants"),
            models_table=environment.get("SOTTO_MODELS_TABLE", "sotto-models"),
            audit_table=environment.get("SOTTO_AUDIT_TABLE", "sotto-audit"),
            artifacts_bucket=environment.get("SOTTO_ARTIFACTS_BUCKET", "sotto-artifacts"),
            graphql_url=environment.get("SOTTO_GRAPHQL_URL", ""),
            guide_utterance_arn=environment.get("SOTTO_GUIDE_UTTERANCE_ARN", ""),
            function_prefix=environment.get("SOTTO_FUNCTION_PREFIX", ""),
            tenant_role_arn=environment.get("SOTTO_TENANT_ROLE_ARN") or None,
            recogniser=environment.get("SOTTO_RECOGNISER") or None,
            transcripts=Path(transcripts) if transcripts else None,
            worker_limit_s=float(limit) if limit else None,
            deepgram_secret=environment.get("SOTTO_DEEPGRAM_SECRET") or None,
            deepgram_url=environment.get("SOTTO_DEEPGRAM_URL") or None,
            transcribe_endpoint=environment.get("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING") or None,
            channels=_channels(environment.get("SOTTO_CHANNELS")),
            websocket_url=environment.get("SOTTO_WEBSOCKET_URL", ""),
            connections_table=environment.get("SOTTO_CONNECTIONS_TABLE", "sotto-connections"),
            oidc_issuer=environment.get("SOTTO_OIDC_ISSUER", ""),
            oidc_client_id=environment.get("SOTTO_OIDC_CLIENT_ID") or None,
            oidc_tenants=frozenset(filter(None, environment.get("SOTTO_OIDC_TENANTS", "").split(","))),
            cell=environment.get("SOTTO_CELL") or "embedded",
            metrics_file=Path(metrics_file) if metrics_file else None,
        )


def _channels(written: str | None) -> Mapping[str, tuple[str, ...]]:
    """``{"*": ["appsync"], "harbour_bank": ["appsync", "websocket"]}``"""
    if not written:
        return {"*": ("appsync",)}
    try:
        chosen = {str(tenant): tuple(names) for tenant, names in json.loads(written).items()}
    except (ValueError, AttributeError, TypeError):
        raise MissingSetting("environment variable SOTTO_CHANNELS: must be a JSON object of lists") from None
    unknown = {name for names in chosen.values() for name in names} - set(CHANNELS)
    if unknown or not all(chosen.values()):
        raise MissingSetting(f"environment variable SOTTO_CHANNELS: each tenant has some of {', '.join(CHANNELS)}")
    return chosen


@once
def settings() -> Settings:
    return Settings.from_environment()
