"""Call: another telephone system sends one to the media gateway by its WebSocket: it is guided on its agent's panel,
redacted, summed up and scored, like any other."""

from __future__ import annotations

from typing import Any

import pytest

from local.commands.call import caller_for
from local.faults import Fault
from local.played_call import CallPlan
from local.played_gateway import played_gateway
from sotto.call.contact import ContactStatus
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, SPEED, Stack

pytestmark = pytest.mark.call

BANK, CALL, SECONDS = "harbour_bank", CALLS / "bank_card", 36
Event = dict[str, Any]


@pytest.fixture(scope="module")
def events(stack: Stack) -> list[Event]:
    audio = read_call(CALL / "call.wav")[: SECONDS * 8_000 * 4]
    faults = (Fault.parsed("kvs-drop@12"),)
    plan = CallPlan(audio, caller_for(stack.sotto.books[BANK], "noah"), BANK, SPEED, faults)

    def placed(contact_id: str) -> None:
        stack.sotto.transcript(contact_id, CALL / "call.transcript.jsonl")

    async def play() -> list[Event]:
        return [event async for event in played_gateway(plan, stack.sotto, "twilio", placed)]

    found: list[Event] = stack.run(play())
    return found


def test_no_sample_is_lost_or_comes_twice_and_its_agent_is_guided(events: list[Event]) -> None:
    summary = events[-1]
    assert summary["failures"] == [] and summary["lost"] == {"utterances": 0, "annotations": 0}
    assert {side: (each["lost"], each["duplicated"]) for side, each in summary["samples"].items()} == {
        "customer": (0, 0), "agent": (0, 0),
    }  # fmt: skip
    moments = {each["name"] for each in events if each["type"] == "annotation"}
    assert moments >= {"card_lost", "block_card"}
    assert {each["speaker"] for each in events if each["type"] == "utterance"} == {"customer", "agent"}


def test_what_is_kept_of_it_is_redacted_summed_up_and_scored_and_connect_is_asked_nothing(
    events: list[Event], stack: Stack
) -> None:
    contact_id = events[0]["contact_id"]
    kept = stack.sotto.root.conversations.utterances(BANK, contact_id, 0, 100)
    assert kept and not any("one one one" in each.text for each in kept)
    contact = stack.sotto.root.contacts.contact(BANK, contact_id)
    assert contact is not None and (contact.agent, contact.status) == ("noah", ContactStatus.ENDED)
    assert contact.is_streamed and not contact.is_recorded
    steps = [each["steps"] for each in events if each["type"] == "after_call"][-1]
    assert steps["summarise_call"] == steps["evaluate_conversation"] == "done"
    assert steps["redact_recording"] == "nothing" and "failed" not in steps.values()
