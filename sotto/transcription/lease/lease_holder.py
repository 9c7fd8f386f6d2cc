"""A worker's lease on its contact: taken, renewed, and checked by every write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.transcription.lease.lease import Checkpoint, Lease, LeaseLost, Leases, Takeover
from sotto.transcription.ports import WorkerAssignment

LOOK_AGAIN_MS = 1_000
STORAGE_WAITS_MS = (100, 200, 400, 800, 1_600, 3_200)
"""Together less than the lease's time: a store that is gone for longer ends the worker, whose retry carries on."""

Advanced = Callable[[Checkpoint], Checkpoint]
"""The checkpoint as it is now, made of the one stored last."""

T = TypeVar("T")


class LeaseHolder:
    """``advanced`` makes the checkpoint as it is now of the one stored last; it is called under a lock, so that no
    write is made of a checkpoint that another write has replaced."""

    def __init__(
        self, contact: Contact, order: WorkerAssignment, leases: Leases, clock: Clock, advanced: Advanced
    ) -> None:
        self._contact = contact
        self._order = order
        self._leases = leases
        self._clock = clock
        self._advanced = advanced
        self._lease: Lease | None = None
        self._writing = asyncio.Lock()

    @property
    def is_held(self) -> bool:
        """False until it is taken. A lease that was lost since then shows at the next write."""
        return self._lease is not None

    @property
    def stored(self) -> Lease:
        """The lease as we stored it last. Raises LeaseLost before it was taken."""
        return self._held()

    @property
    def checkpoint(self) -> Checkpoint:
        return self._lease.checkpoint if self._lease else Checkpoint()

    async def current(self) -> Lease | None:
        """The lease as it stands, whoever holds it."""
        return await self._stored(lambda: self._leases.current(self._contact.tenant, self._contact.contact_id))

    def adopt(self, lease: Lease) -> None:
        """Go on with a lease that is ours already, as it stands in storage."""
        self._lease = lease

    async def take(self, *, fragment: str = "", overlap_ms: int = 0) -> None:
        """Take the lease from an earlier generation. Raises LeaseLost when another worker was quicker."""
        if not await self._take(Takeover(self._order.worker, self._order.generation, fragment, overlap_ms)):
            raise LeaseLost(f"another worker of generation {self._order.generation} or later has the contact")

    async def take_over_expired(self) -> bool:
        """Take the lease of this worker's own generation: at once from a lost run of the same order, from another
        order when its time has run out. False when that one turns out to be alive."""
        first_expiry_ms: int | None = None
        while not await self._take(Takeover(self._order.worker, self._order.generation)):
            held = await self.current()
            if held is None or held.is_released or held.generation > self._order.generation:
                return False
            first_expiry_ms = first_expiry_ms or held.expires_at_ms
            if held.expires_at_ms > first_expiry_ms:
                return False
            await self._clock.sleep_ms(LOOK_AGAIN_MS)
        return True

    async def renew(self) -> None:
        """Extend the lease and store the checkpoint. Raises LeaseLost."""
        async with self._writing:
            if self._lease is not None:
                lease = replace(self._lease, checkpoint=self._advanced(self._lease.checkpoint))
                self._lease = await self._stored(lambda: self._leases.renew(lease, now_ms=self._clock.now_ms()))

    async def commit(self, utterance: Utterance) -> Utterance:
        """Store an utterance under the next number. Raises LeaseLost."""
        async with self._writing:
            lease = self._held()
            numbered = replace(utterance, seq=lease.checkpoint.utterances + 1)
            known_ms = lease.checkpoint.committed_ms
            committed_ms = {**known_ms, utterance.speaker: max(utterance.end_ms, known_ms.get(utterance.speaker, 0))}
            after = replace(self._advanced(lease.checkpoint), committed_ms=committed_ms, utterances=numbered.seq)
            self._lease = await self._stored(lambda: self._leases.commit(lease, numbered, after))
        return numbered

    async def amend(self, utterance: Utterance) -> None:
        """Store a committed utterance anew, under its number. Raises LeaseLost."""
        async with self._writing:
            lease = self._held()
            after = self._advanced(lease.checkpoint)
            self._lease = await self._stored(lambda: self._leases.commit(lease, utterance, after))

    async def committed(self) -> list[Utterance]:
        """All that was committed so far, by number."""
        lease = self._held()
        return await self._stored(lambda: self._leases.committed_after(lease, 0)) if lease.checkpoint.utterances else []

    async def unpublished(self) -> list[Utterance]:
        """What the worker before committed and may not have published."""
        lease = self._held()
        if lease.checkpoint.published_seq >= lease.checkpoint.utterances:
            return []
        return await self._stored(lambda: self._leases.committed_after(lease, lease.checkpoint.published_seq))

    async def release(self) -> None:
        """The call was transcribed to its end. Raises LeaseLost."""
        async with self._writing:
            lease = replace(self._held(), checkpoint=self._advanced(self.checkpoint))
            await self._stored(lambda: self._leases.release(lease))

    async def _take(self, wanted: Takeover) -> bool:
        tenant, contact_id = self._contact.tenant, self._contact.contact_id
        async with self._writing:
            self._lease = await self._stored(
                lambda: self._leases.take(tenant, contact_id, wanted, now_ms=self._clock.now_ms())
            )
        return self._lease is not None

    def _held(self) -> Lease:
        if self._lease is None:
            raise LeaseLost("the lease was not taken yet")
        return self._lease

    async def _stored(self, call: Callable[[], T]) -> T:
        for wait_ms in STORAGE_WAITS_MS:
            try:
                return await asyncio.to_thread(call)
            except Retryable:
                await self._clock.sleep_ms(wait_ms)
        return await asyncio.to_thread(call)
