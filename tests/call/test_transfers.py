"""Call: a conversation goes on in another contact. One agent hands the customer to another one of another team."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from local.aws.connect import Transfer
from local.commands.call import caller_for
from local.panel_listener import PanelRefused
from local.played_call import CallPlan, played
from sotto.call.contact import Contact, ContactStatus
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Stack

pytestmark = pytest.mark.call

CALL = CALLS / "bank_cancel"
TRANSCRIPT = CALL / "call.transcript.jsonl"
AT_S, CONSULT_S = 60.0, 12.0
SPEED = 4.0
SAMPLES_A_MS = 8
LATEST_S = AT_S + 2.0 + 8.0 * SPEED
"""A worker looks for the end once a second, the event comes a moment late, and this machine has other work."""


@dataclass
class Conversation:
    first: str
    second: str
    events: list[dict[str, Any]]

    def of(self, kind: str, contact_id: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each["type"] == kind and each.get("contact_id") == contact_id]

    @property
    def summary(self) -> dict[str, Any]:
        return next(each for each in self.events if each["type"] == "summary")


def transferred(name: str, **how: Any) -> Transfer:
    return Transfer(AT_S, "liam", f"{name}-2", **{"consult_s": CONSULT_S, "queue": "mortgages", **how})


async def play(stack: Stack, name: str, *transfers: Transfer, starts_in: str = "inbound") -> Conversation:
    sotto = stack.sotto
    caller = replace(
        caller_for(sotto.books["harbour_bank"], "emma"), transfers=transfers, starts_in=starts_in, queue="service"
    )
    sotto.transcript(f"{name}-1", TRANSCRIPT)
    for each in transfers:
        sotto.transcript(each.contact_id, TRANSCRIPT, from_ms=int(each.begins_s * 1000))
    plan = CallPlan(read_call(CALL / "call.wav"), caller, "harbour_bank", SPEED)
    return Conversation(f"{name}-1", f"{name}-2", [event async for event in played(plan, sotto, f"{name}-1")])


@pytest.fixture(scope="module")
def conversations(stack: Stack) -> dict[str, Conversation]:
    """A warm transfer with each way in which the customer's audio may go on, and others; a few at once."""

    async def some_at_once() -> list[Conversation]:
        transfers = [
            play(stack, "own", transferred("own"), starts_in="whisper"),
            play(stack, "same", transferred("same", streams="same")),
            play(stack, "tagged", transferred("tagged", streams="tagged")),
        ]
        others = [
            play(stack, "cold", transferred("cold", streams="same", consult_s=0.0)),
            play(stack, "consult", transferred("consult", streams="same", kind="consult")),
            play(stack, "outside", Transfer(AT_S, None, "outside-2", consult_s=CONSULT_S, kind="outside")),
        ]
        return [*await asyncio.gather(*transfers), *await asyncio.gather(*others)]

    return {each.first.rpartition("-")[0]: each for each in stack.run(some_at_once())}


def contact(stack: Stack, contact_id: str) -> Contact:
    found = stack.sotto.root.contacts.contact("harbour_bank", contact_id)
    assert found is not None
    return found


@pytest.mark.parametrize("way", ["own", "same", "tagged", "cold"])
class TestTheSecondAgent:
    def test_has_a_contact_of_the_same_conversation_and_the_policies_of_another_team(
        self, conversations: dict[str, Conversation], stack: Stack, way: str
    ) -> None:
        found = conversations[way]
        second = contact(stack, found.second)
        assert (second.conversation_id, second.previous_contact_id) == (found.first, found.first)
        assert (second.agent, second.team, second.status) == ("liam", "retention", ContactStatus.ENDED)
        made = found.of("annotation", found.second)
        assert made and all("retention" in each["policy"] for each in made)
        assert all("retention" not in each["policy"] for each in found.of("annotation", found.first))

    def test_reads_what_was_said_and_promised_before(
        self, conversations: dict[str, Conversation], stack: Stack, way: str
    ) -> None:
        found = conversations[way]
        assert found.of("handover_note", found.first) == []
        lines = found.of("handover_note", found.second)[-1]["lines"]
        assert 1 <= len(lines) <= 10
        assert any(each["part"] == "reason" and "close my account" in each["text"] for each in lines)

    def test_need_not_do_again_what_the_first_did_because_guidance_remembers(
        self, conversations: dict[str, Conversation], stack: Stack, way: str
    ) -> None:
        found = conversations[way]
        before = stack.sotto.root.conversations.conversation("harbour_bank", found.first)
        after = stack.sotto.root.conversations.conversation("harbour_bank", found.second)
        assert before is not None and after is not None
        assert set(before.state.moments) <= set(after.state.moments)
        done = {item.name for item in before.checklist if item.state == "done"}
        assert done <= {key.split("/")[1] for key, state in after.state.checklists.items() if state == "done"}

    def test_gets_every_word_after_the_transfer_and_the_first_gets_none_of_them(
        self, conversations: dict[str, Conversation], stack: Stack, way: str
    ) -> None:
        found = conversations[way]
        late = [each for each in found.of("utterance", found.first) if each["start_ms"] > LATEST_S * 1000]
        assert late == []
        samples = found.summary["samples"]["customer"]
        # Where a stream is taken over, its place is known by timecodes, to the millisecond.
        assert samples["lost"] < SAMPLES_A_MS and samples["duplicated"] < SAMPLES_A_MS
        others = [each for each in found.summary["failures"] if "unavailable" not in each and "samples" not in each]
        assert others == []


def test_the_first_agent_is_refused_the_second_contact(conversations: dict[str, Conversation], stack: Stack) -> None:
    async def look() -> None:
        sotto = stack.sotto
        await sotto.line.backfill(sotto.token("harbour_bank", "emma"), conversations["own"].second, 0, 0)

    with pytest.raises(PanelRefused):
        stack.run(look())


def test_a_consult_leaves_the_customer_where_they_were(conversations: dict[str, Conversation], stack: Stack) -> None:
    found = conversations["consult"]
    assert found.of("utterance", found.second) == []
    assert contact(stack, found.second).status is ContactStatus.ENDED
    samples = found.summary["samples"]["customer"]
    assert (samples["lost"], samples["duplicated"]) == (0, 0)


def test_nobody_is_guided_once_the_customer_has_gone_outside(
    conversations: dict[str, Conversation], stack: Stack
) -> None:
    found = conversations["outside"]
    assert stack.sotto.root.contacts.contact("harbour_bank", found.second) is None
    assert contact(stack, found.first).status is ContactStatus.ENDED
    late = [each for each in found.of("utterance", found.first) if each["start_ms"] > LATEST_S * 1000]
    assert late == []
