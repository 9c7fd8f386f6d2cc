"""What Sotto asks of a streaming speech-to-text provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from sotto.call.language import LanguageSet
from sotto.call.transcript_result import TranscriptResult
from sotto.core.errors import Rejected, Retryable
from sotto.media.stereo import StereoChunk


class RecogniserUnavailable(Retryable):
    """The provider refused or dropped the session; open another one (or another provider) and replay."""


class SessionOver(RecogniserUnavailable):
    """The provider is well, but this session has lasted as long as it may; open another one and replay."""


class RecogniserRefused(Rejected):
    """The provider does not take such a session, however often it is asked; another provider may."""


class LanguageNotRecognised(RecogniserRefused):
    """No provider knows the session's language; what they made of it would be nonsense."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a provider needs to know before the first chunk. ``offset_ms`` is the call time of the first sample sent.

    ``words``: what the tenant's calls are about, the most important first; ``names``: of those who answer them, which
    go along with a session and are stored with no provider. A provider takes as many as it may. ``interims``: whether
    anybody reads them; a provider that would work for them may leave them out.
    """

    tenant: str
    contact_id: str
    language: str = "en-US"
    offset_ms: float = 0.0
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    interims: bool = True


class RecogniserStream(Protocol):
    """One open session. Iterating ends after ``finish`` once every final has been handed over."""

    async def send(self, chunk: StereoChunk) -> None:
        """Take one chunk; waits when the provider is slower than the call. Raises RecogniserUnavailable."""
        ...

    async def finish(self) -> None:
        """Say that the audio has ended; the remaining finals follow."""
        ...

    def __aiter__(self) -> AsyncIterator[TranscriptResult]: ...


class FailoverStream(RecogniserStream, Protocol):
    """A session that outlives its provider's."""

    @property
    def needed_from_ms(self) -> float:
        """Call time of the oldest audio of which results may still come, or have come and were not taken yet. Who
        takes the call over has to read it from there."""
        ...


class Recogniser(Protocol):
    """A provider. ``async with recogniser.open(session) as stream``, for sessions in one of its ``languages``."""

    name: str
    languages: LanguageSet

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]: ...


class ResumableRecogniser(Protocol):
    """A recogniser whose sessions survive the loss of a provider's."""

    @property
    def languages(self) -> LanguageSet: ...

    def open(self, session: Session) -> AbstractAsyncContextManager[FailoverStream]:
        """Raises LanguageNotRecognised."""
        ...
