"""What Sotto asks of a streaming speech-to-text provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from sotto.audio.stereo import StereoChunk
from sotto.contact.contact import Speaker
from sotto.errors import Rejected, Retryable


class RecogniserUnavailable(Retryable):
    """The provider refused or dropped the session; open another one (or another provider) and replay."""


class SessionOver(RecogniserUnavailable):
    """The provider is well, but this session has lasted as long as it may; open another one and replay."""


class RecogniserRefused(Rejected):
    """The provider does not take such a session, however often it is asked; another provider may."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a provider needs to know before the first chunk. ``offset_ms`` is the call time of the first sample sent."""

    tenant: str
    contact_id: str
    language: str = "en-US"
    offset_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """``start_ms`` and ``end_ms`` in call time; ``confidence`` 0..1."""

    text: str
    start_ms: float
    end_ms: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """A partial (a running guess, replaced by the next with the same ``result_id``) or a final (settled text).

    Times are call time in ms. ``stability`` 0..1 says how much of a partial the provider expects to keep.
    ``ends_speech`` is true on a final after which the provider heard a pause.
    """

    speaker: Speaker
    result_id: str
    start_ms: float
    end_ms: float
    text: str
    words: tuple[Word, ...] = ()
    is_final: bool = False
    stability: float = 0.0
    ends_speech: bool = False


class RecogniserStream(Protocol):
    """One open session. Iterating ends after ``finish`` once every final has been handed over."""

    async def send(self, chunk: StereoChunk) -> None:
        """Take one chunk; waits when the provider is slower than the call. Raises RecogniserUnavailable."""
        ...

    async def finish(self) -> None:
        """Say that the audio has ended; the remaining finals follow."""
        ...

    def __aiter__(self) -> AsyncIterator[Recognised]: ...


class SteadyStream(RecogniserStream, Protocol):
    """A session that outlives its provider's."""

    @property
    def needed_from_ms(self) -> float:
        """Call time of the oldest audio of which results may still come, or have come and were not taken yet. Who
        takes the call over has to hear it from there."""
        ...


class Recogniser(Protocol):
    """A provider. ``async with recogniser.open(session) as stream``."""

    name: str

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]: ...
