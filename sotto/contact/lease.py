"""Who may write what a contact's audio says.

A contact has one lease. It changes only by conditional writes; every utterance is stored in one transaction with a
check of the lease's generation, so a worker that was superseded cannot write another word. The checkpoint says from
where a successor has to read so that no sample is lost and none is transcribed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sotto.contact.contact import Speaker
from sotto.errors import Rejected
from sotto.speech.utterance import Utterance


class LeaseLost(Rejected):
    """Another worker holds the contact now: stop at once, write nothing more."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a contact's speech is settled.

    ``settled_ms`` per speaker: call time up to which every word is in a stored utterance. ``resume_ms``: call time of
    the oldest sample that a successor must still hear. ``heard_ms``: call time up to which the worker had sent audio to
    its recogniser, so that a successor knows when it is level. ``fragment``: the KVS fragment being heard.
    ``utterances``: the sequence number of the last stored one. ``overlap_ms``: how much this generation heard again.
    """

    settled_ms: Mapping[Speaker, int] = field(default_factory=dict)
    resume_ms: int = 0
    heard_ms: int = 0
    fragment: str = ""
    utterances: int = 0
    overlap_ms: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    tenant: str
    contact_id: str
    owner: str
    generation: int
    expires_at_ms: int
    checkpoint: Checkpoint = field(default_factory=Checkpoint)


class Leases(Protocol):
    def take(self, tenant: str, contact_id: str, *, owner: str, generation: int, now_ms: float) -> Lease | None:
        """Take the contact for ``generation``; None when that generation or a later one already has a living owner."""
        ...

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        """The lease as it stands, whoever holds it."""
        ...

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        """Extend the lease and store its checkpoint. Raises LeaseLost."""
        ...

    def settle(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        """Store a final utterance and the checkpoint in one transaction. Raises LeaseLost."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the contact back at the end of the call."""
        ...
