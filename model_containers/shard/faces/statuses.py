"""What the shard's errors are in HTTP: the one place that knows."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from model_containers.shard.protocol.errors import (
    DeadlineMissed,
    InvalidRequest,
    ModelAlreadyLoaded,
    ModelNotFound,
    NoRoom,
    ShardBusy,
    ShardError,
)


class BodyTooLarge(InvalidRequest):
    """Send less at once."""


_STATUS: tuple[tuple[type[ShardError], int], ...] = (
    (BodyTooLarge, 413),
    (InvalidRequest, 400),
    (ModelNotFound, 404),
    (DeadlineMissed, 408),
    (ModelAlreadyLoaded, 409),
    (ShardBusy, 503),
    (NoRoom, 507),
)
_FAILED, _BUSY = 500, 503


def status_of(error: ShardError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), _FAILED)


async def answered(request: Request, error: Exception) -> Response:
    """Starlette's exception handler for ShardError."""
    assert isinstance(error, ShardError)
    status = status_of(error)
    headers = {"Retry-After": "1"} if status == _BUSY else None
    return JSONResponse({"error": str(error)}, status_code=status, headers=headers)
