"""Leases in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sotto.aws import keys
from sotto.call.utterance import Utterance
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, Lease, LeaseLost, Takeover, taken


class LeasesInMemory:
    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._utterances: defaultdict[str, dict[int, Utterance]] = defaultdict(dict)

    def take(self, tenant: str, contact_id: str, wanted: Takeover, *, now_ms: float) -> Lease | None:
        lease = taken(tenant, contact_id, self.current(tenant, contact_id), wanted, now_ms)
        if lease is not None:
            self._leases[keys.of_contact(tenant, contact_id)] = lease
        return lease

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self._leases.get(keys.of_contact(tenant, contact_id))

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        return self._write(replace(lease, expires_at_ms=int(now_ms) + LEASE_MS))

    def commit(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        written = self._write(replace(lease, checkpoint=checkpoint))
        self._utterances[keys.of_contact(lease.tenant, lease.contact_id)][utterance.seq] = utterance
        return written

    def committed_after(self, lease: Lease, seq: int) -> list[Utterance]:
        return [each for each in self.utterances(lease.tenant, lease.contact_id) if each.seq > seq]

    def utterances(self, tenant: str, contact_id: str) -> list[Utterance]:
        """By rising ``seq``."""
        stored = self._utterances[keys.of_contact(tenant, contact_id)]
        return [stored[number] for number in sorted(stored)]

    def release(self, lease: Lease) -> None:
        self._write(replace(lease, expires_at_ms=0, is_released=True))

    def _write(self, lease: Lease) -> Lease:
        held = self.current(lease.tenant, lease.contact_id)
        if held is None or held.claim != lease.claim:
            raise LeaseLost(f"generation {lease.generation} no longer holds the contact")
        self._leases[keys.of_contact(lease.tenant, lease.contact_id)] = lease
        return lease
