"""Unit: calls of other telephone systems that Amazon Connect's own SIPREC connector analyses come as contacts which no
flow announces: their segments are those of calls, and contact events name the agent."""

from __future__ import annotations

from typing import Any

from sotto.call.contact import Channel
from sotto.contacts.follow import follow_contact
from sotto.sources.connect.contact_event import ContactEvent
from tests.unit.contacts.test_following_contacts import CONNECTED, Book
from tests.unit.sources.test_contact_lens import EVENTS, Office


def connected() -> ContactEvent:
    """As the instance tells of it, which has made the contact for audio from outside."""
    outside = {"contactId": EVENTS[0].contact_id, "initiationMethod": "API", "subtype": "connect:ExternalAudio"}
    event: dict[str, Any] = {**CONNECTED, "detail": {**CONNECTED["detail"], **outside}}
    return ContactEvent.parsed(event)


def test_its_segments_alone_make_a_redacted_transcript() -> None:
    office = Office().receives(*EVENTS)
    contact = office.contacts.contact("bank", EVENTS[0].contact_id)
    assert contact is not None and contact.channel is Channel.VOICE
    assert (contact.stream_arn, contact.legs) == ("", ()), "no audio worker is wanted"
    assert [each.speaker for each in office.stored] == ["agent", "customer"]
    assert "4111" not in repr(office.stored)


def test_its_agents_panel_shows_it_from_the_contact_event_on() -> None:
    office = Office().receives(*EVENTS[:3])
    book = Book(contacts=office.contacts)
    contact = follow_contact(connected(), book.ports)
    assert contact is not None and (contact.agent, contact.team) == ("emma", "service")
    assert [each.agent for each, _ in book.notified] == ["emma"]
    office.receives(*EVENTS[3:])
    assert len(office.stored) == 2


def test_an_event_that_comes_before_the_first_segment_is_made_up_for_by_a_later_one() -> None:
    office = Office()
    book = Book(contacts=office.contacts)
    assert follow_contact(connected(), book.ports) is None
    office.receives(*EVENTS[:2])
    again = follow_contact(connected(), book.ports)
    assert again is not None and again.agent == "emma"
