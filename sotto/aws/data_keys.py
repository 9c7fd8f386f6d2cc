"""A data key for each contact, wrapped by the tenant's KMS key, in a table of its own: whoever deletes one item there
makes all unreadable that was written under it, in backups too.

A destroyed key leaves its place: nobody makes another one for the contact. What a process knows of keys it forgets
after ``REMEMBERED_MS``, so that by then a destroyed key is destroyed everywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.core.clock import Clock
from sotto.core.errors import Rejected

REMEMBERED_MS = 300_000
MOST_REMEMBERED = 2_000
"""Contacts; of 32 bytes each, and a few hundred of Python's."""
KEPT_AFTER_S = 7 * 86_400
"""Longer than what it opens: a contact's last items are written after its first."""
PLACE = "key"


class ContactErased(Rejected):
    """The contact is erased, or is being: nothing more is written of it."""


class BodyKeys(Protocol):
    """``pk``: the partition key of a contact."""

    def for_writing(self, pk: str) -> bytes:
        """32 bytes, made where there is none. Raises ContactErased and StorageUnavailable."""
        ...

    def for_reading(self, pk: str) -> bytes | None:
        """None where there is none, or none any more. Raises StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """``key`` None: destroyed."""

    key: bytes | None
    until_ms: float


class DataKeys:
    """``kms(tenant)``: boto3's client as that tenant; ``key_of(tenant)``: id or alias of the tenant's KMS key;
    ``expires_at(tenant)``: of the tenant's records. May be shared by threads."""

    def __init__(
        self,
        table: Table,
        kms: Callable[[str], Any],
        key_of: Callable[[str], str],
        expires_at: Callable[[str], int],
        clock: Clock,
    ) -> None:
        self._table = table
        self._kms = kms
        self._key_of = key_of
        self._expires_at = expires_at
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def for_writing(self, pk: str) -> bytes:
        known = self._remembered(pk) or self._looked_up(pk) or self._made(pk)
        if known.key is None:
            raise ContactErased("contact: it is erased, and nothing more is kept of it")
        return known.key

    def for_reading(self, pk: str) -> bytes | None:
        known = self._remembered(pk) or self._looked_up(pk)
        return known.key if known is not None else None

    def destroy(self, tenant: str, contact_id: str) -> int:
        """How many keys: one, or none the second time. A contact that has none yet never gets one."""
        pk = keys.of_contact(tenant, contact_id)
        item = self._table.get(pk, PLACE)
        had = int(item is not None and "wrapped" in item)
        self._table.put(
            {
                "pk": pk,
                "sk": PLACE,
                "destroyed_at_ms": int(self._clock.now_ms()),
                "expires_at": self._expires_at(tenant) + KEPT_AFTER_S,
            }
        )
        with self._lock:
            self._known.pop(pk, None)
        return had

    def is_there(self, tenant: str, contact_id: str) -> bool:
        item = self._table.get(keys.of_contact(tenant, contact_id), PLACE)
        return item is not None and "wrapped" in item

    def place(self, tenant: str, contact_id: str) -> tuple[Table, str, str]:
        """Where the key lies: whoever holds a contact holds its key."""
        return self._table, keys.of_contact(tenant, contact_id), PLACE

    def _remembered(self, pk: str) -> _Known | None:
        with self._lock:
            known = self._known.get(pk)
            if known is None or self._clock.now_ms() >= known.until_ms:
                return None
            self._known.move_to_end(pk)
            return known

    def _remember(self, pk: str, key: bytes | None) -> _Known:
        known = _Known(key, self._clock.now_ms() + REMEMBERED_MS)
        with self._lock:
            self._known[pk] = known
            self._known.move_to_end(pk)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _looked_up(self, pk: str) -> _Known | None:
        item = self._table.get(pk, PLACE)
        if item is None:
            return None
        if "wrapped" not in item:
            return self._remember(pk, None)
        return self._remember(pk, self._unwrapped(pk, bytes(item["wrapped"].value)))

    def _made(self, pk: str) -> _Known:
        tenant = pk.partition("#")[0]
        made = self._asked(
            tenant,
            lambda kms: kms.generate_data_key(
                KeyId=self._key_of(tenant), KeySpec="AES_256", EncryptionContext=_context(pk)
            ),
        )
        item = {
            "pk": pk,
            "sk": PLACE,
            "wrapped": made["CiphertextBlob"],
            "expires_at": self._expires_at(tenant) + KEPT_AFTER_S,
        }
        try:
            self._table.put(item, "attribute_not_exists(pk)")
        except ConditionFailed:  # another process was first: everything is under its key
            known = self._looked_up(pk)
            if known is None:
                raise StorageUnavailable("the contact's key came and went") from None
            return known
        return self._remember(pk, made["Plaintext"])

    def _unwrapped(self, pk: str, wrapped: bytes) -> bytes:
        tenant = pk.partition("#")[0]
        opened = self._asked(
            tenant,
            lambda kms: kms.decrypt(CiphertextBlob=wrapped, KeyId=self._key_of(tenant), EncryptionContext=_context(pk)),
        )
        return bytes(opened["Plaintext"])

    def _asked(self, tenant: str, ask: Callable[[Any], Any]) -> Any:
        keys.of_tenant(tenant)
        try:
            return ask(self._kms(tenant))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("AccessDeniedException", "NotFoundException", "InvalidCiphertextException"):
                raise
            raise StorageUnavailable(f"KMS: {code}") from error
        except BotoCoreError as error:
            raise StorageUnavailable("KMS could not be reached") from error


def _context(pk: str) -> dict[str, str]:
    """What KMS asks to be named again: a wrapped key that was moved to another contact opens nothing. CloudTrail shows
    it, so it names no person."""
    return {"sotto": pk}
