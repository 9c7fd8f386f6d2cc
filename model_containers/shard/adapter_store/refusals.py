"""What each error means to an HTTP caller."""

from __future__ import annotations

from typing import Any

from model_containers.shard.adapter_store.slots import NoRoom
from model_containers.shard.adapter_store.sources import NotFound
from sotto.core.errors import Degraded, Rejected, Retryable

Answer = tuple[int, dict[str, Any]]

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NoRoom, 507),
    (NotFound, 404),
    (Rejected, 400),
    (Retryable, 503),
    (Degraded, 408),
)


def refusal(error: Exception) -> Answer:
    """Unknown errors tell their kind only: a message may quote what the caller said."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status, {"error": str(error)}
    return 500, {"error": f"the model failed: {type(error).__name__}"}
