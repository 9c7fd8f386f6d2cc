"""Suspends and resumes Connect's recording, as ordered from the live path: the function ``guard_recording``.

That a recording is suspended is written down before Connect is asked, with the time until when. Whatever happens to the
worker that ordered it, or to this function: a sweep, every minute, resumes what is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.call.contact import Contact, ContactReader, ContactStatus
from sotto.call.live import RecordingAction, RecordingOrder
from sotto.core.clock import Clock
from sotto.core.metrics.measure import RECORDINGS_SUSPENDED
from sotto.core.metrics.recorder import Metrics
from sotto.core.tenant_by_tenant import Troubles
from sotto.tenants.book import BookReader

HOLDS_MS = 60_000
"""An order to suspend, unless it is renewed."""
LONGEST_MS = 5 * 60_000
"""However often it is renewed: what goes on for longer is no card."""
A_DAY_MS = 24 * 3_600_000
MOST_SWEPT = 200


class Answer(StrEnum):
    """``NOTHING``: Connect says that there is nothing to suspend or to resume. ``REFUSED``: our role may not."""

    DONE = "done"
    NOTHING = "nothing"
    REFUSED = "refused"


class RecordedContacts(Protocol):
    """Connect's recording of a contact. Both raise Retryable."""

    def suspend(self, contact: Contact) -> Answer: ...

    def resume(self, contact: Contact) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Suspension:
    """Unix epoch, ms. ``ordered_at_ms``: of the latest order that was followed. ``since_ms``: None where it is not
    suspended."""

    tenant: str
    contact_id: str
    ordered_at_ms: int
    since_ms: int | None = None
    until_ms: int = 0


class SuspensionChanged(Exception):
    """Another order was followed meanwhile."""


class Suspensions(Protocol):
    """All raise StorageUnavailable."""

    def suspension(self, tenant: str, contact_id: str) -> Suspension | None: ...

    def store(self, now: Suspension, *, before: Suspension | None) -> None:
        """Raises SuspensionChanged where ``before`` is not what is stored."""
        ...

    def forget(self, one: Suspension) -> None:
        """Of what was erased meanwhile: it is overdue no more."""
        ...

    def overdue(self, tenant: str, at_ms: int, limit: int) -> Sequence[Suspension]:
        """Those that hold until then at most, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class GuardPorts:
    contacts: ContactReader
    books: BookReader
    suspensions: Suspensions
    recorded: RecordedContacts
    metrics: Metrics
    clock: Clock


def guard_recording(order: RecordingOrder, ports: GuardPorts) -> Answer:
    """An order that another has overtaken changes nothing. Raises Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None or contact.status is ContactStatus.ENDED:
        return Answer.NOTHING
    is_stop = order.action is RecordingAction.STOP
    if not ports.books.current(contact.tenant).settings.recordings.suspend and not is_stop:
        return Answer.NOTHING
    before = ports.suspensions.suspension(contact.tenant, contact.contact_id)
    if before is not None and before.ordered_at_ms >= order.ordered_at_ms:
        return Answer.NOTHING
    try:
        if order.action is RecordingAction.RESUME:
            return _resumed(contact, before, order.ordered_at_ms, ports, outcome="resumed")
        return _suspended(contact, before, order, ports)
    except SuspensionChanged:
        return Answer.NOTHING


def resume_overdue(tenants: Iterable[str], ports: GuardPorts) -> int:
    """Of calls whose worker has died, or was handed over, or whose order to resume was lost. Raises Retryable, once all
    were tried."""
    resumed, troubles = 0, Troubles()
    for tenant in tenants:
        with troubles.of_one():
            for each in ports.suspensions.overdue(tenant, int(ports.clock.now_ms()), MOST_SWEPT):
                with troubles.of_one():
                    resumed += _resumed_late(each, ports)
    troubles.raise_first()
    return resumed


def _resumed_late(each: Suspension, ports: GuardPorts) -> bool:
    contact = ports.contacts.contact(each.tenant, each.contact_id)
    try:
        _resumed(contact, each, each.ordered_at_ms + 1, ports, outcome="overdue")
    except SuspensionChanged:  # renewed, or erased with the contact
        if ports.suspensions.suspension(each.tenant, each.contact_id) is None:
            ports.suspensions.forget(each)
        return False
    return True


def _suspended(contact: Contact, before: Suspension | None, order: RecordingOrder, ports: GuardPorts) -> Answer:
    since_ms = before.since_ms if before is not None and before.since_ms is not None else order.ordered_at_ms
    until_ms = min(order.ordered_at_ms + HOLDS_MS, since_ms + LONGEST_MS)
    if order.action is RecordingAction.STOP:
        until_ms = order.ordered_at_ms + A_DAY_MS
    now = Suspension(contact.tenant, contact.contact_id, order.ordered_at_ms, since_ms, until_ms)
    ports.suspensions.store(now, before=before)
    answer = ports.recorded.suspend(contact)
    _count(contact.tenant, "suspended", answer, ports)
    return answer


def _resumed(
    contact: Contact | None, before: Suspension | None, ordered_at_ms: int, ports: GuardPorts, *, outcome: str
) -> Answer:
    """First resumed, then forgotten: again does no harm, and never would."""
    if before is None or before.since_ms is None:
        return Answer.NOTHING
    answer = Answer.NOTHING
    if contact is not None and contact.status is not ContactStatus.ENDED:
        answer = ports.recorded.resume(contact)
        _count(before.tenant, outcome, answer, ports)
    ports.suspensions.store(Suspension(before.tenant, before.contact_id, ordered_at_ms), before=before)
    return answer


def _count(tenant: str, done: str, answer: Answer, ports: GuardPorts) -> None:
    outcome = done if answer is Answer.DONE else answer.value
    ports.metrics.add(RECORDINGS_SUSPENDED, tenant=tenant, outcome=outcome)
