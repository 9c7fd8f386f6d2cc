"""What the audio path asks of a source of media."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.core.errors import Rejected, Retryable


@dataclass(frozen=True, slots=True)
class MediaCause:
    """Why media could not be had, in what may be logged: no stream, contact or message is in it. ``error`` is the class
    of the exception underneath ("" where the service said so itself), ``code`` AWS's error code, ``status`` HTTP's."""

    error: str = ""
    code: str = ""
    status: int | None = None


class MediaUnavailable(Retryable):
    """The media cannot be had right now: throttled, too many connections, dropped. Open it again a little later."""

    def __init__(self, message: str = "", cause: MediaCause = MediaCause()) -> None:  # noqa: B008 - frozen
        super().__init__(message)
        self.cause = cause


class MediaRefused(Rejected):
    """The media cannot be had like this: no such stream, no permission, no key, a start that does not exist."""

    def __init__(self, message: str = "", cause: MediaCause = MediaCause()) -> None:  # noqa: B008 - frozen
        super().__init__(message)
        self.cause = cause


class StartKind(StrEnum):
    """Kinesis Video Streams' start selectors."""

    PRODUCER_TIMESTAMP = "PRODUCER_TIMESTAMP"
    SERVER_TIMESTAMP = "SERVER_TIMESTAMP"
    AFTER_FRAGMENT = "FRAGMENT_NUMBER"
    CONTINUATION_TOKEN = "CONTINUATION_TOKEN"
    EARLIEST = "EARLIEST"
    NOW = "NOW"


@dataclass(frozen=True, slots=True)
class MediaStart:
    """Where to begin: a timestamp (Unix epoch, ms) with the fragment that holds it, a number after its fragment."""

    kind: StartKind
    value: str = ""
    at_ms: float = 0.0

    @staticmethod
    def at(producer_ms: float) -> MediaStart:
        return MediaStart(StartKind.PRODUCER_TIMESTAMP, at_ms=producer_ms)

    @staticmethod
    def after_fragment(number: str) -> MediaStart:
        return MediaStart(StartKind.AFTER_FRAGMENT, number)

    @staticmethod
    def continuing(token: str) -> MediaStart:
        return MediaStart(StartKind.CONTINUATION_TOKEN, token)


class MediaSource(Protocol):
    """Where a contact's media comes from."""

    def open(self, stream_arn: str, start: MediaStart) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """One connection's bytes, as they arrive; iteration ends where the connection ends in an orderly way.

        Raises MediaUnavailable or MediaRefused, on entering as well as while iterating.
        """
        ...
