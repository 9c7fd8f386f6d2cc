"""What has no expiry of its own and is over goes, except of what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.core.subject_data import Expirer
from sotto.erasure.hold import HoldStore
from sotto.tenants.book import BookReader

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class ExpirePorts:
    books: BookReader
    holds: HoldStore
    expirers: Sequence[Expirer]
    clock: Clock


def expire(tenant: str, ports: ExpirePorts) -> int:
    """How many objects went. Raises Retryable, and NothingPublished."""
    settings = ports.books.current(tenant).settings
    held = frozenset(hold.contact_id for hold in ports.holds.holds(tenant))
    now_ms = int(ports.clock.now_ms())
    return sum(each.expire(tenant, now_ms - settings.days_of(each.kind) * DAY_MS, held) for each in ports.expirers)
