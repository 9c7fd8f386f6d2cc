"""How contact events arrive: best effort, as documented. Late, twice, out of order, and now and then not at all."""

from __future__ import annotations

import json
import logging
import random
import threading
from dataclasses import dataclass
from typing import Any

from local.aws.lambda_timetable import Timetable

log = logging.getLogger(__name__)

KINDS = (
    "INITIATED",
    "CONNECTED_TO_SYSTEM",
    "QUEUED",
    "CONTACT_DATA_UPDATED",
    "CONNECTED_TO_AGENT",
    "DISCONNECTED",
    "COMPLETED",
)


@dataclass(frozen=True, slots=True)
class ContactEventFaults:
    """``doubled`` and ``lost`` are probabilities, of ``may_be_lost`` alone; each event comes up to ``late_s`` late by
    itself, so that they overtake each other. The same ``seed`` does the same to the same event of the same contact."""

    doubled: float = 0.1
    late_s: float = 0.3
    lost: float = 0.0
    may_be_lost: tuple[str, ...] = KINDS
    seed: int = 0

    @classmethod
    def storm(cls, seed: int) -> ContactEventFaults:
        """Far worse than Connect. One kind always comes: whoever watches the panel has to be its agent."""
        spared = tuple(kind for kind in KINDS if kind != "CONNECTED_TO_AGENT")
        return cls(doubled=0.7, late_s=3.0, lost=0.4, may_be_lost=spared, seed=seed)

    def waits_s(self, contact_id: str, kind: str, number: int) -> list[float]:
        """After how long each copy arrives; empty for an event that is lost."""
        chance = self.chance(contact_id, kind, number)
        if chance.random() < self.lost and kind in self.may_be_lost:
            return []
        copies = 2 if chance.random() < self.doubled else 1
        return [chance.uniform(0, self.late_s) for _ in range(copies)]

    def chance(self, contact_id: str, kind: str, number: int) -> random.Random:
        return random.Random(f"{self.seed}/{contact_id}/{kind}/{number}")


class ContactEventDelivery:
    """``events`` is a boto3 client of EventBridge."""

    def __init__(self, events: Any, faults: ContactEventFaults) -> None:
        self._faults = faults
        self._faults_of: dict[str, ContactEventFaults] = {}
        self._events = events
        self._lock = threading.Lock()
        self._sent: dict[tuple[str, str], int] = {}
        self._pending = 0
        self._timetable: Timetable | None = None

    def spoil(self, contact_id: str, faults: ContactEventFaults) -> None:
        """How the events of one contact come."""
        self._faults_of[contact_id] = faults

    def chance(self, contact_id: str, kind: str, number: int) -> random.Random:
        return self._of(contact_id).chance(contact_id, kind, number)

    def number_of(self, contact_id: str, kind: str) -> int:
        """How many of this kind there were before."""
        with self._lock:
            number = self._sent.get((contact_id, kind), 0)
            self._sent[contact_id, kind] = number + 1
        return number

    def send(self, contact_id: str, kind: str, number: int, put: dict[str, Any]) -> None:
        written = {**put, "Detail": json.dumps(put["Detail"])}
        for wait_s in self._of(contact_id).waits_s(contact_id, kind, number):
            with self._lock:
                self._pending += 1
                self._timetable = self._timetable or Timetable()
            self._timetable.after(wait_s, lambda: self._put(written))

    def _of(self, contact_id: str) -> ContactEventFaults:
        return self._faults_of.get(contact_id, self._faults)

    def busy(self) -> bool:
        with self._lock:
            return self._pending > 0

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()

    def _put(self, written: dict[str, Any]) -> None:
        try:
            self._events.put_events(Entries=[written])
        except Exception as error:  # the stack may be ending; the timetable's thread must not
            log.warning("contact event lost", extra={"error": type(error).__name__})
        finally:
            with self._lock:
                self._pending -= 1
