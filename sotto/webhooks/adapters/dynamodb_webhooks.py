"""Endpoints and deliveries in DynamoDB: an item for each, beside it where it is due and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.validation import silent
from sotto.webhooks.delivery import Delivery, DeliveryChanged, State
from sotto.webhooks.endpoint import Endpoint, EndpointChanged

_endpoint = silent(Endpoint)
_delivery = silent(Delivery)
KEPT_DAYS = 30
"""Deliveries, for as long as they can be replayed."""


class DynamoEndpoints:
    """Endpoints."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def endpoints(self, tenant: str) -> list[Endpoint]:
        found = self._table.between(keys.of_webhooks(tenant), "endpoint#", "endpoint#~")
        return [_endpoint.validate_json(item["body"]) for item in found]

    def endpoint(self, tenant: str, endpoint_id: str) -> Endpoint | None:
        found = self._table.get(keys.of_webhooks(tenant), keys.of_webhook(endpoint_id))
        return _endpoint.validate_json(found["body"]) if found else None

    def save(self, endpoint: Endpoint) -> None:
        item = {
            "pk": keys.of_webhooks(endpoint.tenant),
            "sk": keys.of_webhook(endpoint.id),
            "version": endpoint.version,
            "body": _endpoint.dump_json(endpoint).decode(),
        }
        try:
            if endpoint.version == 1:
                self._table.put(item, "attribute_not_exists(pk)")
            else:
                self._table.put(item, "version = :before", before=endpoint.version - 1)
        except ConditionFailed:
            raise EndpointChanged("webhook: it was changed in the same moment; get it again") from None

    def remove(self, tenant: str, endpoint_id: str) -> None:
        self._table.delete(keys.of_webhooks(tenant), keys.of_webhook(endpoint_id))


class DynamoDeliveries:
    """Deliveries."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, delivery: Delivery) -> bool:
        try:
            self._table.put_all([(_item(delivery), "attribute_not_exists(pk)", {}), *_beside(delivery)])
        except ConditionFailed as failed:
            if failed.conflict:
                raise DeliveryChanged("another is at it") from None
            return False
        return True

    def save(self, delivery: Delivery) -> None:
        before = self._stored(delivery.tenant, delivery.endpoint_id, _place(delivery))
        if before is None or before.version != delivery.version - 1:
            raise DeliveryChanged("another is at it")
        now = {(each[0]["pk"], each[0]["sk"]) for each in _beside(delivery)}
        gone = [at for each, _, _ in _beside(before) if (at := (each["pk"], each["sk"])) not in now]
        standing = ("version = :before", {"before": delivery.version - 1})
        try:
            self._table.put_all([(_item(delivery), *standing), *_beside(delivery)], gone)
        except ConditionFailed:
            raise DeliveryChanged("another is at it") from None

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        found = self._table.between(keys.of_due_deliveries(tenant), "0", f"{now_ms:013d}~", limit)
        stored = (self._stored(tenant, item["endpoint"], item["delivery"]) for item in found)
        return [each for each in stored if each is not None]

    def is_first(self, delivery: Delivery) -> bool:
        place = keys.of_ordered_deliveries(delivery.tenant, delivery.endpoint_id, delivery.contact_id)
        first = next(iter(self._table.between(place, "0", _place(delivery), 1)), None)
        return first is None or first["sk"] == _place(delivery)

    def between(self, tenant: str, endpoint_id: str, since_ms: int, until_ms: int) -> Iterator[Delivery]:
        first, last = keys.of_delivery(since_ms, ""), keys.of_delivery(until_ms, "")
        for item in self._table.between(keys.of_deliveries(tenant, endpoint_id), first, last, at_once=100):
            yield _delivery.validate_json(item["body"])

    def _stored(self, tenant: str, endpoint_id: str, place: str) -> Delivery | None:
        found = self._table.get(keys.of_deliveries(tenant, endpoint_id), place)
        return _delivery.validate_json(found["body"]) if found else None


def _place(delivery: Delivery) -> str:
    return keys.of_delivery(delivery.occurred_at_ms, delivery.id)


def _expires_at(delivery: Delivery) -> int:
    return delivery.occurred_at_ms // 1000 + KEPT_DAYS * 86_400


def _item(delivery: Delivery) -> dict[str, object]:
    return {
        "pk": keys.of_deliveries(delivery.tenant, delivery.endpoint_id),
        "sk": _place(delivery),
        "version": delivery.version,
        "body": _delivery.dump_json(delivery).decode(),
        "expires_at": _expires_at(delivery),
    }


def _beside(delivery: Delivery) -> list[Write]:
    """Where it is due, and its turn among those of its contact."""
    found: list[Write] = []
    place, expires_at = _place(delivery), _expires_at(delivery)
    if delivery.due_at_ms is not None:
        due = {
            "pk": keys.of_due_deliveries(delivery.tenant),
            "sk": keys.of_due_delivery(delivery.due_at_ms, delivery.endpoint_id, place),
            "endpoint": delivery.endpoint_id,
            "delivery": place,
            "expires_at": expires_at,
        }
        found.append((due, None, {}))
    if delivery.state is State.PENDING:
        pk = keys.of_ordered_deliveries(delivery.tenant, delivery.endpoint_id, delivery.contact_id)
        found.append(({"pk": pk, "sk": place, "expires_at": expires_at}, None, {}))
    return found
