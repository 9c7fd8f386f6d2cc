"""What each exception of the model process means to the caller."""

from __future__ import annotations

from model_containers.shard.protocol.errors import (
    DeadlineMissed,
    InvalidRequest,
    ModelFailed,
    ShardBusy,
    ShardError,
)
from sotto.core.errors import Degraded, Rejected, Retryable

_MEANS: tuple[tuple[type[Exception], type[ShardError]], ...] = (
    (Rejected, InvalidRequest),
    (Retryable, ShardBusy),
    (Degraded, DeadlineMissed),
)


def refusal(error: Exception) -> ShardError:
    """Unknown errors tell their class only: a message may quote what the caller said."""
    if isinstance(error, ShardError):
        return error
    for kind, meaning in _MEANS:
        if isinstance(error, kind):
            return meaning(str(error))
    return ModelFailed(f"the model failed: {type(error).__name__}")
