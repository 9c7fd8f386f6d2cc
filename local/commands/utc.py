"""Times as commands print them."""

from __future__ import annotations

from datetime import UTC, datetime


def minute(at_ms: int) -> str:
    """Unix time; empty for 0, which stands for unknown."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC") if at_ms else ""
