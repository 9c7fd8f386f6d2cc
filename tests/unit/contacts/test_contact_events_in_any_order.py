"""Unit, by properties: contact events are best effort. In whatever order they come, however often, and whichever are
missing, the contact ends as the reference order would have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sotto.call.contact import Contact, ContactStatus
from sotto.contacts.merge import merged
from sotto.sources.connect.contact_event import ContactEvent

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/i"
RECORDED = Contact("bank", "c2", INSTANCE, "stream", 1_790_000_000_000)
TEAMS = {"emma": "service", "liam": "retention"}
QUEUES = {f"{INSTANCE}/queue/q1": "cards", f"{INSTANCE}/queue/q2": "mortgages"}
REFERENCE = ("INITIATED", "QUEUED", "CONNECTED_TO_AGENT", "CONTACT_DATA_UPDATED", "DISCONNECTED", "COMPLETED")


@st.composite
def calls(draw: st.DrawFn) -> tuple[ContactEvent, ...]:
    """The events of one contact in the reference order, each with all that was known when it was made. Agents and
    queues may change on the way, as when a routing step expires."""
    events: list[ContactEvent] = []
    known = ContactEvent("", "c2", INSTANCE, initial_contact_id="c1", previous_contact_id="c1")
    now_ms = 1_790_000_000_000.0
    for kind in REFERENCE:
        for _ in range(draw(st.integers(1, 2)) if kind in ("QUEUED", "CONNECTED_TO_AGENT") else 1):
            now_ms += draw(st.integers(1, 60_000))
            if kind == "QUEUED":
                known = replace(known, queue_arn=draw(st.sampled_from([*QUEUES, "arn:unknown"])), enqueued_at_ms=now_ms)
            if kind == "CONNECTED_TO_AGENT":
                known = replace(known, agent=draw(st.sampled_from(["emma", "liam", "nobody"])), connected_at_ms=now_ms)
            if kind == "DISCONNECTED":
                known = replace(known, disconnected_at_ms=now_ms)
            events.append(replace(known, kind=kind, occurred_at_ms=now_ms // 1000 * 1000))
    return tuple(events)


def after(events: Sequence[ContactEvent], contact: Contact = RECORDED) -> Contact:
    for event in events:
        contact = merged(contact, event, team_of=TEAMS.get, queue_name=QUEUES.get)
    return replace(contact, version=0)


@given(calls(), st.data())
def test_the_order_of_events_makes_no_difference(call: tuple[ContactEvent, ...], data: st.DataObject) -> None:
    assert after(data.draw(st.permutations(call))) == after(call)


@given(calls(), st.data())
def test_events_that_come_again_make_no_difference(call: tuple[ContactEvent, ...], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(call), max_size=12))
    assert after(data.draw(st.permutations([*call, *again]))) == after(call)


@given(calls(), st.data())
def test_what_comes_twice_in_a_row_changes_nothing_and_keeps_the_version(
    call: tuple[ContactEvent, ...], data: st.DataObject
) -> None:
    contact = RECORDED
    for event in data.draw(st.permutations(call)):
        contact = merged(contact, event, team_of=TEAMS.get, queue_name=QUEUES.get)
        assert merged(contact, event, team_of=TEAMS.get, queue_name=QUEUES.get) is contact


@given(calls(), st.data())
def test_a_lost_event_is_made_up_for_by_any_later_one(call: tuple[ContactEvent, ...], data: st.DataObject) -> None:
    arrived = data.draw(st.sets(st.integers(0, len(call) - 1), min_size=1))
    left = [call[number] for number in sorted(arrived)]
    missing_at_the_end = call[: max(arrived) + 1]
    assert after(data.draw(st.permutations(left))) == after(missing_at_the_end)


@given(calls(), st.data())
def test_a_contact_that_has_ended_never_goes_on(call: tuple[ContactEvent, ...], data: st.DataObject) -> None:
    contact = RECORDED
    for event in data.draw(st.permutations(call)):
        was_ended = contact.status is ContactStatus.ENDED
        contact = merged(contact, event, team_of=TEAMS.get, queue_name=QUEUES.get)
        assert not was_ended or contact.status is ContactStatus.ENDED


@given(calls(), st.data())
def test_a_reordered_half_joined_with_the_other_is_the_whole(
    call: tuple[ContactEvent, ...], data: st.DataObject
) -> None:
    """As when two copies of the function apply different events, each to what the other stored."""
    at = data.draw(st.integers(0, len(call)))
    assert after(call[:at], after(call[at:])) == after(call)


def test_an_agent_who_is_only_called_has_not_the_contact() -> None:
    ringing = ContactEvent("CONTACT_DATA_UPDATED", "c2", INSTANCE, agent="emma")
    assert after([ringing]).agent is None


def test_an_unknown_queue_is_a_clear_state_and_harms_nothing_else() -> None:
    event = ContactEvent(
        "CONNECTED_TO_AGENT", "c2", INSTANCE, agent="emma", queue_arn="arn:unknown", connected_at_ms=1_790_000_001_000.0
    )
    found = after([event])
    assert (found.queue, found.queue_arn) == (None, "arn:unknown")
    assert (found.agent, found.team, found.status) == ("emma", "service", ContactStatus.CONNECTED)


def test_a_queue_that_the_flow_named_keeps_its_name_where_nobody_lists_queues() -> None:
    named = replace(RECORDED, queue="cards", queue_arn="arn:q")
    queued = ContactEvent("QUEUED", "c2", INSTANCE, queue_arn="arn:q", enqueued_at_ms=1_790_000_001_000.0)
    assert after([queued], named).queue == "cards"
    assert after([replace(queued, queue_arn="arn:other")], named).queue is None


def test_the_reference_order_gives_queue_agent_and_end() -> None:
    queued = ContactEvent("QUEUED", "c2", INSTANCE, queue_arn=next(iter(QUEUES)), enqueued_at_ms=1_790_000_001_000.0)
    waiting = after([queued])
    assert waiting.is_queued and waiting.queue == "cards"
    connected = replace(queued, kind="CONNECTED_TO_AGENT", agent="liam", connected_at_ms=1_790_000_009_000.0)
    ended = replace(connected, kind="DISCONNECTED", disconnected_at_ms=1_790_000_099_000.0)
    found = after([queued, connected, ended])
    assert (found.queue, found.agent, found.team, found.status, found.ended_at_ms) == (
        "cards",
        "liam",
        "retention",
        ContactStatus.ENDED,
        1_790_000_099_000.0,
    )
