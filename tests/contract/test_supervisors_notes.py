"""Contract tests: a supervisor's note to the agent of a live call, by both channels. AppSync and API Gateway are
emulated, the rest of the delivery path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from sotto.api.panel.notes import MOST_A_MINUTE, MOST_OF_A_CALL
from sotto.call.contact import ContactStatus
from sotto.call.supervisor_note import LONGEST_NOTE
from sotto.contacts.directory import DirectoryAgent
from sotto.core.audit import AuditAction
from sotto.realtime.channel import ChannelUnavailable
from tests.contract.delivery_stack import Stack, served
from tests.contract.ports.call_records_contracts import any_note
from tests.contract.test_delivery_to_the_panel import any_contact
from tests.contract.websocket_stack import WebSocketStack
from tests.fakes.channel import ChannelInMemory

FOLLOW = """subscription Follow($id: ID!) {
  onContactMessage(contactId: $id) { kind seq note { id senderName agent text state version } }
}"""
SEND = """mutation Send($id: ID!, $note: ID!, $text: String!) {
  sendNote(contactId: $id, noteId: $note, text: $text) { id senderName text state version }
}"""
ANSWER = """mutation Answer($id: ID!, $note: ID!, $state: NoteAnswer!) {
  acknowledgeNote(contactId: $id, noteId: $note, state: $state) { id state version }
}"""
NOTES = "query Notes($id: ID!) { notes(contactId: $id) { id text state } }"
SUE = DirectoryAgent("5f7b2a52-1a0c-4b5e-9c83-0d9d5a3d7f11", "sue", "Sue", "Hill")


@pytest.fixture(params=[Stack, WebSocketStack], ids=["appsync", "websocket"])
async def stack(request: pytest.FixtureRequest) -> AsyncIterator[Stack]:
    async with served(request.param()) as stack:
        live: dict[str, Any] = {
            "status": ContactStatus.CONNECTED,
            "media_started_at_ms": int(stack.clock.now_ms()) - 60_000,
        }
        stack.conversations.all_contacts = [
            replace(any_contact(), **live),
            replace(any_contact("c2", agent="bob", team="service"), **live),
            any_contact("c3"),
        ]
        stack.desk.channel = stack.channel()
        stack.desk.directory.put_agents("bank", "one", [SUE])
        yield stack


@pytest.fixture
def ann(stack: Stack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank")


@pytest.fixture
def sue(stack: Stack) -> str:
    return stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])


async def sent(stack: Stack, token: str, note: str = "note-0001", text: str = "Offer it.", id: str = "c1") -> Any:
    return (await stack.ask(token, SEND, id=id, note=note, text=text)).json()


def refusal(answer: Any) -> str:
    return str(answer["errors"][0]["errorType"])


async def test_a_note_comes_to_the_agents_panel_with_the_supervisors_name_and_its_answer_comes_back(
    stack: Stack, ann: str, sue: str
) -> None:
    async with stack.panel(ann) as panel, stack.panel(sue) as looking_on:
        await panel.start("s1", FOLLOW, id="c1")
        await looking_on.start("s1", FOLLOW, id="c1")
        answer = await sent(stack, sue)
        assert answer["data"]["sendNote"] == {
            "id": "note-0001", "senderName": "Sue Hill", "text": "Offer it.", "state": "SENT", "version": 1,
        }  # fmt: skip
        received = (await panel.next("data"))["payload"]["data"]["onContactMessage"]
        assert received == {
            "kind": "SUPERVISOR_NOTE",
            "seq": 1,
            "note": {**answer["data"]["sendNote"], "agent": "ann"},
        }
        await stack.ask(ann, ANSWER, id="c1", note="note-0001", state="DONE")
        states = [(await looking_on.next("data"))["payload"]["data"]["onContactMessage"]["note"] for _ in range(2)]
    assert [each["state"] for each in states] == ["SENT", "DONE"]


async def test_a_note_that_no_channel_carried_is_there_when_the_panel_asks(stack: Stack, ann: str, sue: str) -> None:
    stack.desk.channel = ChannelInMemory(failure=ChannelUnavailable("down"))
    await sent(stack, sue)
    assert stack.desk.unpublished == ["note"]
    found = (await stack.ask(ann, NOTES, id="c1")).json()["data"]["notes"]
    assert found == [{"id": "note-0001", "text": "Offer it.", "state": "SENT"}]


async def test_a_request_that_is_repeated_makes_no_second_note(stack: Stack, ann: str, sue: str) -> None:
    first = await sent(stack, sue)
    assert await sent(stack, sue) == first
    assert len((await stack.ask(ann, NOTES, id="c1")).json()["data"]["notes"]) == 1
    assert [each.action for each in stack.desk.audit.all] == [AuditAction.NOTE_SENT]


async def test_notes_go_to_the_supervisors_own_teams_and_to_live_calls_alone(stack: Stack, ann: str, sue: str) -> None:
    for token, id in ((sue, "c2"), (sue, "nobody"), (ann, "c1"), (ann, "c2")):
        assert refusal(await sent(stack, token, id=id)) == "Unauthorized"
    assert refusal(await sent(stack, sue, id="c3")) == "BadRequest"
    assert stack.desk.notes.kept == {} and stack.desk.audit.all == []


async def test_only_the_agent_to_whom_it_was_written_answers_a_note(stack: Stack, ann: str, sue: str) -> None:
    await sent(stack, sue)
    bob = stack.issuer.issue(agent="bob", tenant="bank")
    for token in (sue, bob):
        answer = (await stack.ask(token, ANSWER, id="c1", note="note-0001", state="SEEN")).json()
        assert refusal(answer) == "Unauthorized"
    unknown = (await stack.ask(ann, ANSWER, id="c1", note="note-0002", state="SEEN")).json()
    assert refusal(unknown) == "NotFound"
    states = [
        (await stack.ask(ann, ANSWER, id="c1", note="note-0001", state=state)).json()["data"]["acknowledgeNote"][
            "state"
        ]
        for state in ("SEEN", "DONE", "SEEN")
    ]
    assert states == ["SEEN", "DONE", "DONE"]


async def test_who_gets_the_contact_later_does_not_see_what_was_written_to_another(stack: Stack, ann: str) -> None:
    stack.desk.notes.add(any_note("note-0001", agent="former"))
    stack.desk.notes.add(any_note("note-0002", agent="ann"))
    found = (await stack.ask(ann, NOTES, id="c1")).json()["data"]["notes"]
    assert [each["id"] for each in found] == ["note-0002"]


async def test_a_note_is_kept_without_what_is_private(stack: Stack, sue: str) -> None:
    answer = await sent(stack, sue, text="Their card is 4111 1111 1111 1111.")
    assert "4111" not in answer["data"]["sendNote"]["text"]
    (kept,) = stack.desk.notes.kept.values()
    assert kept.text == answer["data"]["sendNote"]["text"]


async def test_notes_are_bounded_in_length_and_in_number(stack: Stack, sue: str) -> None:
    assert refusal(await sent(stack, sue, text="x" * (LONGEST_NOTE + 1))) == "BadRequest"
    assert refusal(await sent(stack, sue, text="  ")) == "BadRequest"
    for number in range(MOST_A_MINUTE):
        assert "errors" not in await sent(stack, sue, note=f"note-{number:04d}")
    assert refusal(await sent(stack, sue, note="note-9999")) == "TooManyNotes"
    # One that is there already is no new one.
    assert "errors" not in await sent(stack, sue, note="note-0000")
    stack.desk.notes.kept = {
        ("bank", "c1", f"old-{number:05d}"): any_note(f"old-{number:05d}", number) for number in range(MOST_OF_A_CALL)
    }
    assert refusal(await sent(stack, sue, note="note-9999")) == "TooManyNotes"
