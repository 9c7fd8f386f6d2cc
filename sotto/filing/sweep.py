"""Rows whose time has come: systems that were down, people who were not found yet, work that somebody died over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sotto.call.filing import FilingState
from sotto.core.errors import Retryable
from sotto.core.tenant_by_tenant import Troubles
from sotto.filing.file_conversation import FilingPorts, file_in
from sotto.filing.outbox import DueRow, RowChanged

MOST_ROWS = 200
"""Of a tenant, each time."""


@dataclass(frozen=True, slots=True)
class Swept:
    due: int = 0
    filed: int = 0


def sweep(tenants: Iterable[str], ports: FilingPorts, *, until_ms: float) -> Swept:
    """``until_ms``: of the monotonic clock; what is left then is due the next time. A system that does not answer is
    not asked for its other rows. Raises Retryable where a tenant's rows could not be read, once all tenants had their
    turn."""
    due = filed = 0
    troubles = Troubles()
    for tenant in tenants:
        with troubles.of_one():
            for state in _swept(tenant, ports, until_ms):
                due += 1
                filed += state is FilingState.FILED
    troubles.raise_first()
    return Swept(due, filed)


def _swept(tenant: str, ports: FilingPorts, until_ms: float) -> Iterator[FilingState | None]:
    """What became of each row; None where our own records could not be had, or nothing can be filed any more."""
    down: set[str] = set()
    for each in ports.rows.due(tenant, int(ports.clock.now_ms()), MOST_ROWS):
        if ports.clock.monotonic_ms() >= until_ms:
            return
        if each.system in down:
            continue
        try:
            state = _filed(tenant, each, ports)
        except Retryable:  # it stays due
            state = None
        if state is FilingState.PENDING:
            down.add(each.system)
        yield state


def _filed(tenant: str, due: DueRow, ports: FilingPorts) -> FilingState | None:
    contact = ports.contacts.contact(tenant, due.contact_id)
    system = ports.books.current(tenant).filing.system(due.system)
    row = file_in(contact, system, ports) if contact is not None and system is not None else None
    if row is None:
        _let_go(tenant, due, ports)
    return row.state if row is not None else None


def _let_go(tenant: str, due: DueRow, ports: FilingPorts) -> None:
    """The contact, its summary or the declaration is gone: nothing can be filed any more."""
    row = ports.rows.row(tenant, due.contact_id, due.system)
    if row is not None:
        try:
            ports.rows.replace(replace(row, due_at_ms=0, leased_until_ms=0))
        except RowChanged:
            return
