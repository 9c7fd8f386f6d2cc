"""A call is filed in each system of its tenant: once, however often somebody tries, and anew when it has changed.

Before each request there is a row that says who is filing, and until when; after it one that says what the system has.
Whoever dies in between is followed by the sweep, and each system takes a repetition for what it is (sotto.filing.crm).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.after_call_work import AfterCallWork
from sotto.call.contact import Contact, ContactReader
from sotto.call.events import CrmFiled
from sotto.call.filing import FiledCall, FilingState
from sotto.call.summary import CallSummary
from sotto.consent.rules import ConsentRecord, is_withdrawal
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.core.metrics.measure import CALLS_FILED
from sotto.core.metrics.recorder import Metrics
from sotto.filing.call_log import call_log, digest_of
from sotto.filing.crm import CallLog, CaseMissing, Crm, CrmUnavailable, Found, Person, WhoCalled
from sotto.filing.notes import CallNotes
from sotto.filing.outbox import FilingRow, FilingRows, RowChanged
from sotto.filing.person_options import options_of
from sotto.tenants.book import BookReader, TenantBook
from sotto.tenants.filing import FilingSystem, WhenSeveral

ROUNDS = 3
"""What changed while it was filed is filed at once, so often; then by the sweep."""
_TAKEN = (FilingState.FILED, FilingState.AMBIGUOUS)
LOOK_AGAIN_MS = 180_000
"""Searches lag behind by a minute or two: who was not found is looked for once more."""


class Summaries(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...


class Work(Protocol):
    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None: ...


class Consents(Protocol):
    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...


class Callers(Protocol):
    def caller(self, contact: Contact) -> str | None:
        """E.164; None where it is withheld. Raises Retryable."""
        ...


class FiledPanel(Protocol):
    def show(self, contact: Contact, filed: FiledCall) -> None:
        """Kept with the work after the call, and shown to its agent. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class FilingPorts:
    """``crm_of(tenant, system)`` raises KeyMissing, CrmRefused and OutsideResidency."""

    contacts: ContactReader
    books: BookReader
    summaries: Summaries
    work: Work
    consents: Consents
    callers: Callers
    rows: FilingRows
    notes: CallNotes
    crm_of: Callable[[str, FilingSystem], Crm]
    panel: FiledPanel
    metrics: Metrics
    clock: Clock


def file_conversation(tenant: str, contact_id: str, ports: FilingPorts) -> Sequence[FilingRow]:
    """In every system of the tenant; the rows as they are then. None where there is nothing to file, or nothing may be
    kept. Raises Retryable where our own records cannot be reached."""
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None:
        return ()
    systems = ports.books.current(tenant).filing.systems
    found = [file_in(contact, system, ports) for system in systems]
    return [row for row in found if row is not None]


def file_again(tenant: str, contact_id: str, ports: FilingPorts) -> Sequence[FilingRow]:
    """Where it has been filed before, or was to be: what changed since. A call that no step has filed yet is left to
    the step."""
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None:
        return ()
    filing = ports.books.current(tenant).filing
    known = [filing.system(row.system) for row in ports.rows.rows(tenant, contact_id)]
    found = [file_in(contact, system, ports) for system in known if system is not None]
    return [row for row in found if row is not None]


def file_in(contact: Contact, system: FilingSystem, ports: FilingPorts) -> FilingRow | None:
    """The row as it is then. None where there is nothing to file. Somebody who files it in this moment is left to it:
    afterwards they look again for what has changed."""
    row: FilingRow | None = None
    for _ in range(ROUNDS):
        if not _may_file(contact, ports):
            return row
        known = ports.rows.row(contact.tenant, contact.contact_id, system.name)
        known = known or FilingRow(contact.tenant, contact.contact_id, system.name)
        if _rests(known, system, ports):
            return known
        call = _as_filed(contact, system, known, ports)
        if call is None:
            return row
        if _is_level(known, call, ports):
            return known
        try:
            row = _filed(contact, system, known, ports)
        except RowChanged:
            continue
        if row.state not in _TAKEN:
            return row
    return row


def _rests(row: FilingRow, system: FilingSystem, ports: FilingPorts) -> bool:
    """Erased, held until the agent chooses, or in somebody's hands."""
    if row.state is FilingState.ERASED or row.leased_until_ms > ports.clock.now_ms():
        return True
    return row.state is FilingState.AMBIGUOUS and system.several is WhenSeveral.HOLD


def _is_level(row: FilingRow, call: CallLog, ports: FilingPorts) -> bool:
    """The system has it, and nobody is to be looked for again."""
    looks_again = bool(row.due_at_ms) and row.due_at_ms <= ports.clock.now_ms()
    return row.state in _TAKEN and row.digest == digest_of(call) and not looks_again


def _may_file(contact: Contact, ports: FilingPorts) -> bool:
    latest = ports.consents.latest(contact.tenant, contact.contact_id)
    return not contact.erased and not (latest is not None and is_withdrawal(latest) and latest.drop_kept)


def _as_filed(contact: Contact, system: FilingSystem, row: FilingRow, ports: FilingPorts) -> CallLog | None:
    summary = ports.summaries.summary(contact.tenant, contact.contact_id)
    if summary is None:
        return None
    book = ports.books.current(contact.tenant)
    work = ports.work.work(contact.tenant, contact.contact_id)
    notes = [each.text for each in ports.notes.notes(contact.tenant, contact.contact_id)]
    return call_log(contact, summary, work, system, book.filing, row, book.settings.language_of(contact), notes)


def _filed(contact: Contact, system: FilingSystem, known: FilingRow, ports: FilingPorts) -> FilingRow:
    """One attempt. Raises RowChanged where somebody else has taken the row."""
    row = ports.rows.replace(known.leased(int(ports.clock.now_ms())))
    found = Found()
    try:
        crm = ports.crm_of(contact.tenant, system)
        row, found = _with_person(contact, system, row, crm, ports)
        if row.state is not FilingState.AMBIGUOUS or system.several is WhenSeveral.WITHOUT_PERSON:
            row = _logged(contact, system, row, crm, ports)
    except CrmUnavailable as error:
        row = ports.rows.replace(row.put_off(int(ports.clock.now_ms()), error.after_ms))
    except Retryable:  # a secret cannot be read just now, or Connect says not who called
        row = ports.rows.replace(row.put_off(int(ports.clock.now_ms()), None))
    except Rejected:
        row = ports.rows.replace(row.refused(int(ports.clock.now_ms())))
    ports.metrics.add(CALLS_FILED, tenant=contact.tenant, kind=system.kind, outcome=row.state.value)
    ports.panel.show(contact, shown(row, system, ports.books.current(contact.tenant), found))
    return row


def _with_person(
    contact: Contact, system: FilingSystem, row: FilingRow, crm: Crm, ports: FilingPorts
) -> tuple[FilingRow, Found]:
    """Whose call it is, stored before anything is filed. Whom the agent chose, stays."""
    if row.chosen_by or row.person or row.state is FilingState.AMBIGUOUS:
        return row, Found()
    who = WhoCalled(
        phone=ports.callers.caller(contact) or "",
        email=contact.attributes.get(system.email_attribute, "").strip() if system.email_attribute else "",
    )
    found = crm.find_person(who) if who.phone or who.email else Found()
    now_ms = int(ports.clock.now_ms())
    if len(found.persons) > 1 or found.has_more:
        state = FilingState.AMBIGUOUS
        row = replace(row, state=state, person=None, looked_at_ms=now_ms)
        return ports.rows.replace(row.concluded(state) if system.several is WhenSeveral.HOLD else row), found
    person = found.persons[0].id if found.persons else ""
    return ports.rows.replace(replace(row, person=person, looked_at_ms=row.looked_at_ms or now_ms)), found


def _logged(contact: Contact, system: FilingSystem, row: FilingRow, crm: Crm, ports: FilingPorts) -> FilingRow:
    call = _as_filed(contact, system, row, ports)
    if call is None or not _may_file(contact, ports):
        return ports.rows.replace(row.concluded(row.state))
    try:
        logged = crm.log_call(call)
        if call.case:
            crm.update_case(call)
    except CaseMissing:
        row, call = replace(row, case_is_missing=True), replace(call, case="")
        logged = crm.log_call(call)
    now_ms = int(ports.clock.now_ms())
    looks_again = row.person == "" and not row.chosen_by and now_ms - row.looked_at_ms < LOOK_AGAIN_MS
    done = replace(row, digest=digest_of(call), record=logged.record, address=logged.address)
    state = FilingState.AMBIGUOUS if row.state is FilingState.AMBIGUOUS else FilingState.FILED
    done = done.concluded(state, due_at_ms=row.looked_at_ms + LOOK_AGAIN_MS if looks_again else 0)
    return ports.rows.replace(
        done, event=CrmFiled.of(done.tenant, done.contact_id, done.system, done.version + 1, now_ms)
    )


def shown(row: FilingRow, system: FilingSystem, book: TenantBook, found: Found = Found()) -> FiledCall:  # noqa: B008
    """For the agent: where the call is, and among whom they choose."""
    persons: Sequence[Person] = found.persons if row.state is FilingState.AMBIGUOUS else ()
    return FiledCall(
        system=system.name,
        title=system.title,
        state=row.state,
        address=row.address,
        persons=options_of(persons, book),
        has_more=found.has_more and bool(persons),
        person=row.person,
    )
