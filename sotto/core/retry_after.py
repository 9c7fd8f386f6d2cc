"""When a service wants to be asked again."""

from __future__ import annotations

from email.utils import parsedate_to_datetime


def retry_after_ms(header: str | None, *, now_ms: float) -> float | None:
    """Of ``Retry-After``: seconds or a date (RFC 9110, 10.2.3). None where it says nothing. ``now_ms``: Unix epoch."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header) * 1000
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() * 1000 - now_ms)
    except ValueError:
        return None
