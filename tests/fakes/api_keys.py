"""API keys in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotto.api.keys.key import ApiKey
from sotto.api.keys.store import KeysChanged
from sotto.aws import keys as places


class KeysInMemory:
    """A KeyStore. ``uses``: how often a use was noted."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], ApiKey] = {}
        self.uses = 0

    def add(self, key: ApiKey, beside: Sequence[ApiKey], *, changed: Sequence[ApiKey] = ()) -> None:
        there = {each.id for each in self.keys(key.tenant) if each.app == key.app}
        if there != {each.id for each in beside}:
            raise KeysChanged("keys: those of this app were changed in the same moment; look again")
        if any(self._keys[each.tenant, each.id].revoked_at_ms is not None for each in changed):
            raise KeysChanged("keys: one was revoked in the same moment; look again")
        for each in (key, *changed):
            self._keys[each.tenant, each.id] = each

    def key(self, tenant: str, key_id: str) -> ApiKey | None:
        places.of_api_key(key_id)
        return self._keys.get((places.of_tenant(tenant), key_id))

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        places.of_tenant(tenant)
        return sorted((each for each in self._keys.values() if each.tenant == tenant), key=lambda each: each.id)

    def revoke(self, tenant: str, key_id: str, at_ms: int) -> ApiKey | None:
        found = self.key(tenant, key_id)
        if found is not None and found.revoked_at_ms is None:
            self._keys[tenant, key_id] = replace(found, revoked_at_ms=at_ms)
        return self.key(tenant, key_id)

    def note_use(self, tenant: str, key_id: str, at_ms: int) -> None:
        self.uses += 1
        found = self.key(tenant, key_id)
        if found is not None:
            self._keys[tenant, key_id] = replace(found, last_used_at_ms=at_ms)
