"""DynamoDB's wire form, and what its conditional writes mean to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from sotto.core.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

Write = tuple[Mapping[str, Any], str | None, dict[str, Any]]
"""An item, the condition under which it is put, and the values that the condition names."""
Removal = tuple[str, str, str, dict[str, Any]]
"""``(pk, sk, condition, values)`` of a delete."""
Change = tuple[str, str, str, str | None, dict[str, Any]]
"""``(pk, sk, update expression, condition, values)``."""

_to_wire = TypeSerializer().serialize
_from_wire = TypeDeserializer().deserialize


class StorageUnavailable(Retryable):
    """DynamoDB throttled us or could not be reached."""


class ConditionFailed(Exception):
    """The condition of a write did not hold. ``which`` lists the positions in a transaction whose condition failed."""

    def __init__(self, which: tuple[int, ...] = (0,), *, conflict: bool = False) -> None:
        super().__init__(f"conditions {which} failed")
        self.which = which
        self.conflict = conflict


def wire(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _to_wire(value) for name, value in item.items() if value is not None}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _from_wire(value) for name, value in item.items()}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise ConditionFailed from error
        if code == "TransactionCanceledException":
            reasons = [each.get("Code") for each in error.response.get("CancellationReasons", [])]
            failed = tuple(at for at, reason in enumerate(reasons) if reason == "ConditionalCheckFailed")
            conflict = "TransactionConflict" in reasons
            if failed or conflict:
                raise ConditionFailed(failed, conflict=conflict) from error
        if code in ("ValidationException", "ResourceNotFoundException", "AccessDeniedException"):
            raise
        raise StorageUnavailable(code) from error
    except (ConnectionError, HTTPClientError) as error:
        raise StorageUnavailable("DynamoDB could not be reached") from error


class Table:
    """One table, in plain values. Raises ConditionFailed and StorageUnavailable."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        with _translated():
            found = self._client.get_item(TableName=self.name, Key=wire({"pk": pk, "sk": sk}), ConsistentRead=True)
        return plain(found["Item"]) if "Item" in found else None

    def put(self, item: Mapping[str, Any], condition: str | None = None, **values: Any) -> None:
        with _translated():
            self._client.put_item(TableName=self.name, Item=wire(item), **self._conditional(condition, values))

    def update(self, pk: str, sk: str, change: str, condition: str, **values: Any) -> None:
        """``change``: an update expression."""
        conditional = self._conditional(condition, values)
        with _translated():
            self._client.update_item(
                TableName=self.name, Key=wire({"pk": pk, "sk": sk}), UpdateExpression=change, **conditional
            )

    def count(self, pk: str, sk: str, *, expires_at: int) -> int:
        """One more of what the item counts, and how many that makes. ``expires_at``: Unix epoch, in seconds."""
        with _translated():
            found = self._client.update_item(
                TableName=self.name,
                Key=wire({"pk": pk, "sk": sk}),
                UpdateExpression="ADD made :one SET expires_at = :expires_at",
                ExpressionAttributeValues=wire({":one": 1, ":expires_at": expires_at}),
                ReturnValues="UPDATED_NEW",
            )
        return int(plain(found["Attributes"])["made"])

    def delete(self, pk: str, sk: str) -> None:
        with _translated():
            self._client.delete_item(TableName=self.name, Key=wire({"pk": pk, "sk": sk}))

    def between(
        self,
        pk: str,
        first: str,
        last: str,
        limit: int | None = None,
        *,
        backwards: bool = False,
        at_once: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Items of ``pk`` with ``first <= sk <= last``, in order or ``backwards``, at most ``limit``. ``at_once``: how
        many are read (and paid for) at a time, by whoever may stop in between; else as many as make a megabyte."""
        bounds = {"MaxItems": limit, "PageSize": at_once}
        paging: Any = {name: value for name, value in bounds.items() if value is not None}
        with _translated():
            pages = self._client.get_paginator("query").paginate(
                TableName=self.name,
                KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues=wire({":pk": pk, ":first": first, ":last": last}),
                ConsistentRead=True,
                ScanIndexForward=not backwards,
                PaginationConfig=paging,
            )
            for page in pages:
                yield from map(plain, page.get("Items", []))

    def stored(self, pk: str) -> Iterator[dict[str, Any]]:
        """All items of a partition as they lie there: for whoever deletes."""
        return Table.between(self, pk, " ", "~")

    def put_all(
        self,
        writes: Sequence[Write],
        deletes: Sequence[tuple[str, str]] = (),
        removals: Sequence[Removal] = (),
    ) -> None:
        """Up to 100 puts, deletes ``(pk, sk)`` and conditional deletes, all or none, each of another item."""
        items: list[TransactWriteItemTypeDef] = [
            {"Put": {"TableName": self.name, "Item": wire(item), **self._conditional(condition, values)}}  # type: ignore[typeddict-item]
            for item, condition, values in writes
        ]
        items += [{"Delete": {"TableName": self.name, "Key": wire({"pk": pk, "sk": sk})}} for pk, sk in deletes]
        for pk, sk, condition, values in removals:
            removed: Any = {"TableName": self.name, "Key": wire({"pk": pk, "sk": sk})}
            items.append({"Delete": removed | self._conditional(condition, values)})
        with _translated():
            self._client.transact_write_items(TransactItems=items)

    def change_all(
        self, changes: Sequence[Change], writes: Sequence[Write] = (), removals: Sequence[Removal] = ()
    ) -> None:
        """Up to 100 updates, puts and conditional deletes, all or none, each of another item, in this order."""
        items: list[Any] = [
            {
                "Update": {
                    "TableName": self.name,
                    "Key": wire({"pk": pk, "sk": sk}),
                    "UpdateExpression": expression,
                    "ExpressionAttributeValues": wire({f":{name}": value for name, value in values.items()}),
                    **({"ConditionExpression": condition} if condition is not None else {}),
                }
            }
            for pk, sk, expression, condition, values in changes
        ]
        items += [
            {"Put": {"TableName": self.name, "Item": wire(item), **self._conditional(condition, values)}}
            for item, condition, values in writes
        ]
        for pk, sk, wanted, values in removals:
            removed: Any = {"TableName": self.name, "Key": wire({"pk": pk, "sk": sk})}
            items.append({"Delete": removed | self._conditional(wanted, values)})
        with _translated():
            self._client.transact_write_items(TransactItems=items)

    @staticmethod
    def _conditional(condition: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
        if condition is None:
            return {}
        named = {f":{name}": value for name, value in values.items()}
        return {"ConditionExpression": condition} | ({"ExpressionAttributeValues": wire(named)} if named else {})
