"""What every subject that keeps something of a contact does for the person whose contact it was: erase it, hand it
over, and let it go when its time is up.

A subject gives a part for each that concerns it, and marks the property that builds it with ``@eraser``, ``@exporter``
or ``@expirer`` (sotto/wiring/subject_data.py): nothing lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class ErasureStep(StrEnum):
    """In this order: what makes the rest unreadable comes first, what belongs to others last."""

    KEY = "key"
    """Data keys: without its key, a backup of what was written cannot be read."""
    RECORDS = "records"
    """Items of tables."""
    OBJECTS = "objects"
    """Of buckets, every version of them."""
    INDEXES = "indexes"
    """Of search, and those by which a person is found."""
    FACTS = "facts"
    """Rows that are counted."""
    CRM = "crm"
    """Copies with others."""


class DataKind(StrEnum):
    """Kinds that a tenant may keep for a time of their own (``retention`` in tenant.yaml)."""

    TRANSCRIPTS = "transcripts"
    ANNOTATIONS = "annotations"
    SUMMARIES = "summaries"
    EVALUATIONS = "evaluations"
    RECORDINGS = "recordings"
    FACTS = "facts"
    QUESTIONS = "questions"
    EXAMPLES = "examples"
    """What models learn from, and what people said of it."""


class Eraser(Protocol):
    """``name``: a fixed word, unique among erasers, for certificates and logs."""

    @property
    def name(self) -> str: ...

    @property
    def step(self) -> ErasureStep: ...

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        """Delete all that this subject keeps of a contact: how many, by kind (fixed words, never an identity). Twice is
        as good as once, and what was written between the two goes with the second. Raises Retryable."""
        ...

    def left(self, tenant: str, contact_id: str) -> int:
        """How much of the contact is still there: looked up anew, not remembered. Raises Retryable."""
        ...


class Exporter(Protocol):
    """``name``: what its part of an export is called."""

    @property
    def name(self) -> str: ...

    def export(self, tenant: str, contact_id: str) -> object:
        """What is kept of a contact, as JSON has it; None for nothing. A redacted recording is a URL of short life.
        Raises Retryable."""
        ...


class Expirer(Protocol):
    """For what has no expiry of its own, such as objects. ``kind``: whose time counts."""

    @property
    def kind(self) -> DataKind: ...

    def expire(self, tenant: str, written_before_ms: int, held: frozenset[str]) -> int:
        """Delete what was written before (Unix epoch), every version of it, but of no contact in ``held``; how many.
        Raises Retryable."""
        ...


class Holds(Protocol):
    """Contacts that a legal hold keeps: every deleter asks before it deletes."""

    def is_held(self, tenant: str, contact_id: str) -> bool:
        """Raises Retryable."""
        ...
