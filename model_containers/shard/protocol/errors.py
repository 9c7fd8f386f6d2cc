"""Why the shard does not answer, by what the caller can do about it.

The model process raises them or what ``refusals`` translates into them; they cross the socket by their ``kind`` and are
raised again by the supervisor's client. What they are in HTTP is for the faces to say.
"""

from __future__ import annotations

from typing import ClassVar

from sotto.core.errors import Degraded, Rejected, Retryable, SottoError


class ShardError(SottoError):
    """An answer that is none. The message is for the caller: it says what to do."""

    kind: ClassVar[str]
    """Its name on the socket between supervisor and model process."""


class InvalidRequest(ShardError, Rejected):
    """Correct the request, or the package that it names."""

    kind = "invalid_request"


class ModelNotFound(ShardError, Rejected):
    """Load or publish the model first."""

    kind = "model_not_found"


class ModelAlreadyLoaded(ShardError, Rejected):
    """Nothing is to be done, or unload the other one first."""

    kind = "model_already_loaded"


class DeadlineMissed(ShardError, Degraded):
    """Go on without it, or give it more time."""

    kind = "deadline_missed"


class ShardBusy(ShardError, Retryable):
    """The same request may succeed shortly: too much waits, or the model process is starting."""

    kind = "shard_busy"


class NoRoom(ShardError, Retryable):
    """Unload or unpin another model: every slot is pinned or in use, or what is asked for is larger than all."""

    kind = "no_room"


class ModelFailed(ShardError, Degraded):
    """The model itself failed at this request: report it, with the shard's log."""

    kind = "model_failed"


_KINDS: dict[str, type[ShardError]] = {
    each.kind: each
    for each in (InvalidRequest, ModelNotFound, ModelAlreadyLoaded, DeadlineMissed, ShardBusy, NoRoom, ModelFailed)
}


def error_of(kind: str, message: str) -> ShardError:
    """What a frame of this ``kind`` means; a kind that is not known is a failure."""
    return _KINDS.get(kind, ModelFailed)(message)
