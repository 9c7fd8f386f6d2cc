"""A call that is to be filed, with everything around it in memory but the system, which is real HTTP or AWS's API."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from local.simulation.consents import ConsentsInMemory
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition
from sotto.call.contact import Contact, ContactStatus
from sotto.call.filing import FiledCall
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.core.metrics.recorder import NoMetrics
from sotto.filing.crm import Crm
from sotto.filing.erase import EraseFiledPorts
from sotto.filing.file_conversation import FilingPorts
from sotto.filing.outcomes import OutcomePorts
from sotto.tenants.filing import Filing, FilingSystem
from tests.contract.filing.desks import Desk
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.call_records import SummariesInMemory, WorkInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.filings import CallNotesInMemory, FilingRowsInMemory, OutcomesInMemory

TENANT, CONTACT_ID, PHONE = "bank", "c1", "+15135557611"
INSTANCE = "arn:aws:connect:us-east-1:444455556666:instance/66666666-7777-8888-9999-000000000000"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Killer:
    """``at``: which step kills, counted from 1; 0: none."""

    at: int = 0
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Killed


@dataclass
class ShownInMemory:
    """A FiledPanel."""

    killer: Killer
    shown: dict[str, FiledCall] = field(default_factory=dict)

    def show(self, contact: Contact, filed: FiledCall) -> None:
        self.killer.step()
        known = self.shown.get(filed.system)
        kept = known.persons if known and filed.state.value == "ambiguous" and not filed.persons else filed.persons
        self.shown[filed.system] = replace(filed, persons=kept)
        self.killer.step()


class CallersInMemory:
    """A Callers."""

    def __init__(self, number: str | None) -> None:
        self.number = number

    def caller(self, contact: Contact) -> str | None:
        return self.number


class Office:
    def __init__(self, desk: Desk, *, phone: str | None = PHONE, **attributes: str) -> None:
        self.desk, self.clock = desk, desk.clock
        self.killer = Killer()
        self.held = False
        started = int(desk.clock.now_ms()) - 100_000
        self.contact = Contact(
            TENANT, CONTACT_ID, INSTANCE, "stream", started, agent="emma", queue="Cards", status=ContactStatus.ENDED,
            connected_at_ms=started + 5_000.0, ended_at_ms=started + 95_000.0, attributes=attributes,
        )  # fmt: skip
        self.contacts = ContactsInMemory(self.contact)
        self.summaries, self.work = SummariesInMemory(), WorkInMemory()
        self.consents = ConsentsInMemory()
        self.callers = CallersInMemory(phone)
        self.rows = FilingRowsInMemory()
        self.notes = CallNotesInMemory()
        self.outcomes = OutcomesInMemory()
        self.panel = ShownInMemory(self.killer)
        self.books = BooksInMemory()
        self.declare(desk.declared)
        self.summarise("The card is blocked.")
        self.crm: Crm = desk.crm

    def declare(self, *systems: FilingSystem) -> None:
        book = any_book(TENANT).model_copy(update={"filing": Filing(systems=systems)})
        self.books.publish(book.sealed())

    def summarise(self, text: str) -> None:
        known = self.summaries.summary(TENANT, CONTACT_ID)
        lines = (SummaryLine(SummaryPart.REASON, text),)
        made = CallSummary(
            TENANT, CONTACT_ID, lines, Origin.QUOTED, "", 1, 0, 90_000, (known.version if known else 0) + 1
        )
        self.summaries.summaries[TENANT, CONTACT_ID] = made

    def choose(self, title: str) -> None:
        chosen = Disposition((), "", "b", Choice("code", title, "emma", 0))
        self.work.kept[TENANT, CONTACT_ID] = AfterCallWork(TENANT, CONTACT_ID, disposition=chosen, version=1)

    @property
    def system(self) -> FilingSystem:
        return self.desk.declared

    @property
    def ports(self) -> FilingPorts:
        return FilingPorts(
            contacts=self.contacts,
            books=self.books,
            summaries=self.summaries,
            work=self.work,
            consents=self.consents,
            callers=self.callers,
            rows=self.rows,
            notes=self.notes,
            crm_of=lambda tenant, system: self.crm,
            panel=self.panel,
            metrics=NoMetrics(),
            clock=self.clock,
        )

    @property
    def erasing(self) -> EraseFiledPorts:
        return EraseFiledPorts(self.books, self.rows, lambda tenant, system: self.crm, self.clock, self)

    def is_held(self, tenant: str, contact_id: str) -> bool:
        return self.held

    @property
    def polling(self) -> OutcomePorts:
        crm_of = self.ports.crm_of
        return OutcomePorts(self.contacts, self.books, self.outcomes, crm_of, NoMetrics(), self.clock)

    @property
    def row(self) -> Any:
        return self.rows.row(TENANT, CONTACT_ID, self.system.name)
