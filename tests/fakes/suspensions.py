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

    def suspension(self, tenant: str, contact_id: str) -> Suspension | None:
        return self.stored.get(keys.of_contact(tenant, contact_id))

    def store(self, now: Suspension, *, before: Suspension | None) -> None:
        if self.suspension(now.tenant, now.contact_id) != before:
            raise SuspensionChanged("another order was followed meanwhile")
        self.stored[keys.of_contact(now.tenant, now.contact_id)] = now

    def overdue(self, tenant: str, at_ms: int, limit: int) -> Sequence[Suspension]:
        keys.of_suspended(tenant)
        held = [each for each in self.stored.values() if each.tenant == tenant and each.since_ms is not None]
        return sorted((each for each in held if each.until_ms <= at_ms), key=lambda each: each.until_ms)[:limit]
