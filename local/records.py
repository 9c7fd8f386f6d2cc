"""What the embedded stack, and a deployment named sotto, call their tables and their bucket."""

from __future__ import annotations

from functions.specs import everything
from sotto.core.resources import (
    ARTIFACTS,
    ARTIFACTS_VARIABLE,
    FACTS,
    FACTS_VARIABLE,
    RECORDINGS,
    RECORDINGS_VARIABLE,
    SEARCH,
    SEARCH_VARIABLE,
)

BUCKET = ARTIFACTS


def records_environment() -> dict[str, str]:
    """By the variables in which functions are told."""
    tables = {table.variable: table.name for table in everything().tables}
    buckets = {
        ARTIFACTS_VARIABLE: BUCKET,
        RECORDINGS_VARIABLE: RECORDINGS,
        SEARCH_VARIABLE: SEARCH,
        FACTS_VARIABLE: FACTS,
    }
    return {**tables, **buckets}


def recording_key(tenant: str) -> str:
    """The KMS key that a tenant's recordings are under."""
    return f"arn:aws:kms:us-east-1:123456789012:key/audio-of-{tenant}"
