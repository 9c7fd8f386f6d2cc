"""Call: a whole chat, whose messages come twice, late and out of order, is one transcript, guided and worked up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from local.chat_script import read_chat
from local.commands.call import caller_for
from local.options import REPOSITORY
from local.played_chat import ChatPlan, played_chat
from sotto.call.contact import Channel, ContactStatus
from sotto.call.utterance import by_time
from tests.call.conftest import Stack

pytestmark = pytest.mark.call

FILE = REPOSITORY / "events" / "chats" / "bank_card" / "chat.jsonl"
BANK, CONTACT, SPEED = "harbour_bank", "chat-bank-card", 30.0
MESSAGES = read_chat(FILE)
Event = dict[str, Any]


@pytest.fixture(scope="module")
def events(stack: Stack) -> list[Event]:
    caller = replace(caller_for(stack.sotto.books[BANK], "olivia"), initiation_method="API", queue="cards")
    plan = ChatPlan(b"", caller, BANK, SPEED, messages=MESSAGES)

    async def play() -> list[Event]:
        return [event async for event in played_chat(plan, stack.sotto, CONTACT)]

    found: list[Event] = stack.run(play())
    return found


def test_every_message_is_there_once_in_its_place_and_nothing_private(events: list[Event], stack: Stack) -> None:
    stored = by_time(stack.sotto.root.conversations.utterances(BANK, CONTACT, 0, 100))
    assert [round(each.start_ms / 1000) for each in stored] == [round(message.at_s) for message in MESSAGES]
    assert not [word for word in ("4111", "732", "1984", "private-name") if word in repr(stored) + repr(events)]
    assert "[attachment: application/pdf]" in {each.text for each in stored}
    summary = next(each for each in events if each["type"] == "summary")
    assert summary["lost"] == {"utterances": 0, "annotations": 0} and summary["samples"] == {}


def test_the_agent_is_guided_by_what_holds_for_chats(events: list[Event]) -> None:
    moments = {each["name"] for each in events if each["type"] == "annotation"}
    assert {"card_lost", "block_card", "security_code_spoken", "stop_security_code", "answer_late"} <= moments
    assert not moments & {"disclosure_missing", "dead_air", "long_hold", "talked_over_customer", "long_monologue"}


def test_the_work_after_it_is_done_and_of_a_recording_there_is_nothing(events: list[Event], stack: Stack) -> None:
    steps = [each["steps"] for each in events if each["type"] == "after_call"][-1]
    assert steps["redact_recording"] == "nothing" and "failed" not in steps.values()
    assert steps["summarise_call"] == steps["evaluate_conversation"] == "done"
    found = stack.sotto.root.evaluations
    assert found.versions(BANK, CONTACT, "every_chat") and not found.versions(BANK, CONTACT, "every_call")


def test_it_is_a_chat_wherever_it_is_listed(events: list[Event], stack: Stack) -> None:
    root = stack.sotto.root
    contact, row = root.contacts.contact(BANK, CONTACT), root.history.row(BANK, CONTACT)
    assert contact is not None and row is not None
    assert (contact.channel, contact.status, contact.stream_arn) == (Channel.CHAT, ContactStatus.ENDED, "")
    assert [leg.channel for leg in row.legs] == [Channel.CHAT]
    annotations = root.conversations.annotations(BANK, CONTACT, 0, 100)
    assert {each.channel for each in annotations} == {Channel.CHAT}
