"""Who may write what a contact's audio says.

A contact has one lease. It changes only by conditional writes; every utterance is stored in one transaction with a
check of the lease's claim, so a worker that was superseded cannot write another word. The checkpoint says from
where a successor has to read so that no sample is lost and none is transcribed twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.errors import Rejected
from sotto.media.timeline import Resumption

LEASE_MS = 15_000
"""How long a silent worker keeps its contact: longer than any pause of a healthy one, short enough for a retry."""


CONTACT_LENS = "contact-lens"
"""The owner of a contact that Contact Lens transcribes: no worker of ours, and nobody's to take over."""


class LeaseLost(Rejected):
    """Another worker holds the contact now: stop at once, write nothing more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a transcript result lies, in call time."""

    speaker: Speaker
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a contact's speech is committed.

    ``committed_ms`` per speaker: call time up to which every word is in a stored utterance. ``resumption``: the sample
    from which a successor must read the call, and how to place that sample exactly where it was. ``redactor_memory``:
    the redactor's at that sample (what kind of data was announced, never data). ``received_ms``: call time up to which
    the worker had sent audio to its recogniser, so that a successor knows when it is level. ``utterances``: the number
    of the last stored one; ``published_seq``: of the last one that went everywhere, so that what was stored and
    not published before a crash is published after it. ``fragment``: the KVS fragment that held the last chunk, and
    ``overlap_ms``: how much was read again, when this generation took the contact. ``deadly``: results that killed a
    worker, and ``handling``: those in hand of one that has reason for caution (sotto.transcription.poison).
    ``silenced``: call time in which nothing of the agent's channel was transcribed as the agent's
    (sotto.transcription.agent_channel).
    """

    committed_ms: Mapping[Speaker, int] = field(default_factory=dict)
    resumption: Resumption = field(default_factory=Resumption)
    redactor_memory: str = ""
    received_ms: int = 0
    utterances: int = 0
    published_seq: int = 0
    fragment: str = ""
    overlap_ms: int = 0
    deadly: tuple[Place, ...] = ()
    handling: tuple[Place, ...] = ()
    silenced: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """``owner`` is one order to work: its retries are the same owner. ``claim`` is one taking of the lease: of two
    runs of one order only the later may write. ``is_released``: the call was transcribed to its end."""

    tenant: str
    contact_id: str
    owner: str
    generation: int
    expires_at_ms: int
    claim: str = ""
    is_released: bool = False
    checkpoint: Checkpoint = field(default_factory=Checkpoint)

    @property
    def by_worker(self) -> bool:
        return self.owner != CONTACT_LENS


@dataclass(frozen=True, slots=True)
class Takeover:
    """Who wants the lease. ``fragment`` and ``overlap_ms`` go into the checkpoint."""

    owner: str
    generation: int
    fragment: str = ""
    overlap_ms: int = 0


class Leases(Protocol):
    def take(self, tenant: str, contact_id: str, wanted: Takeover, *, now_ms: float) -> Lease | None:
        """Take the contact, with the checkpoint that stands. None when it was released, when a later generation has
        it, or when another owner of the same generation has it and is alive. Raises Retryable."""
        ...

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        """The lease as it stands, whoever holds it."""
        ...

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        """Extend the lease and store its checkpoint. Raises LeaseLost and Retryable."""
        ...

    def commit(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        """Store a final utterance and the checkpoint in one transaction, in the place of one that has its number.
        Raises LeaseLost and Retryable."""
        ...

    def committed_after(self, lease: Lease, seq: int) -> list[Utterance]:
        """The stored utterances with a greater number, in order. Raises Retryable."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the contact back at the end of the call; nobody may take it again. Raises LeaseLost and Retryable."""
        ...


def nobody_writes(lease: Lease | None, now_ms: float) -> bool:
    """No worker holds the contact: more words come from nobody."""
    return lease is None or lease.is_released or lease.expires_at_ms <= now_ms


def taken(tenant: str, contact_id: str, held: Lease | None, wanted: Takeover, now_ms: float) -> Lease | None:
    """The lease as ``wanted`` would have it, or None: the rule of ``Leases.take``, for adapters to store."""
    if held is not None and not _is_free(held, wanted, now_ms):
        return None
    before = held.checkpoint if held else Checkpoint()
    return Lease(
        tenant,
        contact_id,
        wanted.owner,
        wanted.generation,
        int(now_ms) + LEASE_MS,
        uuid.uuid4().hex,
        checkpoint=replace(before, fragment=wanted.fragment or before.fragment, overlap_ms=wanted.overlap_ms),
    )


def _is_free(held: Lease, wanted: Takeover, now_ms: float) -> bool:
    """The same owner may always: Lambda keeps the request id when it runs a failed event again, so the run before is
    dead or, if the event came twice, is fenced by its claim."""
    if held.is_released or held.generation > wanted.generation:
        return False
    if held.generation < wanted.generation:
        return True
    return held.owner == wanted.owner or held.expires_at_ms < now_ms
