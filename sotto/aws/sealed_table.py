"""The table of contacts as adapters see it: what is written of a contact is encrypted under the contact's own key, and
what is over is not there.

Sealed is the attribute ``body`` of every item in a contact's partition, except of those that hold no words
(``OPEN_PLACES``): whoever adds an item need not think of it. DynamoDB deletes what has expired days late and shows it
meanwhile; here it is left out.

AES-256-GCM, with a nonce made from the text by HMAC: the same body at the same place is sealed the same way, so that
conditions such as ``body = :before`` still compare what is stored, and no nonce comes twice for two texts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sotto.aws import keys
from sotto.aws.table import Removal, Table, Write
from sotto.core.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from sotto.aws.data_keys import BodyKeys

MARK = b"\xff\x01"
"""What a sealed body begins with; neither JSON nor zlib does."""
_TEXT, _BYTES = b"t", b"b"
_NONCE_BYTES = 12
_HEAD = len(MARK) + 1
OPEN_PLACES = frozenset({keys.CONTACT, keys.LEASE, keys.FACTS})
OPEN_BEGINNINGS = (keys.EVENT, "consent#", "erasure#", keys.FILING)
"""Sort keys of what holds no words: who has the contact and who transcribes it, what was measured, what was decided,
and where it was filed, which must still be known when it is taken out there."""
_CONTACTS_OWN = re.compile(r"[^#]+#[^#]+")
_BODY_IS = re.compile(r"\bbody = (:\w+)")


class SealedTable(Table):
    """``data_keys`` None: nothing is encrypted. Raises ContactErased too, on writing of a contact that is erased."""

    def __init__(self, client: DynamoDBClient, name: str, data_keys: BodyKeys | None, clock: Clock) -> None:
        super().__init__(client, name)
        self._keys = data_keys
        self._clock = clock

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        item = super().get(pk, sk)
        return self._opened(item) if item is not None else None

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
        for item in super().between(pk, first, last, limit, backwards=backwards, at_once=at_once):
            opened = self._opened(item)
            if opened is not None:
                yield opened

    def put(self, item: Mapping[str, Any], condition: str | None = None, **values: Any) -> None:
        sealed, condition, values = self._sealed((item, condition, values))
        super().put(sealed, condition, **values)

    def put_all(
        self,
        writes: Sequence[Write],
        deletes: Sequence[tuple[str, str]] = (),
        removals: Sequence[Removal] = (),
    ) -> None:
        super().put_all([self._sealed(write) for write in writes], deletes, removals)

    def _sealed(self, write: Write) -> Write:
        item, condition, values = write
        pk, sk = item["pk"], item["sk"]
        if self._keys is None or "body" not in item or not is_sealed_place(pk, sk):
            return write
        key = self._keys.for_writing(pk)
        sealed = dict(item) | {"body": seal(key, pk, sk, item["body"])}
        compared = _BODY_IS.search(condition) if condition else None
        if condition is not None and compared is not None:
            # What was written before bodies were sealed is compared as it is.
            name = compared[1]
            before = values[name[1:]]
            condition = condition.replace(compared[0], f"body IN ({name}, {name}_sealed)")
            values = values | {f"{name[1:]}_sealed": seal(key, pk, sk, before)}
        return sealed, condition, values

    def _opened(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """None for what is over, and for what was written under a key that is destroyed."""
        if "expires_at" in item and int(item["expires_at"]) * 1000 <= self._clock.now_ms():
            return None
        body = item.get("body")
        if not isinstance(body, Binary) or not bytes(body.value).startswith(MARK):  # type: ignore[attr-defined]
            return item
        key = self._keys.for_reading(item["pk"]) if self._keys is not None else None
        if key is None:
            return None
        return item | {"body": unseal(key, item["pk"], item["sk"], bytes(body.value))}  # type: ignore[attr-defined]


def is_sealed_place(pk: str, sk: str) -> bool:
    is_open = sk in OPEN_PLACES or sk.startswith(OPEN_BEGINNINGS)
    return not is_open and _CONTACTS_OWN.fullmatch(pk) is not None


def seal(key: bytes, pk: str, sk: str, body: Any) -> bytes:
    """``body``: text, bytes, or boto3's Binary."""
    kind, plain = (_TEXT, body.encode()) if isinstance(body, str) else (_BYTES, bytes(getattr(body, "value", body)))
    place = f"{pk}\0{sk}".encode()
    nonce = hmac.digest(_nonce_key(key), place + b"\0" + kind + plain, hashlib.sha256)[:_NONCE_BYTES]
    return MARK + kind + nonce + AESGCM(key).encrypt(nonce, plain, place + kind)


def unseal(key: bytes, pk: str, sk: str, sealed: bytes) -> Any:
    """Text, or Binary. Raises cryptography's InvalidTag for what was moved here from another place."""
    kind, nonce, rest = sealed[len(MARK) : _HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES], sealed[_HEAD + _NONCE_BYTES :]
    plain = AESGCM(key).decrypt(nonce, rest, f"{pk}\0{sk}".encode() + kind)
    return plain.decode() if kind == _TEXT else Binary(plain)


def _nonce_key(key: bytes) -> bytes:
    return hmac.digest(key, b"sotto nonce", hashlib.sha256)
