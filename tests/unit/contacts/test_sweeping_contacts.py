"""Unit: a contact ends although nobody said so: with its audio, or by the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from sotto.call.contact import Channel, Contact, ContactStatus
from sotto.call.events import TranscriptCompleted
from sotto.call.live import CallTime
from sotto.contacts import sweep as sweeping
from sotto.contacts.follow import FollowPorts
from sotto.contacts.sweep import SweepPorts, Swept, end_with_audio, sweep
from sotto.core.errors import Retryable
from sotto.sources.connect.contact_event import ContactEvent
from sotto.transcription.lease.lease import LEASE_MS, Lease
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.instance_contacts import InstanceContactsInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
STARTED_MS = 1_790_000_000_000
CONTACT = Contact(
    "bank", "c1", INSTANCE, "stream", STARTED_MS, agent="emma", team="service", status=ContactStatus.CONNECTED
)
BOOKS = BooksInMemory(any_book("bank", INSTANCE, teams={"service": {"agents": ["emma"]}}))
COMPLETED = TranscriptCompleted.of("bank", "c1", last_seq=4, at_ms=STARTED_MS + 60_000)


@dataclass
class Office:
    contacts: ContactsInMemory = field(default_factory=lambda: ContactsInMemory(CONTACT))
    instance: InstanceContactsInMemory = field(default_factory=InstanceContactsInMemory)
    clock: ClockByHand = field(default_factory=lambda: ClockByHand(STARTED_MS))
    leases: dict[str, Lease] = field(default_factory=dict)
    notified: list[Contact] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self.leases.get(contact_id)

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.notified.append(contact)

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None: ...

    def tick(self, contact: Contact, time: CallTime) -> None:
        self.ticks.append(time.call_time_ms)

    def revive_abandoned(self, contact: Contact) -> None: ...

    def in_another_language(self, contact: Contact) -> None: ...

    def refusal(self, contact: Contact, *, caller: str | None) -> str | None:
        return None

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        self.started.append(contact_id)

    def renewed_at(self, at_ms: float, contact_id: str = "c1", *, is_released: bool = False) -> None:
        self.leases[contact_id] = Lease("bank", contact_id, "w", 1, int(at_ms) + LEASE_MS, is_released=is_released)

    @property
    def ports(self) -> SweepPorts:
        follow = FollowPorts(BOOKS, self.contacts, BOOKS, self, self, self, self.instance, self, self)
        return SweepPorts(self.contacts, self, follow, self.clock)

    def sweeps(self, tenants: Sequence[str] = ("bank",)) -> Swept:
        return sweep(tenants, self.ports)

    @property
    def now(self) -> Contact:
        contact = self.contacts.contact("bank", "c1")
        assert contact is not None
        return contact


def hung_up(at_ms: float) -> ContactEvent:
    return ContactEvent("DISCONNECTED", "c1", INSTANCE, disconnected_at_ms=at_ms)


def test_a_missing_end_comes_with_the_end_of_the_audio_as_connect_knows_it() -> None:
    office = Office()
    office.instance.known["c1"] = hung_up(STARTED_MS + 59_000.0)
    assert end_with_audio(COMPLETED, office.ports) is not None
    assert (office.now.status, office.now.ended_at_ms) == (ContactStatus.ENDED, STARTED_MS + 59_000.0)
    assert [each.TYPE for each in office.contacts.events] == ["conversation.ended"]
    assert office.notified == [office.now]


def test_where_connect_does_not_say_the_audio_decides() -> None:
    office = Office()
    office.instance.refuses = True
    end_with_audio(COMPLETED, office.ports)
    assert (office.now.status, office.now.ended_at_ms) == (ContactStatus.ENDED, float(COMPLETED.occurred_at_ms))


def test_a_contact_whose_flow_stopped_the_stream_goes_on() -> None:
    office = Office()
    office.instance.known["c1"] = ContactEvent("DESCRIBED", "c1", INSTANCE, agent="emma", connected_at_ms=STARTED_MS)
    end_with_audio(COMPLETED, office.ports)
    assert office.now.status is ContactStatus.CONNECTED


def test_an_end_that_an_event_brought_is_not_asked_about() -> None:
    office = Office(ContactsInMemory(replace(CONTACT, status=ContactStatus.ENDED)))
    assert end_with_audio(COMPLETED, office.ports) is None
    assert office.instance.asked == []


def test_a_call_with_a_live_worker_and_an_agent_is_left_alone() -> None:
    office = Office()
    office.clock.advance(600_000)
    office.renewed_at(office.clock.now_ms())
    assert office.sweeps() == Swept(seen=1)
    assert office.instance.asked == []


CHAT = replace(CONTACT, channel=Channel.CHAT, stream_arn="", connected_at_ms=float(STARTED_MS))


def test_time_passes_for_a_chat_in_which_nobody_writes() -> None:
    office = Office(ContactsInMemory(CHAT))
    office.clock.advance(90_000)
    assert office.sweeps() == Swept(seen=1) and office.ticks == [90_000]


def test_a_chat_in_which_nobody_writes_for_an_hour_goes_on_unless_connect_says_otherwise() -> None:
    office = Office(ContactsInMemory(CHAT))
    office.instance.refuses = True
    office.renewed_at(STARTED_MS)
    office.clock.advance(3_600_000)
    office.sweeps()
    assert office.now.status is ContactStatus.CONNECTED
    office.clock.advance(7 * 24 * 3_600_000)
    office.sweeps()
    assert office.now.status is ContactStatus.ENDED


def test_a_silent_contact_is_asked_about_and_ends_when_connect_says_so() -> None:
    office = Office()
    office.renewed_at(STARTED_MS + 10_000)
    office.instance.known["c1"] = hung_up(STARTED_MS + 12_000.0)
    office.clock.advance(10_000 + LEASE_MS + sweeping.TOO_LONG_MS + 1)
    assert office.sweeps() == Swept(seen=1, asked=1, changed=1)
    assert office.now.ended_at_ms == STARTED_MS + 12_000.0
    assert office.sweeps() == Swept()


def test_an_agent_whom_no_event_named_is_found() -> None:
    office = Office(ContactsInMemory(replace(CONTACT, agent=None, team=None, status=ContactStatus.STARTED)))
    office.instance.known["c1"] = ContactEvent(
        "DESCRIBED", "c1", INSTANCE, agent="emma", connected_at_ms=STARTED_MS + 5_000.0
    )
    office.clock.advance(sweeping.TOO_LONG_MS + 1)
    office.renewed_at(office.clock.now_ms())
    assert office.sweeps().changed == 1
    assert (office.now.agent, office.now.team, office.now.status) == ("emma", "service", ContactStatus.CONNECTED)


@pytest.mark.parametrize("silence", ["refuses", "throttled"])
def test_where_connect_says_nothing_a_long_silence_decides(silence: str) -> None:
    office = Office()
    setattr(office.instance, silence, True)
    office.renewed_at(STARTED_MS)
    office.clock.advance(LEASE_MS + sweeping.SILENT_MS - 1)
    office.sweeps()
    assert office.now.status is ContactStatus.CONNECTED
    office.clock.advance(2)
    office.sweeps()
    assert (office.now.status, office.now.ended_at_ms) == (ContactStatus.ENDED, float(STARTED_MS + LEASE_MS))


def test_no_contact_is_open_for_longer_than_a_day_whatever_connect_says() -> None:
    office = Office()
    office.instance.known["c1"] = ContactEvent("DESCRIBED", "c1", INSTANCE)
    office.clock.advance(sweeping.LONGEST_MS + 1)
    office.sweeps()
    assert office.now.status is ContactStatus.ENDED


def test_connect_is_asked_about_a_bounded_number_and_the_rest_waits_for_the_next_sweep() -> None:
    many = [replace(CONTACT, contact_id=f"c{n:03d}", media_started_at_ms=STARTED_MS + n) for n in range(150)]
    office = Office(ContactsInMemory(*many))
    office.instance.known = {each.contact_id: hung_up(STARTED_MS + 1_000.0) for each in many}
    office.clock.advance(2 * sweeping.TOO_LONG_MS)
    assert office.sweeps() == Swept(seen=150, asked=60, changed=60)
    assert office.sweeps() == Swept(seen=90, asked=60, changed=60)
    assert office.sweeps() == Swept(seen=30, asked=30, changed=30)


def test_one_sweep_reads_a_bounded_number_of_contacts_of_each_tenant() -> None:
    many = [replace(CONTACT, contact_id=f"c{n:03d}", media_started_at_ms=STARTED_MS + n) for n in range(30)]
    office = Office(ContactsInMemory(*many))
    assert sweep(["bank", "garage"], replace(office.ports, page=5, most_pages=2)).seen == 10


def test_who_waits_for_the_stream_of_a_contact_whose_end_no_event_brought_gets_it() -> None:
    second = replace(
        CONTACT, contact_id="c2", initial_contact_id="c1", previous_contact_id="c1", continues=("c1",), agent="liam"
    )
    office = Office(ContactsInMemory(CONTACT, second))
    office.clock.advance(2 * sweeping.TOO_LONG_MS)
    office.renewed_at(office.clock.now_ms())  # the first one's worker reads on
    office.instance.known = {
        "c1": hung_up(STARTED_MS + 50_000.0),
        "c2": ContactEvent("DESCRIBED", "c2", INSTANCE, agent="liam", connected_at_ms=STARTED_MS + 40_000.0),
    }
    office.sweeps()
    assert office.now.status is ContactStatus.ENDED
    assert office.started == ["c2"]


def test_a_tenant_whose_records_cannot_be_read_keeps_no_other_from_its_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    office.clock.advance(2 * sweeping.TOO_LONG_MS)
    office.instance.known = {"c1": hung_up(STARTED_MS + 1_000.0)}
    opened = office.contacts.open_contacts

    def read(tenant: str, *, after: Contact | None, limit: int) -> Sequence[Contact]:
        if tenant == "another":
            raise Retryable("throttled")
        return opened(tenant, after=after, limit=limit)

    monkeypatch.setattr(office.contacts, "open_contacts", read)
    with pytest.raises(Retryable):
        office.sweeps(["another", "bank"])
    assert office.now.status is ContactStatus.ENDED
