"""Call: an agent dials a customer, a customer is called back, a second agent joins and stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from local.aws.connect import Transfer
from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.call.contact import Contact, ContactStatus
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Stack

pytestmark = pytest.mark.call

CALL = CALLS / "bank_cancel"
TRANSCRIPT = CALL / "call.transcript.jsonl"
SECONDS, SPEED = 42, 6.0
JOINS_S = 20.0
Event = dict[str, Any]


async def play(stack: Stack, contact_id: str, **how: Any) -> list[Event]:
    """The first seconds of a call."""
    sotto = stack.sotto
    sotto.transcript(contact_id, TRANSCRIPT)
    for each in how.get("transfers", ()):
        sotto.transcript(each.contact_id, TRANSCRIPT, from_ms=int(each.begins_s * 1000))
    caller = replace(caller_for(sotto.books["harbour_bank"], "emma"), starts_in="whisper", queue="service", **how)
    audio = read_call(CALL / "call.wav")[: SECONDS * 8_000 * 2 * 2]
    plan = CallPlan(audio, caller, "harbour_bank", SPEED)
    return [event async for event in played(plan, sotto, contact_id)]


@pytest.fixture(scope="module")
def calls(stack: Stack) -> dict[str, list[Event]]:
    joins = Transfer(JOINS_S, "liam", "conference-2", queue="mortgages", consult_s=4.0, kind="conference")

    async def all_of_them() -> list[list[Event]]:
        at_once = [
            play(stack, "dialled", initiation_method="OUTBOUND"),
            play(stack, "called-first"),
            play(stack, "conference-1", transfers=(joins,)),
        ]
        found = list(await asyncio.gather(*at_once))
        return [*found, await play(stack, "called-back", initiation_method="CALLBACK", follows="called-first")]

    return dict(zip(("dialled", "first", "conference", "back"), stack.run(all_of_them()), strict=True))


def stored(stack: Stack, contact_id: str) -> Contact:
    contact = stack.sotto.root.contacts.contact("harbour_bank", contact_id)
    assert contact is not None
    return contact


def moments(events: list[Event], contact_id: str = "") -> set[str]:
    found = [each for each in events if each["type"] == "annotation" and each["kind"] == "moment"]
    return {each["name"] for each in found if not contact_id or each["contact_id"] == contact_id}


def test_a_customer_who_was_dialled_is_guided_as_one_who_called(calls: dict[str, list[Event]], stack: Stack) -> None:
    contact = stored(stack, "dialled")
    assert (contact.initiation_method, contact.agent, contact.status) == ("OUTBOUND", "emma", ContactStatus.ENDED)
    assert moments(calls["dialled"]) == moments(calls["first"]) != set()


def test_a_customer_who_is_called_back_is_in_the_same_conversation(calls: dict[str, list[Event]], stack: Stack) -> None:
    contact = stored(stack, "called-back")
    assert (contact.conversation_id, contact.previous_contact_id) == ("called-first", "called-first")
    assert contact.continues == (), "whoever dials anew has a stream of their own"
    before, after = (
        stack.sotto.root.conversations.conversation("harbour_bank", each) for each in ("called-first", "called-back")
    )
    assert before is not None and after is not None
    assert set(before.state.moments) <= set(after.state.moments)


def test_in_a_conference_both_agents_are_guided_to_the_end(calls: dict[str, list[Event]], stack: Stack) -> None:
    events = calls["conference"]
    for contact_id in ("conference-1", "conference-2"):
        late = [
            each
            for each in events
            if each["type"] == "utterance" and each["contact_id"] == contact_id and each["speaker"] == "customer"
        ]
        offset_s = 0.0 if contact_id.endswith("1") else JOINS_S - 4.0
        assert late and late[-1]["start_ms"] / 1000 + offset_s > JOINS_S + 8, contact_id
        assert stored(stack, contact_id).status is ContactStatus.ENDED
    second = stored(stack, "conference-2")
    assert (second.conversation_id, second.agent, second.team) == ("conference-1", "liam", "retention")
    assert any(each["type"] == "handover_note" and each["contact_id"] == "conference-2" for each in events)
