"""What is known of a contact's recordings, and what became of each. No audio, no text: places, times and states."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from sotto.call.events import RecordingAvailable, RecordingMissing, RecordingRedacted


class RecordingState(StrEnum):
    """``NONE``: Connect recorded nothing. ``AVAILABLE``: Connect has one, and nothing came of it yet. ``REDACTED``:
    proven and published. ``QUARANTINED``: it could not be proven that nothing private is audible, so nothing is
    published. ``FAILED``: it cannot be read, or is no recording of ours to redact."""

    NONE = "none"
    AVAILABLE = "available"
    REDACTED = "redacted"
    QUARANTINED = "quarantined"
    FAILED = "failed"


class Why(StrEnum):
    """Of a recording that is quarantined or failed. The first six are of the proof."""

    FINDINGS = "findings"
    """Something private was recognised in the redacted audio."""
    EMPTY = "empty"
    """Nothing was recognised in it, though somebody speaks."""
    OTHER_WORDS = "other-words"
    """What was recognised is not what the call's transcript holds."""
    MISALIGNED = "misaligned"
    """It does not run with the transcript, so spans are not where they should be."""
    TOO_SHORT = "too-short"
    """The transcript, or something private in it, goes on after its end."""
    NO_TRANSCRIPT = "no-transcript"
    """Nobody transcribed the call, so nobody knows what is private."""
    MISSING = "missing"
    """Connect named it, and it never came."""
    REFUSED = "refused"
    """We may not read it: its bucket's policy, or a KMS key that is not ours to use."""
    NOT_A_RECORDING = "not-a-recording"
    """No PCM WAV as Connect writes them, or cut off."""
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class Source:
    """Where Connect put it. ``started_at_ms``: Unix epoch; None where Connect does not say."""

    bucket: str
    key: str
    started_at_ms: int | None = None

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.bucket}/{self.key}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Beeped:
    """In ms from the recording's beginning, padding included."""

    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Published:
    """The redacted file: its key in our bucket, and the version of the object that was proven. ``begins_ms``: call time
    of its first frame, below 0 where it begins before the media did. ``peaks``: as ``Peaks.encoded`` gives them; none
    of recordings that were published before there were any."""

    key: str
    object_version: str
    duration_ms: int
    channels: int
    begins_ms: int = 0
    peaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """``id`` stands for its place at Connect. ``version`` counts 1, 2, 3... with each change. Times are Unix epoch.
    ``beeped``: what is not audible; of a quarantined one, what would not have been, then ``found``, where something
    private was still recognised. ``claimed_until_ms``: somebody works on it. ``source_deleted_at_ms``: when the
    unredacted version was deleted, by the tenant's policy."""

    tenant: str
    contact_id: str
    id: str
    state: RecordingState
    version: int
    known_at_ms: int
    source: Source | None = None
    why: str = ""
    beeped: tuple[Beeped, ...] = ()
    found: tuple[Beeped, ...] = ()
    published: Published | None = None
    claimed_until_ms: int = 0
    source_deleted_at_ms: int | None = None
    source_version: str | None = None

    @classmethod
    def available(cls, tenant: str, contact_id: str, source: Source, at_ms: int) -> Recording:
        return cls(tenant, contact_id, source.id, RecordingState.AVAILABLE, 1, at_ms, source)

    @classmethod
    def missing(cls, tenant: str, contact_id: str, at_ms: int) -> Recording:
        """Connect's record of the contact names none."""
        return cls(tenant, contact_id, "none", RecordingState.NONE, 1, at_ms)

    @property
    def has_outcome(self) -> bool:
        return self.state is not RecordingState.AVAILABLE

    def changed(self, **known: object) -> Recording:
        return replace(self, version=self.version + 1, **known)  # type: ignore[arg-type]


RecordingEvent = RecordingAvailable | RecordingMissing | RecordingRedacted


class RecordingChanged(Exception):
    """The record has another version than the one that was read."""


class RecordingStore(Protocol):
    def recordings(self, tenant: str, contact_id: str) -> Sequence[Recording]:
        """In no order that means anything. Raises StorageUnavailable."""
        ...

    def store(self, recording: Recording, *, event: RecordingEvent | None = None) -> None:
        """Version 1 where there is none, else the one after the stored one. The event is written with it, or neither
        is. Raises RecordingChanged and StorageUnavailable."""
        ...
