"""Legal holds, and the expiry that they lift from items."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.erasure.hold import Hold

_hold = silent(Hold)
SOON_S = 3_600
"""What would have expired under a hold does so after an hour: long enough to see it and place another one."""


class DynamoHolds:
    """A HoldStore. Holds have no expiry: somebody releases them."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def is_held(self, tenant: str, contact_id: str) -> bool:
        return self._table.get(keys.of_holds(tenant), keys.contact_part(contact_id)) is not None

    def place(self, hold: Hold) -> Hold:
        item = {
            "pk": keys.of_holds(hold.tenant),
            "sk": keys.contact_part(hold.contact_id),
            "body": _hold.dump_json(hold).decode(),
        }
        try:
            self._table.put(item, "attribute_not_exists(pk)")
        except ConditionFailed as error:
            first = self._table.get(item["pk"], item["sk"])
            if first is None:
                raise StorageUnavailable("the hold was released in the same moment") from error
            return _hold.validate_json(first["body"])
        return hold

    def release(self, tenant: str, contact_id: str) -> bool:
        if not self.is_held(tenant, contact_id):
            return False
        self._table.delete(keys.of_holds(tenant), keys.contact_part(contact_id))
        return True

    def holds(self, tenant: str) -> list[Hold]:
        return [_hold.validate_json(item["body"]) for item in self._table.between(keys.of_holds(tenant), " ", "~")]

    def postpone(self, tenant: str, contact_id: str) -> None:
        expires_at = self._retention.expires_at(tenant)
        self._table.put(
            {"pk": keys.of_postponed(tenant), "sk": keys.contact_part(contact_id), "expires_at": expires_at}
        )

    def postponed(self, tenant: str, contact_id: str) -> bool:
        return self._table.get(keys.of_postponed(tenant), keys.contact_part(contact_id)) is not None

    def forget_postponed(self, tenant: str, contact_id: str) -> None:
        self._table.delete(keys.of_postponed(tenant), keys.contact_part(contact_id))


class DynamoExpiry:
    """An Expiry: the attribute ``expires_at`` is renamed ``lifted``, and back. ``lasting``: other places of a contact,
    as ``(table, pk, sk)``; events expire, because they say nothing."""

    def __init__(
        self, contacts: Table, lasting: Callable[[str, str], list[tuple[Table, str, str]]], clock: Clock
    ) -> None:
        self._contacts = contacts
        self._lasting = lasting
        self._clock = clock

    def lift(self, tenant: str, contact_id: str) -> int:
        change = "SET lifted = expires_at REMOVE expires_at"
        return sum(
            self._changed(table, pk, sk, change, "attribute_exists(expires_at)")
            for table, pk, sk in self._places(tenant, contact_id)
        )

    def restore(self, tenant: str, contact_id: str) -> int:
        soon = int(self._clock.now_ms() / 1000) + SOON_S
        restored = 0
        for table, pk, sk in self._places(tenant, contact_id):
            later = self._changed(table, pk, sk, "SET expires_at = lifted REMOVE lifted", "lifted > :soon", soon=soon)
            over = (
                0
                if later
                else self._changed(table, pk, sk, "SET expires_at = :soon REMOVE lifted", "lifted <= :soon", soon=soon)
            )
            restored += later + over
        return restored

    @staticmethod
    def _changed(table: Table, pk: str, sk: str, change: str, condition: str, **values: int) -> int:
        try:
            table.update(pk, sk, change, condition, **values)
        except ConditionFailed:
            return 0
        return 1

    def _places(self, tenant: str, contact_id: str) -> Iterator[tuple[Table, str, str]]:
        pk = keys.of_contact(tenant, contact_id)
        for item in list(self._contacts.stored(pk)):
            if not item["sk"].startswith(keys.EVENT):
                yield self._contacts, pk, item["sk"]
                if keys.BESIDE in item:
                    yield self._contacts, *item[keys.BESIDE]
        yield from self._lasting(tenant, contact_id)
