"""Call: one that a border controller records by SIPREC comes through a Voice Connector's two streams, is guided on its
agent's panel, redacted, summed up and scored, like any other."""

from __future__ import annotations

from typing import Any

import pytest

from local.aws.chime.voice_connectors import RecordedCall
from local.commands.call import caller_for
from local.played_call import CallPlan
from local.played_siprec import played_siprec
from sotto.call.contact import CHANNELS, ContactStatus
from sotto.contacts.siprec.follow import LEAD_MS
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, SPEED, Stack

pytestmark = pytest.mark.call

BANK, CALL, SECONDS = "harbour_bank", CALLS / "bank_card", 52
Event = dict[str, Any]


@pytest.fixture(scope="module")
def events(stack: Stack) -> list[Event]:
    audio = read_call(CALL / "call.wav")[: SECONDS * 8_000 * 4]
    plan = CallPlan(audio, caller_for(stack.sotto.books[BANK], "noah"), BANK, SPEED)

    def placed(call: RecordedCall) -> None:
        stack.sotto.transcript(call.contact_id, CALL / "call.transcript.jsonl", from_ms=-LEAD_MS)

    async def play() -> list[Event]:
        return [event async for event in played_siprec(plan, stack.sotto, placed=placed)]

    found: list[Event] = stack.run(play())
    return found


def test_no_sample_is_lost_or_comes_twice_and_its_agent_is_guided(events: list[Event]) -> None:
    summary = events[-1]
    assert summary["failures"] == [] and summary["lost"] == {"utterances": 0, "annotations": 0}
    assert {side: (each["lost"], each["duplicated"]) for side, each in summary["samples"].items()} == {
        "customer": (0, 0), "agent": (0, 0),
    }  # fmt: skip
    moments = {each["name"] for each in events if each["type"] == "annotation"}
    assert {"recording_disclosed", "card_lost", "block_card", "card_spoken"} & moments >= {"card_lost", "block_card"}
    assert {each["speaker"] for each in events if each["type"] == "utterance"} == {"customer", "agent"}


def test_what_is_kept_of_it_is_redacted_and_its_contact_is_no_contact_of_connect(
    events: list[Event], stack: Stack
) -> None:
    contact_id = events[0]["contact_id"]
    kept = stack.sotto.root.conversations.utterances(BANK, contact_id, 0, 100)
    assert not any("one one one" in each.text for each in kept) and "[card" in repr(kept)
    contact = stack.sotto.root.contacts.contact(BANK, contact_id)
    assert contact is not None and (contact.agent, contact.status) == ("noah", ContactStatus.ENDED)
    assert [each.speaker for each in contact.legs] == list(CHANNELS) and ":chime:" in contact.instance_arn


def test_the_work_after_it_is_done_and_there_is_no_recording_of_connects(events: list[Event], stack: Stack) -> None:
    steps = [each["steps"] for each in events if each["type"] == "after_call"][-1]
    assert steps["summarise_call"] == steps["evaluate_conversation"] == "done"
    assert steps["redact_recording"] == "nothing" and "failed" not in steps.values()
    assert stack.sotto.root.evaluations.versions(BANK, events[0]["contact_id"], "every_call")
