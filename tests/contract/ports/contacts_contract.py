"""What every store of contacts must do, as a class of tests to inherit. A subclass gives ``contacts`` and
``events``, which says the names of the events that are stored about the contact, sorted (fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import pytest

from sotto.api.panel.conversation_view import StoredContacts
from sotto.aws.keys import BadKey
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import AgentConnected
from sotto.contacts.follow import VersionedContacts
from sotto.contacts.start import ContactChanged
from sotto.contacts.sweep import OpenContacts
from sotto.realtime.departures import CallsUnderWay
from tests.contract.ports.bad_ids import for_each_bad_id

CONTACT = Contact("bank", "c1", "arn", "stream", 1_790_000_000_000, attributes={"tier": "gold"})


class Contacts(VersionedContacts, StoredContacts, OpenContacts, CallsUnderWay, Protocol):
    """VersionedContacts are a ContactRegister and ConversationContacts, too."""


def connected(version: int = 1, **changed: Any) -> Contact:
    live = replace(CONTACT, agent="emma", team="retention", status=ContactStatus.CONNECTED, version=version)
    return replace(live, **changed)


def changed_to(contacts: Contacts, *states: Contact) -> None:
    """Record the contact and take it through ``states``, whose versions count from 1."""
    contacts.record(replace(CONTACT, contact_id=states[0].contact_id))
    for each in states:
        contacts.replace(each, expected_version=each.version - 1, events=())


class ContactsContract:
    def test_a_contact_that_nobody_recorded_is_none(self, contacts: Contacts) -> None:
        assert contacts.contact("bank", "c1") is None

    def test_a_contact_is_recorded_once_and_comes_back_as_it_was(self, contacts: Contacts) -> None:
        assert contacts.record(CONTACT) is True
        assert contacts.record(replace(CONTACT, queue="another")) is False
        assert contacts.contact("bank", "c1") == CONTACT

    def test_a_changed_contact_needs_the_version_it_was_read_at(self, contacts: Contacts) -> None:
        changed_to(contacts, connected())
        with pytest.raises(ContactChanged):
            contacts.replace(connected(agent="liam"), expected_version=0, events=())
        assert contacts.contact("bank", "c1") == connected()
        assert contacts.contacts_of("bank", "emma") == [connected()]
        assert contacts.contacts_of("bank", "liam") == []

    def test_a_contact_that_was_never_recorded_cannot_be_changed(self, contacts: Contacts) -> None:
        with pytest.raises(ContactChanged):
            contacts.replace(connected(), expected_version=0, events=())
        assert contacts.contact("bank", "c1") is None
        assert contacts.live_of_team("bank", "retention") == []

    def test_what_is_an_event_is_stored_with_the_change_or_not_at_all(
        self, contacts: Contacts, events: Callable[[], list[str]]
    ) -> None:
        for _ in range(2):
            contacts.record(CONTACT)
        contacts.replace(connected(), expected_version=0, events=[AgentConnected.of(connected(), at_ms=1)])
        late = connected(9, agent="liam")
        with pytest.raises(ContactChanged):
            contacts.replace(late, expected_version=0, events=[AgentConnected.of(late, at_ms=1)])
        assert events() == ["agent.connected#contact#1", "conversation.started#contact#0"]

    def test_a_contact_that_has_its_agent_from_the_start_is_in_every_list(
        self, contacts: Contacts, events: Callable[[], list[str]]
    ) -> None:
        whispered = connected(0, connected_at_ms=1_790_000_000_000.0)
        assert contacts.record(whispered) is True
        assert contacts.contacts_of("bank", "emma") == contacts.live_of_team("bank", "retention") == [whispered]
        assert events() == ["agent.connected#contact#0", "conversation.started#contact#0"]

    def test_open_contacts_come_in_pages_the_oldest_first_until_they_end(self, contacts: Contacts) -> None:
        for number in (3, 1, 2):
            contacts.record(replace(CONTACT, contact_id=f"c{number}", media_started_at_ms=number))
        first = contacts.open_contacts("bank", after=None, limit=2)
        assert [each.contact_id for each in first] == ["c1", "c2"]
        assert [each.contact_id for each in contacts.open_contacts("bank", after=first[-1], limit=2)] == ["c3"]
        for each, status in ((first[0], ContactStatus.CONNECTED), (first[1], ContactStatus.ENDED)):
            contacts.replace(replace(each, agent="emma", status=status, version=1), expected_version=0, events=())
        assert [each.contact_id for each in contacts.open_contacts("bank", after=None, limit=9)] == ["c1", "c3"]
        assert contacts.open_contacts("garage", after=None, limit=9) == []

    def test_a_conversation_has_its_contacts_by_time_ended_ones_too(self, contacts: Contacts) -> None:
        first = replace(CONTACT, contact_id="c1", media_started_at_ms=1)
        second = replace(first, contact_id="c2", media_started_at_ms=2, initial_contact_id="c1")
        third = replace(second, contact_id="c3", media_started_at_ms=3, previous_contact_id="c2")
        for each in (third, first, second, replace(first, contact_id="c9")):
            contacts.record(each)
        contacts.replace(replace(first, status=ContactStatus.ENDED, version=1), expected_version=0, events=())
        contacts.replace(replace(second, status=ContactStatus.ENDED, version=1), expected_version=0, events=())
        found = contacts.contacts_of_conversation("bank", "c1")
        assert [each.contact_id for each in found] == ["c1", "c2", "c3"]
        assert contacts.contacts_of_conversation("bank", "none") == []
        assert contacts.contacts_of_conversation("garage", "c1") == []

    def test_after_a_transfer_only_the_new_agent_has_the_contact(self, contacts: Contacts) -> None:
        changed_to(contacts, connected(), connected(2, agent="liam"))
        assert contacts.contacts_of("bank", "emma") == []
        assert contacts.contacts_of("bank", "liam") == [connected(2, agent="liam")]

    def test_an_agents_ended_contacts_are_his_last_the_latest_first(self, contacts: Contacts) -> None:
        ended = [
            replace(connected(2, status=ContactStatus.ENDED), contact_id=name, media_started_at_ms=started_ms)
            for name, started_ms in (("c1", 2), ("c2", 3), ("c3", 1))
        ]
        for each in ended:
            changed_to(contacts, replace(each, status=ContactStatus.CONNECTED, version=1), each)
        assert contacts.contacts_of("bank", "emma") == []
        assert contacts.last_of("bank", "emma") == [ended[1], ended[0], ended[2]]
        assert contacts.last_of("bank", "liam") == contacts.last_of("garage", "emma") == []

    def test_of_an_agents_last_contacts_there_are_at_most_ten(self, contacts: Contacts) -> None:
        for number in range(12):
            one = replace(connected(), contact_id=f"c{number:02d}", media_started_at_ms=number)
            changed_to(contacts, one, replace(one, status=ContactStatus.ENDED, version=2))
        assert [each.media_started_at_ms for each in contacts.last_of("bank", "emma")] == list(range(11, 1, -1))

    def test_a_call_is_listed_with_its_team_from_the_agents_answer_to_its_end(self, contacts: Contacts) -> None:
        contacts.record(CONTACT)
        assert contacts.live_of_team("bank", "retention") == []
        contacts.replace(connected(), expected_version=0, events=())
        assert contacts.live_of_team("bank", "retention") == [connected()]
        contacts.replace(connected(2, status=ContactStatus.ENDED), expected_version=1, events=())
        assert contacts.live_of_team("bank", "retention") == []

    def test_what_becomes_known_in_mid_call_is_in_the_teams_list_at_once(self, contacts: Contacts) -> None:
        known = connected(2, queue="cards", queue_arn="arn:q", attributes={"sotto_reason": "A lost card"})
        changed_to(contacts, connected(), known)
        assert contacts.live_of_team("bank", "retention") == [known]

    def test_a_call_without_an_agent_is_in_no_teams_list(self, contacts: Contacts) -> None:
        changed_to(contacts, connected(agent=None))
        assert contacts.live_of_team("bank", "retention") == []

    def test_a_call_that_goes_to_another_team_leaves_the_list_of_the_first(self, contacts: Contacts) -> None:
        moved = connected(2, agent="liam", team="service")
        changed_to(contacts, connected(), moved)
        assert contacts.live_of_team("bank", "retention") == []
        assert contacts.live_of_team("bank", "service") == [moved]

    def test_a_teams_calls_come_by_their_ids_and_at_most_a_hundred(self, contacts: Contacts) -> None:
        for number in range(101, 0, -1):
            changed_to(contacts, connected(contact_id=f"c{number:03d}"))
        listed = [each.contact_id for each in contacts.live_of_team("bank", "retention")]
        assert listed == [f"c{number:03d}" for number in range(1, 101)]

    def test_tenants_have_contacts_of_their_own(self, contacts: Contacts) -> None:
        changed_to(contacts, connected())
        assert contacts.contact("garage", "c1") is None
        assert contacts.contacts_of("garage", "emma") == []
        assert contacts.live_of_team("garage", "retention") == []
        assert contacts.record(replace(CONTACT, tenant="garage")) is True

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, contacts: Contacts, tenant: str, contact_id: str
    ) -> None:
        for reach in (contacts.contact, contacts.contacts_of, contacts.live_of_team):
            with pytest.raises(BadKey):
                reach(tenant, contact_id)
        with pytest.raises(BadKey):
            contacts.record(replace(CONTACT, tenant=tenant, contact_id=contact_id))
