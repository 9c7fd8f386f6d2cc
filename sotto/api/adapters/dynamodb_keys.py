"""API keys in DynamoDB: an item for each, and one for each app, which says which of its keys is the newest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from sotto.api.keys.key import ApiKey
from sotto.api.keys.store import KeysChanged
from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.validation import silent

_key = silent(ApiKey)
NONE = "-"


class DynamoKeys:
    """A KeyStore."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, key: ApiKey, beside: Sequence[ApiKey], *, changed: Sequence[ApiKey] = ()) -> None:
        newest = max(beside, key=lambda each: (each.created_at_ms, each.id)).id if beside else NONE
        app = {"pk": keys.of_api_keys(key.tenant), "sk": keys.of_api_app(key.app), "newest": key.id}
        standing = "newest = :newest" if beside else "attribute_not_exists(pk)"
        writes: list[Write] = [
            (app, standing, {"newest": newest} if beside else {}),
            (_item(key), "attribute_not_exists(pk)", {}),
            *((_item(each), "attribute_not_exists(revoked_at_ms)", {}) for each in changed),
        ]
        try:
            self._table.put_all(writes)
        except ConditionFailed:
            raise KeysChanged("keys: those of this app were changed in the same moment; look again") from None

    def key(self, tenant: str, key_id: str) -> ApiKey | None:
        found = self._table.get(keys.of_api_keys(tenant), keys.of_api_key(key_id))
        return _read(found) if found else None

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        return [_read(item) for item in self._table.between(keys.of_api_keys(tenant), "key#", "key#~")]

    def revoke(self, tenant: str, key_id: str, at_ms: int) -> ApiKey | None:
        with suppress(ConditionFailed):
            self._set(tenant, key_id, "revoked_at_ms", at_ms, " AND attribute_not_exists(revoked_at_ms)")
        return self.key(tenant, key_id)

    def note_use(self, tenant: str, key_id: str, at_ms: int) -> None:
        with suppress(ConditionFailed):
            self._set(tenant, key_id, "last_used_at_ms", at_ms, "")

    def _set(self, tenant: str, key_id: str, name: str, at_ms: int, besides: str) -> None:
        place = (keys.of_api_keys(tenant), keys.of_api_key(key_id))
        self._table.update(*place, f"SET {name} = :at", f"attribute_exists(pk){besides}", at=at_ms)


def _item(key: ApiKey) -> dict[str, object]:
    changing = {"revoked_at_ms": key.revoked_at_ms, "last_used_at_ms": key.last_used_at_ms}
    body = _key.dump_json(key, exclude=set(changing)).decode()
    return {"pk": keys.of_api_keys(key.tenant), "sk": keys.of_api_key(key.id), "body": body, **changing}


def _read(item: dict[str, object]) -> ApiKey:
    body: dict[str, object] = json.loads(str(item["body"]))
    at = {name: int(str(item[name])) for name in ("revoked_at_ms", "last_used_at_ms") if item.get(name) is not None}
    return _key.validate_python(body | at)
