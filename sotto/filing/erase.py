"""What systems of record hold of a call, or of a person, is taken out of them again.

For whoever erases (Article 17 and 19 of the GDPR): ``erase_filed`` for each contact, before or after our own records
go: rows hold ids alone and stay. It may be repeated, and says when everything is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sotto.call.filing import FilingState
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.core.subject_data import ErasureStep, Holds
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
    holds: Holds


@dataclass(frozen=True, slots=True)
class ErasedIn:
    """``entries``: how many went. ``problem``: why it may still hold some, for a person to see to; empty where nothing
    is left."""

    system: str
    entries: int
    problem: str = ""


def erase_filed(tenant: str, contact_id: str, ports: EraseFiledPorts, *, persons: bool = False) -> tuple[ErasedIn, ...]:
    """In each system that was ever asked to take the contact: a row is written before the first request. ``persons``:
    whoever called goes as well, where the tenant's declaration has ``erases_persons``. Raises NotErasedYet and
    StorageUnavailable."""
    filing = ports.books.current(tenant).filing
    found = []
    for row in ports.rows.rows(tenant, contact_id):
        system = filing.system(row.system)
        if system is None:
            found.append(ErasedIn(row.system, 0, "the tenant declares the system no more"))
        else:
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
    gone = replace(row, record="", address="", digest="", person=kept, leased_until_ms=0, is_gone=True)
    if gone != row:
        _replaced(gone, ports)
    return ErasedIn(row.system, entries)


def _replaced(row: FilingRow, ports: EraseFiledPorts) -> FilingRow:
    try:
        return ports.rows.replace(row)
    except RowChanged as error:
        raise NotErasedYet(f"{row.system}: the filing changed in this moment") from error


class FiledEraser:
    """An Eraser: the copies that others have."""

    name = "systems of record"
    step = ErasureStep.CRM

    def __init__(self, ports: EraseFiledPorts) -> None:
        self._ports = ports

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        found = erase_filed(tenant, contact_id, self._ports, persons=True)
        return {"records of systems": sum(each.entries for each in found)}

    def left(self, tenant: str, contact_id: str) -> int:
        """Systems that may still have something; one that refuses keeps a request open until somebody sees to it."""
        return sum(not row.is_gone for row in self._ports.rows.rows(tenant, contact_id))
