"""Webhooks in memory: endpoints, deliveries, keys, and receivers that behave as they are told."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sotto.aws import keys as places
from sotto.webhooks.delivery import Delivery, DeliveryChanged, State
from sotto.webhooks.endpoint import Endpoint, EndpointChanged
from sotto.webhooks.send import Outcome


class EndpointsInMemory:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Endpoint] = {}

    def endpoints(self, tenant: str) -> list[Endpoint]:
        places.of_tenant(tenant)
        return sorted((each for each in self._kept.values() if each.tenant == tenant), key=lambda each: each.id)

    def endpoint(self, tenant: str, endpoint_id: str) -> Endpoint | None:
        places.of_webhook(endpoint_id)
        return self._kept.get((places.of_tenant(tenant), endpoint_id))

    def save(self, endpoint: Endpoint) -> None:
        before = self.endpoint(endpoint.tenant, endpoint.id)
        if (before.version if before else 0) != endpoint.version - 1:
            raise EndpointChanged("webhook: it was changed in the same moment; get it again")
        self._kept[endpoint.tenant, endpoint.id] = endpoint

    def remove(self, tenant: str, endpoint_id: str) -> None:
        self._kept.pop((tenant, endpoint_id), None)


class DeliveriesInMemory:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], Delivery] = {}

    def add(self, delivery: Delivery) -> bool:
        places.of_deliveries(delivery.tenant, delivery.endpoint_id)
        if self._at(delivery) in self.kept:
            return False
        self.kept[self._at(delivery)] = delivery
        return True

    def save(self, delivery: Delivery) -> None:
        before = self.kept.get(self._at(delivery))
        if before is None or before.version != delivery.version - 1:
            raise DeliveryChanged("another is at it")
        self.kept[self._at(delivery)] = delivery

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        due = [each for each in self._of(tenant) if each.due_at_ms is not None and each.due_at_ms <= now_ms]
        return sorted(due, key=lambda each: (each.due_at_ms or 0, each.endpoint_id, each.occurred_at_ms))[:limit]

    def is_first(self, delivery: Delivery) -> bool:
        return not any(
            each.state is State.PENDING
            and (each.endpoint_id, each.contact_id) == (delivery.endpoint_id, delivery.contact_id)
            and (each.occurred_at_ms, each.id) < (delivery.occurred_at_ms, delivery.id)
            for each in self._of(delivery.tenant)
        )

    def between(self, tenant: str, endpoint_id: str, since_ms: int, until_ms: int) -> Iterator[Delivery]:
        found = [each for each in self._of(tenant) if each.endpoint_id == endpoint_id]
        within = (each for each in found if since_ms <= each.occurred_at_ms < until_ms)
        return iter(sorted(within, key=lambda each: (each.occurred_at_ms, each.id)))

    def _of(self, tenant: str) -> list[Delivery]:
        return [each for each in self.kept.values() if each.tenant == tenant]

    @staticmethod
    def _at(delivery: Delivery) -> tuple[str, str, str]:
        return (delivery.tenant, delivery.endpoint_id, delivery.id)


class KeysInClear:
    """SecretKeys that wrap nothing."""

    def __init__(self) -> None:
        self._number = itertools.count(1)

    def make(self, tenant: str) -> tuple[bytes, str]:
        key = next(self._number).to_bytes(32, "big")
        return key, base64.b64encode(key).decode()

    def open(self, tenant: str, wrapped: str) -> bytes:
        return base64.b64decode(wrapped)


@dataclass
class Receivers:
    """A Sender to receivers by address; what each is sent. ``answer(url, how many before)``."""

    answer: Callable[[str, int], Outcome] = lambda url, before: Outcome(204)
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Address and message id."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        outcome = self.answer(url, len(self.sent))
        self.sent.append((url, headers, body))
        if outcome.is_taken:
            self.taken.append((url, headers["webhook-id"]))
        return outcome
