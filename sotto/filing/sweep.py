"""Rows whose time has come: systems that were down, people who were not found yet, work that somebody died over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sotto.call.filing import FilingState
from sotto.core.errors import Retryable
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
    not asked for its other rows."""
    due = filed = 0
    for tenant in tenants:
        down: set[str] = set()
        for each in ports.rows.due(tenant, int(ports.clock.now_ms()), MOST_ROWS):
            if ports.clock.monotonic_ms() >= until_ms:
                return Swept(due, filed)
            if each.system in down:
                continue
            due += 1
            try:
                state = _filed(tenant, each, ports)
            except Retryable:  # our own records, for this one: it stays due
                continue
            filed += state is FilingState.FILED
            if state is FilingState.PENDING:
                down.add(each.system)
    return Swept(due, filed)


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
