"""The lease of a contact, and the utterances that only its holder may write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from sotto.contact.lease import Checkpoint, Lease, LeaseLost
from sotto.speech.utterance import Utterance
from sotto.storage import keys
from sotto.storage.adapters.dynamodb import ConditionFailed, Table
from sotto.storage.retention import Retention

_lease = TypeAdapter(Lease)
_utterance = TypeAdapter(Utterance)

LEASE_MS = 15_000
"""How long a silent worker keeps its contact: longer than any pause of a healthy one, short enough for a retry."""

_FREE = "attribute_not_exists(pk) OR generation < :generation OR (generation = :generation AND expires_at_ms < :now)"
_MINE = "generation = :generation AND #owner = :owner"


class DynamoLeases:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def take(self, tenant: str, contact_id: str, *, owner: str, generation: int, now_ms: float) -> Lease | None:
        """Take the contact, carrying on from the last checkpoint. None when a living worker of this generation or a
        later one holds it."""
        for _ in range(8):
            held = self.current(tenant, contact_id)
            checkpoint = held.checkpoint if held else Checkpoint()
            lease = Lease(tenant, contact_id, owner, generation, int(now_ms) + LEASE_MS, checkpoint)
            unchanged = "attribute_not_exists(pk)" if held is None else "body = :seen"
            values: dict[str, Any] = {"generation": generation, "now": int(now_ms)}
            seen = {} if held is None else {"seen": _lease.dump_json(held).decode()}
            try:
                self._table.put(self._item(lease), f"({_FREE}) AND {unchanged}", **values, **seen)
                return lease
            except ConditionFailed:
                now_held = self.current(tenant, contact_id)
                if now_held == held:  # nothing moved, so it is not free
                    return None
        return None

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.LEASE)
        return _lease.validate_json(item["body"]) if item else None

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        """Extend the lease, storing its checkpoint. Raises LeaseLost."""
        return self._write(replace(lease, expires_at_ms=int(now_ms) + LEASE_MS), [])

    def settle(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        """Store a final utterance and the checkpoint in one transaction. Raises LeaseLost."""
        return self._write(replace(lease, checkpoint=checkpoint), [self._utterance(utterance)])

    def release(self, lease: Lease) -> None:
        """Give the contact back. Raises LeaseLost."""
        self._write(replace(lease, expires_at_ms=0), [])

    def _write(self, lease: Lease, items: list[dict[str, Any]]) -> Lease:
        mine = {"generation": lease.generation, "owner": lease.owner}
        writes: list[tuple[Any, str | None, dict[str, Any]]] = [
            (self._item(lease), _MINE.replace("#owner", "worker"), mine)
        ]
        writes += [(item, None, {}) for item in items]
        try:
            self._table.put_all(writes)
        except ConditionFailed as error:
            raise LeaseLost(f"generation {lease.generation} no longer holds the contact") from error
        return lease

    def _item(self, lease: Lease) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(lease.tenant, lease.contact_id),
            "sk": keys.LEASE,
            "generation": lease.generation,
            "worker": lease.owner,
            "expires_at_ms": lease.expires_at_ms,
            "body": _lease.dump_json(lease).decode(),
            "expires_at": self._retention.expires_at(lease.tenant),
        }

    def _utterance(self, utterance: Utterance) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(utterance.tenant, utterance.contact_id),
            "sk": keys.of_utterance(utterance.seq),
            "body": _utterance.dump_json(utterance).decode(),
            "expires_at": self._retention.expires_at(utterance.tenant),
        }
