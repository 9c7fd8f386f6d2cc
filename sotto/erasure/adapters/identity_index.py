"""By whom contacts were: HMACs under a key of the tenant's, which the tenant's KMS key wraps.

An identity cannot be read from the index, and without the key it cannot be tried out either: numbers are few enough to
hash all of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.erasure.identity import Identity

_KEY = "key"


class DynamoIdentityIndex:
    """An IdentityIndex. ``kms(tenant)`` and ``key_of(tenant)``: as sotto.aws.data_keys. Keys of tenants stay in memory
    for as long as the process."""

    def __init__(
        self, table: Table, retention: Retention, kms: Callable[[str], Any], key_of: Callable[[str], str]
    ) -> None:
        self._table = table
        self._retention = retention
        self._kms = kms
        self._key_of = key_of
        self._known: dict[str, bytes] = {}
        self._lock = Lock()

    def add(self, tenant: str, contact_id: str, known_by: Sequence[Identity]) -> None:
        expires_at, part = self._retention.expires_at(tenant), keys.contact_part(contact_id)
        for each in known_by:
            mac = self._mac(tenant, each)
            # The way back first: what points to the contact must be found by whoever removes it.
            self._table.put({"pk": keys.of_identities(tenant, contact_id), "sk": mac, "expires_at": expires_at})
            self._table.put({"pk": keys.of_identity(tenant, mac), "sk": part, "expires_at": expires_at})

    def contacts(self, tenant: str, asked: Identity) -> list[str]:
        found = self._table.between(keys.of_identity(tenant, self._mac(tenant, asked)), " ", "~")
        return [item["sk"] for item in found]

    def name_of(self, tenant: str, asked: Identity) -> str:
        """By which the person can be asked for again, and by nobody but the tenant: the HMAC."""
        return self._mac(tenant, asked)

    def names_of_contact(self, tenant: str, contact_id: str) -> list[str]:
        return [item["sk"] for item in self._table.between(keys.of_identities(tenant, contact_id), " ", "~")]

    def contacts_named(self, tenant: str, name: str) -> list[str]:
        return [item["sk"] for item in self._table.between(keys.of_identity(tenant, name), " ", "~")]

    def remove(self, tenant: str, contact_id: str) -> int:
        removed, part = 0, keys.contact_part(contact_id)
        for item in list(self._table.between(keys.of_identities(tenant, contact_id), " ", "~")):
            self._table.delete(keys.of_identity(tenant, item["sk"]), part)
            self._table.delete(item["pk"], item["sk"])
            removed += 1
        return removed

    def entries(self, tenant: str, contact_id: str) -> int:
        return sum(1 for _ in self._table.between(keys.of_identities(tenant, contact_id), " ", "~"))

    def _mac(self, tenant: str, of: Identity) -> str:
        return hmac.digest(self._key(tenant), f"{of.kind.value}\0{of.value}".encode(), hashlib.sha256).hex()

    def _key(self, tenant: str) -> bytes:
        with self._lock:
            if tenant not in self._known:
                self._known[tenant] = self._stored_key(tenant)
            return self._known[tenant]

    def _stored_key(self, tenant: str) -> bytes:
        pk = keys.of_identity_key(tenant)
        item = self._table.get(pk, _KEY)
        if item is None:
            made = self._asked(tenant, "generate_data_key", KeySpec="AES_256")
            try:
                self._table.put({"pk": pk, "sk": _KEY, "wrapped": made["CiphertextBlob"]}, "attribute_not_exists(pk)")
                return bytes(made["Plaintext"])
            except ConditionFailed:
                item = self._table.get(pk, _KEY)
            if item is None:
                raise StorageUnavailable("the tenant's identity key came and went")
        return bytes(self._asked(tenant, "decrypt", CiphertextBlob=bytes(item["wrapped"].value))["Plaintext"])

    def _asked(self, tenant: str, operation: str, **request: Any) -> Any:
        context = {"sotto": keys.of_identity_key(tenant)}
        try:
            ask = getattr(self._kms(tenant), operation)
            return ask(KeyId=self._key_of(tenant), EncryptionContext=context, **request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("AccessDeniedException", "NotFoundException", "InvalidCiphertextException"):
                raise
            raise StorageUnavailable(f"KMS: {code}") from error
        except BotoCoreError as error:
            raise StorageUnavailable("KMS could not be reached") from error
