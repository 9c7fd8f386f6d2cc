"""How an EventBridge bus delivers events to its targets, emulated: moto, which matches the rules, is kinder than AWS.

At least once, later than what caused them, in no order. An attempt that fails is repeated and at last put into the
target's dead-letter queue, which is moto's SQS. Not emulated: how long AWS waits between two attempts, which here is
tenths of a second.
"""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.aws.lambda_timetable import Timetable
from sotto.core.errors import SottoError

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
ACCOUNT, REGION = "123456789012", "us-east-1"


@dataclass(frozen=True, slots=True)
class DeliveryFaults:
    """How bad the bus is, between 0 and 1: how many events come twice, how many attempts are refused at first. Each
    comes up to ``late_s`` late, by itself, so that they overtake each other. The same ``seed``, the same behaviour."""

    doubled: float = 0.1
    late_s: float = 0.4
    refused: float = 0.0
    seed: int = 0

    @classmethod
    def storm(cls, seed: int) -> DeliveryFaults:
        """Worse than AWS ever was."""
        return cls(doubled=0.7, late_s=3.0, refused=0.3, seed=seed)


class Refused(Exception):
    """The bus could not deliver an event this time."""


@dataclass(slots=True)
class _Attempt:
    target: Mapping[str, Any]
    payload: bytes
    number: int = 0


class EventDelivery:
    """``invoke(arn, payload)`` gives an event to a function, asynchronously as EventBridge does."""

    def __init__(self, invoke: Callable[[str, bytes], object], delivery_faults: DeliveryFaults | None = None) -> None:
        self.delivery_faults = delivery_faults or DeliveryFaults()
        self._invoke = invoke
        self._chance = random.Random(self.delivery_faults.seed)
        self._lock = threading.Lock()
        self._pending = 0
        self._timetable: Timetable | None = None

    def deliver(self, target: Mapping[str, Any], payload: bytes) -> None:
        with self._lock:
            times = 2 if self._chance.random() < self.delivery_faults.doubled else 1
            waits_s = [self._chance.uniform(0, self.delivery_faults.late_s) for _ in range(times)]
        for wait_s in waits_s:
            self._later(wait_s, _Attempt(target, payload))

    def busy(self) -> bool:
        """Whether an event is on its way."""
        with self._lock:
            return self._pending > 0

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()

    def _later(self, wait_s: float, one: _Attempt) -> None:
        with self._lock:
            self._pending += 1
            self._timetable = self._timetable or Timetable()
        self._timetable.after(wait_s, lambda: self._try(one))

    def _try(self, one: _Attempt) -> None:
        """What waits is counted until the next step of it is."""
        try:
            self._refuse_by_chance()
            self._invoke(one.target["Arn"], one.payload)
        except (SottoError, Refused) as error:
            self._again_or_never(one, error)
        finally:
            with self._lock:
                self._pending -= 1

    def _refuse_by_chance(self) -> None:
        with self._lock:
            if self._chance.random() < self.delivery_faults.refused:
                raise Refused

    def _again_or_never(self, one: _Attempt, error: Exception) -> None:
        one.number += 1
        if one.number <= one.target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185):
            self._later(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (one.number - 1)), one)
            return
        log.warning("event undelivered", extra={"error": type(error).__name__})
        dead_letter(one.target.get("DeadLetterConfig", {}).get("Arn"), one.payload.decode())


def dead_letter(queue_arn: str | None, body: str) -> None:
    """Into moto's SQS; what has no queue is gone, as in AWS."""
    from moto.sqs.models import sqs_backends

    if queue_arn is not None:
        sqs_backends[ACCOUNT][REGION].send_message(queue_arn.rpartition(":")[2], body)


def as_delivered(event: Mapping[str, Any]) -> bytes:
    """moto adds a field that only input transformers know: <aws.events.event.ingestion-time>, and leaves the time as
    it was put, a number; EventBridge writes whole seconds."""
    delivered = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(put := delivered.get("time"), int | float):
        delivered["time"] = datetime.fromtimestamp(int(put), UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(delivered).encode()
