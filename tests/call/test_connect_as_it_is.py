"""Call: queue, agent and attributes come when Connect knows them, and events come as Connect sends them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from local.aws.connect import CallParties, ContactEventFaults, LaterAttributes
from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.call.contact import Contact, ContactStatus
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, SPEED, Stack

pytestmark = pytest.mark.call
Calls = dict[str, list[dict[str, Any]]]
LATER = LaterAttributes(20.0, {"segment": "premier"})


def parties(stack: Stack, **changed: Any) -> CallParties:
    return replace(caller_for(stack.sotto.books["harbour_bank"], "emma"), queue="cards", **changed)


async def play(stack: Stack, contact_id: str, caller: CallParties) -> list[dict[str, Any]]:
    sotto = stack.sotto
    sotto.transcript(contact_id, CALLS / "bank_card" / "call.transcript.jsonl")
    plan = CallPlan(read_call(CALLS / "bank_card" / "call.wav"), caller, "harbour_bank", SPEED)
    return [event async for event in played(plan, sotto, contact_id)]


def stored(stack: Stack, contact_id: str) -> Contact:
    contact = stack.sotto.root.contacts.contact("harbour_bank", contact_id)
    assert contact is not None
    return contact


def policies(events: list[dict[str, Any]]) -> list[tuple[float, str]]:
    """When in the call, and by which policies, each annotation was made."""
    return [(each["call_ms"], each["policy"]) for each in events if each["type"] == "annotation"]


@pytest.fixture(scope="module")
def calls(stack: Stack) -> Calls:
    """What panels were sent of each call, all played at once."""
    lost = ContactEventFaults(lost=1.0, may_be_lost=("DISCONNECTED", "COMPLETED", "QUEUED"), doubled=1.0, late_s=1.0)
    stack.sotto.connect.delivery.spoil("never-ended", lost)
    callers = {
        "whispered": parties(stack, starts_in="whisper", later=(LATER,)),
        "inbound": parties(stack),
        "never-ended": parties(stack),
    }

    async def at_once() -> list[list[dict[str, Any]]]:
        return await asyncio.gather(*(play(stack, name, caller) for name, caller in callers.items()))

    return dict(zip(callers, stack.run(at_once()), strict=True))


def test_in_a_whisper_flow_queue_and_agent_are_known_before_the_first_word(calls: Calls, stack: Stack) -> None:
    found = stored(stack, "whispered")
    assert (found.queue, found.agent, found.team) == ("cards", "emma", "service")
    assert all("cards queue" in policy for _, policy in policies(calls["whispered"]))


def test_attributes_that_a_flow_sets_later_change_the_policies_in_mid_call(calls: Calls, stack: Stack) -> None:
    assert stored(stack, "whispered").attributes["segment"] == "premier"
    made = policies(calls["whispered"])
    assert not any("premier" in policy for at_ms, policy in made if at_ms < 10_000)
    later = [policy for at_ms, policy in made if at_ms > 60_000]
    assert later and all("premier customers" in policy for policy in later)


def test_in_an_inbound_flow_the_queue_comes_with_its_event(calls: Calls, stack: Stack) -> None:
    found = stored(stack, "inbound")
    assert found.queue == "cards" and found.queue_arn is not None and found.enqueued_at_ms is not None
    later = [policy for at_ms, policy in policies(calls["inbound"]) if at_ms > 20_000]
    assert later and all("cards queue" in policy for policy in later)
    assert (found.agent, found.team, found.status) == ("emma", "service", ContactStatus.ENDED)


def test_a_call_whose_end_no_event_brings_ends_with_its_audio(calls: Calls, stack: Stack) -> None:
    give_up_at = time.monotonic() + 180
    while stored(stack, "never-ended").status is not ContactStatus.ENDED and time.monotonic() < give_up_at:
        stack.run(asyncio.sleep(0.5))
    found = stored(stack, "never-ended")
    assert found.status is ContactStatus.ENDED
    assert found.ended_at_ms == stack.sotto.connect.contacts["never-ended"].disconnected_at_ms
    assert found.queue_arn is not None  # which the agent's event told as well
