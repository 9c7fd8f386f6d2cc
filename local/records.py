"""What the embedded stack, and a deployment named sotto, call their tables and their bucket."""

from __future__ import annotations

from functions.specs import everything
from sotto.core.resources import ARTIFACTS, ARTIFACTS_VARIABLE, SEARCH, SEARCH_VARIABLE

BUCKET = ARTIFACTS


def records_environment() -> dict[str, str]:
    """By the variables in which functions are told."""
    tables = {table.variable: table.name for table in everything().tables}
    return {**tables, ARTIFACTS_VARIABLE: BUCKET, SEARCH_VARIABLE: SEARCH}
