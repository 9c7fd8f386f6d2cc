"""What systems of record hold of a call, or of a person, is taken out of them again.

For whoever erases (Article 17 and 19 of the GDPR): ``erase_filed`` for each contact, before or after our own records
go: rows hold ids alone and stay. It may be repeated, and says when everything is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sotto.call.filing import FilingState
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.filing.call_log import key_of
from sotto.filing.crm import Crm, WhatToErase
from sotto.filing.outbox import FilingRow, FilingRows, RowChanged
from sotto.tenants.book import BookReader
from sotto.tenants.filing import FilingSystem


class NotErasedYet(Retryable):
    """A system does not answer, or the call is being filed in this moment: come again in two minutes."""


@dataclass(frozen=True, slots=True)
class EraseFiledPorts:
    books: BookReader
    rows: FilingRows
    crm_of: Callable[[str, FilingSystem], Crm]
    clock: Clock


@dataclass(frozen=True, slots=True)
class ErasedIn:
    """``entries``: how many went. ``problem``: why it may still hold some, for a person to see to; empty where nothing
    is left."""

    system: str
    entries: int
    problem: str = ""


def erase_filed(tenant: str, contact_id: str, ports: EraseFiledPorts, *, persons: bool = False) -> tuple[ErasedIn, ...]:
    """In each system in which the contact was filed, or might have been. ``persons``: whoever called goes as well,
    where the tenant's declaration has ``erases_persons``. Raises NotErasedYet and StorageUnavailable."""
    filing = ports.books.current(tenant).filing
    rows = {row.system: row for row in ports.rows.rows(tenant, contact_id)}
    found = []
    for name in dict.fromkeys((*rows, *(each.name for each in filing.systems))):
        system = filing.system(name)
        if system is None:
            found.append(ErasedIn(name, 0, "the tenant declares the system no more"))
        else:
            row = rows.get(name) or FilingRow(tenant, contact_id, name)
            found.append(_erased(row, system, ports, persons=persons))
    return tuple(found)


def _erased(row: FilingRow, system: FilingSystem, ports: EraseFiledPorts, *, persons: bool) -> ErasedIn:
    """The row first: from then on nobody files it. Who has begun before may still write until its lease ends."""
    now_ms, leased_until_ms = int(ports.clock.now_ms()), row.leased_until_ms
    if row.state is not FilingState.ERASED:
        row = _replaced(replace(row, state=FilingState.ERASED, due_at_ms=0), ports)
    if leased_until_ms > now_ms:
        raise NotErasedYet(f"{row.system}: the call is being filed in this moment")
    person = row.person if persons and system.erases_persons and row.person else ""
    try:
        crm = ports.crm_of(row.tenant, system)
        entries = crm.erase(WhatToErase(key_of(row.contact_id), row.record, person or ""))
    except Retryable as error:
        raise NotErasedYet(f"{row.system}: {type(error).__name__}") from error
    except Rejected as error:
        return ErasedIn(row.system, 0, type(error).__name__)
    kept = row.person if not persons else None  # a later erasure of the person must still find them
    _replaced(replace(row, record="", address="", digest="", person=kept, leased_until_ms=0), ports)
    return ErasedIn(row.system, entries)


def _replaced(row: FilingRow, ports: EraseFiledPorts) -> FilingRow:
    try:
        return ports.rows.replace(row)
    except RowChanged as error:
        raise NotErasedYet(f"{row.system}: the filing changed in this moment") from error
