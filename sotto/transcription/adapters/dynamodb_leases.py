"""The lease of a contact, and the utterances that only its holder may write."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sotto.aws import keys
from sotto.aws.data_keys import ContactErased
from sotto.aws.outbox import outbox_item
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.events import TranscriptCompleted, UtteranceCommitted
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock, SystemClock
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, Lease, LeaseLost, Takeover, taken

_lease = silent(Lease)
_utterance = silent(Utterance)

_RENAMED = {
    "settled_ms": "committed_ms",
    "expected": "redactor_memory",
    "heard_ms": "received_ms",
    "told": "published_seq",
}
"""Fields of checkpoints that an earlier release stored."""

_MINE = "generation = :generation AND claim = :claim"
ATTEMPTS = 8


def _read(body: str) -> Lease:
    stored = json.loads(body)
    checkpoint = stored.get("checkpoint", {})
    stored["checkpoint"] = {_RENAMED.get(name, name): value for name, value in checkpoint.items()}
    return _lease.validate_python(stored)


class DynamoLeases:
    """``clock``: says when an event occurred."""

    def __init__(self, table: Table, retention: Retention, clock: Clock | None = None) -> None:
        self._table = table
        self._retention = retention
        self._clock = clock or SystemClock()

    def take(self, tenant: str, contact_id: str, wanted: Takeover, *, now_ms: float) -> Lease | None:
        """Take the contact, with the checkpoint that stands. The holder writes all the time, so it may take a few
        reads. Raises StorageUnavailable."""
        for _ in range(ATTEMPTS):
            item = self._table.get(keys.of_contact(tenant, contact_id), keys.LEASE)
            held = _read(item["body"]) if item else None
            lease = taken(tenant, contact_id, held, wanted, now_ms)
            if lease is None:
                return None
            with suppress(ConditionFailed):
                if item is None:
                    self._table.put(self._item(lease), "attribute_not_exists(pk)")
                else:
                    self._table.put(self._item(lease), "body = :seen", seen=item["body"])
                return lease
        raise StorageUnavailable(f"the lease changed at each of {ATTEMPTS} attempts to take it")

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.LEASE)
        return _read(item["body"]) if item else None

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        """Extend the lease, storing its checkpoint. Raises LeaseLost."""
        return self._write(replace(lease, expires_at_ms=int(now_ms) + LEASE_MS), [])

    def commit(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        """Store a final utterance, the checkpoint and the event in one transaction. Raises LeaseLost."""
        committed = UtteranceCommitted.of(utterance, at_ms=self._clock.now_ms())
        return self._write(replace(lease, checkpoint=checkpoint), [self._utterance(utterance), outbox_item(committed)])

    def committed_after(self, lease: Lease, seq: int) -> list[Utterance]:
        pk = keys.of_contact(lease.tenant, lease.contact_id)
        items = self._table.between(pk, keys.of_utterance(seq + 1), keys.of_utterance(99_999_999))
        return [_utterance.validate_json(item["body"]) for item in items]

    def release(self, lease: Lease) -> None:
        """Give the contact back for good: its transcript is complete. Raises LeaseLost."""
        last_seq, at_ms = lease.checkpoint.utterances, self._clock.now_ms()
        completed = TranscriptCompleted.of(lease.tenant, lease.contact_id, last_seq=last_seq, at_ms=at_ms)
        self._write(replace(lease, expires_at_ms=0, is_released=True), [outbox_item(completed)])

    def _write(self, lease: Lease, items: list[dict[str, Any]]) -> Lease:
        mine = {"generation": lease.generation, "claim": lease.claim}
        writes: list[Write] = [(self._item(lease), _MINE, mine)]
        writes += [(item, None, {}) for item in items]
        for _ in range(ATTEMPTS):
            try:
                self._table.put_all(writes)
                return lease
            except ContactErased as error:
                raise LeaseLost("the contact is erased: nothing more of it is kept") from error
            except ConditionFailed as error:
                # A conflict means that someone wrote in the same moment, not that he holds the contact.
                if error.which or not error.conflict:
                    raise LeaseLost(f"generation {lease.generation} no longer holds the contact") from error
        raise StorageUnavailable(f"the lease was written by others at each of {ATTEMPTS} attempts")

    def _item(self, lease: Lease) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(lease.tenant, lease.contact_id),
            "sk": keys.LEASE,
            "generation": lease.generation,
            "claim": lease.claim,
            "expires_at_ms": lease.expires_at_ms,
            "body": _lease.dump_json(lease).decode(),
            "expires_at": self._retention.expires_at(lease.tenant),
        }

    def _utterance(self, utterance: Utterance) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(utterance.tenant, utterance.contact_id),
            "sk": keys.of_utterance(utterance.seq),
            "body": _utterance.dump_json(utterance).decode(),
            "expires_at": self._retention.expires_at(utterance.tenant, DataKind.TRANSCRIPTS),
        }
