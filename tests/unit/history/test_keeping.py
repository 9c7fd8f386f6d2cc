"""Unit: the row of a conversation, as its events come."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import Contact, ContactStatus
from sotto.call.outcome import CallOutcome, FormScore
from sotto.history.conversation import ConversationRow
from sotto.history.keep import KeepPorts, forget, keep
from sotto.history.store import HistoryChanged
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.history import HistoryInMemory

NOON = 1_790_000_000_000


@dataclass
class KnownOutcomes:
    of: dict[str, CallOutcome] = field(default_factory=dict)

    def outcome(self, contact: Contact) -> CallOutcome:
        return self.of.get(contact.contact_id, CallOutcome())


def any_contact(contact_id: str = "c1", **changes: Any) -> Contact:
    return replace(Contact("bank", contact_id, "i", "s", NOON, agent="emma", team="service"), **changes)


@pytest.fixture
def ports() -> KeepPorts:
    return KeepPorts(ContactsInMemory(any_contact()), KnownOutcomes(), HistoryInMemory())


def row(ports: KeepPorts, conversation_id: str = "c1") -> ConversationRow:
    found = ports.store.row("bank", conversation_id)
    assert found is not None
    return found


def test_a_row_says_what_is_known_of_the_call(ports: KeepPorts) -> None:
    outcome = CallOutcome(("Card blocked", "More"), "blocked", True, (FormScore("f", 80.0),), ("angry", "lost"))
    ports.outcomes.of["c1"] = outcome  # type: ignore[attr-defined]
    assert keep("bank", "c1", ports)
    (leg,) = row(ports).legs
    assert (leg.agent, leg.team, leg.disposition, leg.moments) == (
        "emma", "service", "blocked", ("angry", "lost"),
    )  # fmt: skip
    assert row(ports).lowest_score == 80.0 and row(ports).duration_ms is None


def test_the_same_event_again_changes_nothing(ports: KeepPorts) -> None:
    assert keep("bank", "c1", ports)
    before = row(ports)
    assert not keep("bank", "c1", ports)
    assert row(ports) == before


def test_of_a_contact_that_is_kept_no_more_there_is_no_row(ports: KeepPorts) -> None:
    assert not keep("bank", "c9", ports)
    assert ports.store.row("bank", "c9") is None


@settings(max_examples=50)
@given(st.integers(0, 10_000))
def test_whatever_the_order_of_events_the_row_is_the_same(seed: int) -> None:
    """Three legs; each event comes twice, in any order, also while contacts go on changing."""
    chance = random.Random(seed)
    last = [
        any_contact("c1", status=ContactStatus.ENDED, ended_at_ms=NOON + 60_000.0),
        any_contact("c2", media_started_at_ms=NOON + 60_000, initial_contact_id="c1", agent="noah", team="retention"),
        any_contact("c3", media_started_at_ms=NOON + 30_000, initial_contact_id="c1", agent=None, team=None),
    ]
    contacts = ContactsInMemory(*(replace(each, agent=None, ended_at_ms=None) for each in last))
    ports = KeepPorts(contacts, KnownOutcomes(), HistoryInMemory())
    events = [each.contact_id for each in last] * 2
    chance.shuffle(events)
    for contact_id in events[:3]:
        keep("bank", contact_id, ports)
    for each in last:
        contacts.put(each)
    for contact_id in [*events[3:], *(each.contact_id for each in last)]:
        keep("bank", contact_id, ports)
    found = row(ports)
    assert [leg.contact_id for leg in found.legs] == ["c1", "c3", "c2"]
    assert [leg.agent for leg in found.legs] == ["emma", None, "noah"]
    assert found.started_at_ms == NOON


def test_a_contact_that_turns_out_to_go_on_with_another_leaves_its_own_row(ports: KeepPorts) -> None:
    contacts = ContactsInMemory(any_contact(), any_contact("c2"))
    ports = replace(ports, contacts=contacts)
    keep("bank", "c2", ports)
    contacts.put(any_contact("c2", initial_contact_id="c1"))
    keep("bank", "c1", ports)
    keep("bank", "c2", ports)
    assert ports.store.row("bank", "c2") is None
    assert {leg.contact_id for leg in row(ports).legs} == {"c1", "c2"}


def test_who_writes_in_the_same_moment_is_not_overwritten(ports: KeepPorts) -> None:
    class Meanwhile(HistoryInMemory):
        waiting = True

        def replace(self, row: ConversationRow, *, before: ConversationRow | None) -> None:
            if self.waiting:
                self.waiting = False
                keep("bank", "c2", replace(ports, contacts=contacts, store=self))
            super().replace(row, before=before)

    contacts = ContactsInMemory(any_contact(), any_contact("c2", initial_contact_id="c1"))
    there = replace(ports, contacts=contacts, store=Meanwhile())
    assert keep("bank", "c1", there)
    assert {leg.contact_id for leg in row(there).legs} == {"c1", "c2"}


def test_a_row_that_always_changes_is_tried_again_later(ports: KeepPorts) -> None:
    class Busy(HistoryInMemory):
        def replace(self, row: ConversationRow, *, before: ConversationRow | None) -> None:
            raise HistoryChanged("again")

    with pytest.raises(HistoryChanged):
        keep("bank", "c1", replace(ports, store=Busy()))


def test_of_an_erased_call_nothing_that_was_said_or_made_stays(ports: KeepPorts) -> None:
    ports.outcomes.of["c1"] = CallOutcome(("Card blocked",), "blocked", True, (), ("lost",))  # type: ignore[attr-defined]
    keep("bank", "c1", ports)
    ports.contacts.put(any_contact(erased=True))  # type: ignore[attr-defined]
    assert keep("bank", "c1", ports)
    (leg,) = row(ports).legs
    assert leg.erased and (leg.disposition, leg.moments, leg.scores) == ("", (), ())


def test_a_conversation_can_be_forgotten_whole(ports: KeepPorts) -> None:
    keep("bank", "c1", ports)
    assert forget("bank", "c1", ports.store) and not forget("bank", "c1", ports.store)
    assert ports.store.row("bank", "c1") is None


def test_two_clocks_that_disagree_make_no_negative_duration(ports: KeepPorts) -> None:
    ports.contacts.put(any_contact(ended_at_ms=NOON - 5_000.0, status=ContactStatus.ENDED))  # type: ignore[attr-defined]
    keep("bank", "c1", ports)
    assert row(ports).duration_ms == 0
