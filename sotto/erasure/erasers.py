"""What erasure itself keeps of a contact, and its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sotto.core.subject_data import ErasureStep
from sotto.erasure.identity import IdentityIndex


class ContactKeys(Protocol):
    def destroy(self, tenant: str, contact_id: str) -> int:
        """How many keys; nobody makes another one for the contact. Raises Retryable."""
        ...

    def is_there(self, tenant: str, contact_id: str) -> bool:
        """Raises Retryable."""
        ...


class KeyEraser:
    name = "data-keys"
    step = ErasureStep.KEY

    def __init__(self, keys: ContactKeys) -> None:
        self._keys = keys

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"data keys": self._keys.destroy(tenant, contact_id)}

    def left(self, tenant: str, contact_id: str) -> int:
        return int(self._keys.is_there(tenant, contact_id))


class IdentityEraser:
    name = "identities"
    step = ErasureStep.INDEXES

    def __init__(self, identities: IdentityIndex) -> None:
        self._identities = identities

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"identity entries": self._identities.remove(tenant, contact_id)}

    def left(self, tenant: str, contact_id: str) -> int:
        return self._identities.entries(tenant, contact_id)
