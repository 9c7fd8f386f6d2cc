"""Which recordings are suspended, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.aws import keys
from sotto.recordings.suspension.guard import Suspension, SuspensionChanged


@dataclass
class SuspensionsInMemory:
    """A Suspensions."""

    stored: dict[str, Suspension] = field(default_factory=dict)
    held: dict[str, Suspension] = field(default_factory=dict)
    """Those that are suspended."""

    def suspension(self, tenant: str, contact_id: str) -> Suspension | None:
        return self.stored.get(keys.of_contact(tenant, contact_id))

    def store(self, now: Suspension, *, before: Suspension | None) -> None:
        if self.suspension(now.tenant, now.contact_id) != before:
            raise SuspensionChanged("another order was followed meanwhile")
        pk = keys.of_contact(now.tenant, now.contact_id)
        self.stored[pk] = now
        self.held.pop(pk, None)
        if now.since_ms is not None:
            self.held[pk] = now

    def forget(self, one: Suspension) -> None:
        pk = keys.of_contact(one.tenant, one.contact_id)
        if self.held.get(pk) == one:
            del self.held[pk]

    def overdue(self, tenant: str, at_ms: int, limit: int) -> Sequence[Suspension]:
        keys.of_suspended(tenant)
        held = [each for each in self.held.values() if each.tenant == tenant]
        return sorted((each for each in held if each.until_ms <= at_ms), key=lambda each: each.until_ms)[:limit]
