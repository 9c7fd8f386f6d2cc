"""Legal holds in memory, with the rules of the stored ones."""

from __future__ import annotations

from sotto.aws import keys
from sotto.erasure.hold import Hold


class HoldsInMemory:
    """A HoldStore."""

    def __init__(self) -> None:
        self._holds: dict[tuple[str, str], Hold] = {}
        self._postponed: set[tuple[str, str]] = set()

    def is_held(self, tenant: str, contact_id: str) -> bool:
        return _place(tenant, contact_id) in self._holds

    def place(self, hold: Hold) -> Hold:
        return self._holds.setdefault(_place(hold.tenant, hold.contact_id), hold)

    def release(self, tenant: str, contact_id: str) -> bool:
        return self._holds.pop(_place(tenant, contact_id), None) is not None

    def holds(self, tenant: str) -> list[Hold]:
        ours = (hold for (of, _), hold in self._holds.items() if of == keys.of_tenant(tenant))
        return sorted(ours, key=lambda each: each.contact_id)

    def postpone(self, tenant: str, contact_id: str) -> None:
        self._postponed.add(_place(tenant, contact_id))

    def postponed(self, tenant: str, contact_id: str) -> bool:
        return _place(tenant, contact_id) in self._postponed

    def forget_postponed(self, tenant: str, contact_id: str) -> None:
        self._postponed.discard(_place(tenant, contact_id))


def _place(tenant: str, contact_id: str) -> tuple[str, str]:
    return keys.of_tenant(tenant), keys.contact_part(contact_id)
