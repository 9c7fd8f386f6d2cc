"""What redaction of recordings needs from its surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact, ContactReader
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentRecord
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.core.metrics.recorder import Metrics
from sotto.recordings.record import Published, RecordingStore, Source
from sotto.redaction.redactor import Redactor
from sotto.tenants.book import BookReader
from sotto.transcription.lease.lease import Lease


class NoSuchRecording(Rejected):
    """There is nothing where Connect says that it is, or not yet."""


class SourceRefused(Rejected):
    """We may not read it, by its bucket's policy or its key's."""


class SourceFile(Protocol):
    """One version of an object of Connect's: whatever is put over it, this one is read. Raises Retryable."""

    @property
    def size(self) -> int: ...

    @property
    def version(self) -> str | None:
        """None in a bucket that keeps no versions."""
        ...

    def read(self, offset: int, size: int) -> bytes: ...

    def stream(self, offset: int, size: int) -> Iterator[bytes]:
        """The same in pieces of any length, of which few are in memory."""
        ...


class SourceFiles(Protocol):
    def open(self, tenant: str, source: Source) -> SourceFile:
        """Raises NoSuchRecording, SourceRefused and Retryable."""
        ...

    def delete(self, tenant: str, source: Source, version: str | None) -> bool:
        """That version, for good; again it changes nothing. False where we may not. Raises Retryable."""
        ...


class Upload(Protocol):
    """Nothing is there until it is published. Raises Retryable."""

    def write(self, audio: bytes) -> None: ...

    def publish(self) -> tuple[str, str]:
        """Key and version of the object, which is there from now on."""
        ...

    def abandon(self) -> None:
        """Nothing of it stays. Never raises."""
        ...


class RedactedFiles(Protocol):
    """Of a tenant's, in our bucket, under the tenant's key. Raises Retryable."""

    def begin(self, tenant: str, contact_id: str, recording: str) -> Upload: ...

    def delete(self, tenant: str, published: Published) -> None:
        """That version of the object."""
        ...

    def erase(self, tenant: str, contact_id: str) -> int:
        """All of the contact's, with all versions; how many there were."""
        ...

    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        """Opens this very version, for whoever has it, for so long at most."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a redacted recording. ``from_ms``: call time at which it begins. ``blocks``: s16le, customer and agent
    interleaved, of any length."""

    from_ms: float
    blocks: Callable[[], Iterable[bytes]]


class Retranscriber(Protocol):
    """The tenant's recogniser, given a recording instead of a call."""

    def longest_ms(self, tenant: str) -> float:
        """Of a recording that it is done with before our time is over."""
        ...

    def finals(self, contact: Contact, windows: Sequence[Window]) -> list[list[TranscriptResult]]:
        """Of each window, in call time. Raises Retryable, and LanguageNotRecognised."""
        ...


class InstanceRecordings(Protocol):
    def recordings(self, contact: Contact) -> Sequence[Source] | None:
        """What the instance knows by now; None where it refuses to say. Raises Retryable."""
        ...


class Transcript(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...


class Consents(Protocol):
    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...


class LeaseReader(Protocol):
    def current(self, tenant: str, contact_id: str) -> Lease | None: ...


@dataclass(frozen=True, slots=True)
class RedactPorts:
    """``redactor``: a new one, with the rules that the contact's words were redacted by."""

    contacts: ContactReader
    leases: LeaseReader
    consents: Consents
    books: BookReader
    transcript: Transcript
    store: RecordingStore
    instance: InstanceRecordings
    sources: SourceFiles
    redacted: RedactedFiles
    retranscriber: Retranscriber
    redactor: Callable[[Contact], Redactor]
    metrics: Metrics
    clock: Clock
