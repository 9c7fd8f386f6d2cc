"""What became of calls, as the systems say later: cases closed or opened again, deals won or lost, people satisfied.

Each is a fact of the call's contact, without text, and an event. It comes by asking each system since a cursor; what
comes twice is stored once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import ContactReader
from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.core.metrics.measure import OUTCOMES_TAKEN
from sotto.core.metrics.recorder import Metrics
from sotto.core.tenant_by_tenant import Troubles
from sotto.filing.call_log import contact_of
from sotto.filing.crm import Crm, CrmOutcome, OutcomeKind
from sotto.tenants.book import BookReader
from sotto.tenants.filing import FilingSystem

MOST_PAGES = 5
"""Of one system, each time; the rest comes the next time."""
OLDEST_MS = 120 * 86_400_000
"""What happens to a call later says nothing of it any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``subject``: the system's id of the case or the deal. ``at_ms``: Unix epoch, as the system says."""

    tenant: str
    contact_id: str
    system: str
    kind: OutcomeKind
    subject: str
    at_ms: int


class OutcomeStore(Protocol):
    """Raises StorageUnavailable."""

    def latest(self, tenant: str, contact_id: str, system: str, subject: str) -> Outcome | None: ...

    def add(self, outcome: Outcome) -> bool:
        """With its event; False where it is there already."""
        ...

    def cursor(self, tenant: str, system: str) -> str:
        """Empty before the first time."""
        ...

    def move_cursor(self, tenant: str, system: str, cursor: str) -> None: ...


@dataclass(frozen=True, slots=True)
class OutcomePorts:
    contacts: ContactReader
    books: BookReader
    store: OutcomeStore
    crm_of: Callable[[str, FilingSystem], Crm]
    metrics: Metrics
    clock: Clock


def poll_outcomes(tenants: Iterable[str], ports: OutcomePorts, *, until_ms: float) -> int:
    """How many were new. A system that does not answer is asked the next time, from the same cursor. Raises Retryable
    where a tenant's records could not be had, once all tenants had their turn."""
    taken, troubles = 0, Troubles()
    for tenant in tenants:
        with troubles.of_one():
            for system in ports.books.current(tenant).filing.systems:
                if system.outcomes and ports.clock.monotonic_ms() < until_ms:
                    taken += _polled(tenant, system, ports)
    troubles.raise_first()
    return taken


def _polled(tenant: str, system: FilingSystem, ports: OutcomePorts) -> int:
    cursor, taken = ports.store.cursor(tenant, system.name), 0
    for _ in range(MOST_PAGES):
        try:
            page = ports.crm_of(tenant, system).outcomes(cursor)
        except SottoError:
            ports.metrics.add(OUTCOMES_TAKEN, 0, tenant=tenant, kind=system.kind)
            return taken
        taken += sum(take_outcome(tenant, system, each, ports) for each in page.outcomes)
        if page.cursor != cursor:
            ports.store.move_cursor(tenant, system.name, page.cursor)
        if not page.has_more or page.cursor == cursor:
            break
        cursor = page.cursor
    return taken


def take_outcome(tenant: str, system: FilingSystem, found: CrmOutcome, ports: OutcomePorts) -> bool:
    """Whether it is new. What is of no call of ours, of a call that is kept no more, or says what was so before, is
    none; that a case is open is news only where it was closed."""
    contact_id = contact_of(found.key)
    if contact_id is None or "#" in contact_id or not contact_id or found.at_ms < ports.clock.now_ms() - OLDEST_MS:
        return False
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None or contact.erased:
        return False
    subject = found.subject if found.kind not in _RATINGS else f"{found.subject}/rating"
    latest = ports.store.latest(tenant, contact_id, system.name, subject)
    if found.kind is OutcomeKind.CASE_REOPENED and (latest is None or latest.kind is not OutcomeKind.CASE_CLOSED):
        return False
    if latest is not None and (latest.kind is found.kind or latest.at_ms > found.at_ms):
        return False
    is_new = ports.store.add(Outcome(tenant, contact_id, system.name, found.kind, subject, found.at_ms))
    if is_new:
        ports.metrics.add(OUTCOMES_TAKEN, tenant=tenant, kind=system.kind)
    return is_new


_RATINGS = (OutcomeKind.SATISFIED, OutcomeKind.DISSATISFIED)
