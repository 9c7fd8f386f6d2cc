"""Call: a customer waits with menus and music, gets an agent and is put on hold. The system is not the agent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local.aws.connect import ContactEventFaults
from local.commands.call import caller_for
from local.played_call import CallPlan, played
from tests.call.conftest import CALLS, Stack
from tests.call.queued_call import HOLD, PROMPT_S, SUNG, WAITS_S, queued_call

pytestmark = pytest.mark.call

SPEED = 4.0
CALL = CALLS / "bank_card"
Event = dict[str, Any]
KNOWN_AFTER_S = {"known": 2.0 * SPEED, "late": 2.0 * SPEED, "inferred": 7.0 + 1.0 * SPEED}
"""How long music may pass for the agent's: until the agent's event has come and the worker has looked, or until it has
gone on for too long to be speech. This recogniser makes words of it at once."""
WAYS = {
    "known": {},
    "late": {"late_s": 9.0},
    "inferred": {"agent_events": False},
}


async def play(stack: Stack, contact_id: str, audio: bytes, transcript: Path, **how: Any) -> list[Event]:
    sotto = stack.sotto
    if late_s := how.pop("late_s", None):
        sotto.connect.delivery.spoil(contact_id, ContactEventFaults(late_s=late_s, doubled=1.0, seed=3))
    caller = caller_for(sotto.books["harbour_bank"], how.pop("agent", "emma"))
    caller = replace(caller, waits_s=WAITS_S, holds=(HOLD,), queue="cards", **how)
    sotto.transcript(contact_id, transcript)
    plan = CallPlan(audio, caller, "harbour_bank", SPEED)
    return [event async for event in played(plan, sotto, contact_id)]


@pytest.fixture(scope="module")
def queued(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    audio, lines = queued_call(CALL)
    transcript = tmp_path_factory.mktemp("queued") / "call.transcript.jsonl"
    transcript.write_text(lines)
    return audio, transcript


@pytest.fixture(scope="module")
def calls(stack: Stack, queued: tuple[bytes, Path]) -> dict[str, list[Event]]:
    async def at_once() -> list[list[Event]]:
        return list(await asyncio.gather(*(play(stack, f"queued-{way}", *queued, **how) for way, how in WAYS.items())))

    return dict(zip(WAYS, stack.run(at_once()), strict=True))


def utterances(events: list[Event], speaker: str) -> list[Event]:
    found = [each for each in events if each["type"] == "utterance" and each["speaker"] == speaker]
    return sorted(found, key=lambda each: each["start_ms"])


def words(events: list[Event], speaker: str) -> str:
    return " ".join(each["text"] for each in utterances(events, speaker))


@pytest.mark.parametrize("way", WAYS)
def test_no_prompt_is_the_agents_and_music_becomes_no_words(calls: dict[str, list[Event]], way: str) -> None:
    events = calls[way]
    assert utterances(events, "system") == []
    assert all(each["start_ms"] >= (WAITS_S - 1) * 1000 for each in utterances(events, "agent"))
    sung = [each["start_ms"] / 1000 for each in utterances(events, "agent") if SUNG in each["text"]]
    assert all(HOLD.from_s < at_s < HOLD.from_s + KNOWN_AFTER_S[way] for at_s in sung)


@pytest.mark.parametrize("way", WAYS)
def test_every_word_of_the_agent_is_there_once(calls: dict[str, list[Event]], way: str) -> None:
    agents = words(calls[way], "agent")
    assert agents.startswith("Thank you for calling Harbour Bank.")
    for phrase in ("Thank you for calling Harbour Bank", "Thank you for holding", "Have a good day"):
        assert agents.count(phrase) == 1


@pytest.mark.parametrize("way", WAYS)
def test_what_the_customer_says_in_the_queue_is_there_and_once(calls: dict[str, list[Event]], way: str) -> None:
    said = [each for each in utterances(calls[way], "customer") if "lost my card" in each["text"]]
    assert [each["start_ms"] < WAITS_S * 1000 for each in said] == [True, False]


@pytest.mark.parametrize("way", WAYS)
def test_a_prompt_ticks_no_checklist_and_raises_nothing(calls: dict[str, list[Event]], stack: Stack, way: str) -> None:
    made = [each for each in calls[way] if each["type"] == "annotation"]
    early = [each for each in made if each["call_ms"] < (WAITS_S - 1) * 1000]
    assert {each["name"] for each in early if each["kind"] == "moment"} <= {"card_lost", "day_named"}
    ticked = [each for each in made if each["kind"] == "checklist" and each["call_ms"] < WAITS_S * 1000]
    assert ticked == []
    found = stack.sotto.root.conversations.conversation("harbour_bank", f"queued-{way}")
    assert found is not None
    states = {item.name: item.state for item in found.checklist}
    assert (states["greet"], states["disclose"]) == ("done", "done")


@pytest.mark.parametrize("way", WAYS)
def test_the_recogniser_gets_silence_for_what_the_system_plays(stack: Stack, way: str) -> None:
    received = stack.sotto.tap.received(f"queued-{way}")
    agent = np.frombuffer(bytes(received.audio), np.int16).reshape(-1, 2)[:, 1]
    assert not agent[: 8_000 * int(PROMPT_S)].any()
    assert not agent[8_000 * int(PROMPT_S) : 8_000 * int(WAITS_S - 1.2)].any()
    middle = agent[8_000 * int(HOLD.from_s + 14) : 8_000 * int(HOLD.from_s + 20)]
    assert not middle.any()
    assert agent[8_000 * int(WAITS_S + 1) : 8_000 * int(WAITS_S + 7)].any()


def test_holds_come_from_agent_events_where_there_are_some(stack: Stack) -> None:
    known, inferred = (
        stack.sotto.root.contacts.contact("harbour_bank", f"queued-{way}") for way in ("known", "inferred")
    )
    assert known is not None and inferred is not None
    began_ms = known.media_started_at_ms
    changes = [((each.at_ms - began_ms) / 1000, each.on_hold) for each in known.hold_changes]
    assert [on_hold for _, on_hold in changes] == [False, True, False]
    assert changes[1][0] == pytest.approx(HOLD.from_s, abs=0.01)
    assert inferred.hold_changes == ()
