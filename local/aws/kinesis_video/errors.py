"""How Kinesis Video Streams refuses, and how it hangs up."""

from __future__ import annotations

import logging


class RequestRefused(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class ConnectionDropped(ConnectionError):
    """Raised inside a response on purpose: the server then hangs up in the middle of it."""


def _is_a_mistake(record: logging.LogRecord) -> bool:
    """ASGI has no other way to hang up than an error, which uvicorn logs with its traceback. This one is wanted."""
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectionDropped))


logging.getLogger("uvicorn.error").addFilter(_is_a_mistake)
