"""What Lambda's Invoke refuses before any handler runs."""

from __future__ import annotations

import json

from sotto.core.errors import Rejected, Retryable

SYNC_LIMIT_BYTES = 6_291_456
ASYNC_LIMIT_BYTES = 1_048_576


class FunctionNotFound(Rejected):
    """ResourceNotFoundException."""


class PayloadRejected(Rejected):
    """InvalidRequestContentException: the payload is not JSON."""


class PayloadTooLarge(Rejected):
    """RequestEntityTooLargeException."""


class TooManyRequests(Retryable):
    """TooManyRequestsException; ``reason`` is Lambda's own."""

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


def check_payload(payload: bytes, limit: int) -> None:
    """Raises PayloadTooLarge, PayloadRejected."""
    if len(payload) > limit:
        raise PayloadTooLarge(f"{len(payload)} byte payload is too large for the invocation type (limit {limit} bytes)")
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        raise PayloadRejected(f"Could not parse request body into json: {error}") from error
