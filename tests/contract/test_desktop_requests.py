"""Contract tests: what a desktop may say over the WebSocket channel, wrong and right. API Gateway is emulated."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sotto.api.panel.websocket_api import MOST_SUBSCRIPTIONS
from sotto.realtime.channel import AgentAssignment, AssignmentState, utterance_message
from tests.contract.delivery_stack import served
from tests.contract.test_delivery_to_the_panel import FOLLOW, any_contact, any_utterance
from tests.contract.websocket_stack import WebSocketStack
from tests.fakes.clock import ClockByHand

ABOUT = {"contactId": "c1"}


@pytest.fixture
async def stack() -> AsyncIterator[WebSocketStack]:
    async with served(WebSocketStack(clock=ClockByHand(time.time() * 1000))) as stack:
        stack.conversations.all_contacts = [any_contact()]
        yield stack


@pytest.fixture
def ann(stack: WebSocketStack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank")


def ask(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"action": "ask", "id": "q1", "fields": fields}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"action": "dance", "id": "x"}, "action"),
        ({"id": "x"}, "action"),
        ({"action": "ask", "id": "x"}, "fields"),
        ({"action": "ask", "id": "x", "fields": {}}, "fields"),
        ({"action": "subscribe", "id": "x", "field": "Query.contact"}, "field"),
        ({"action": "ask", "id": "x", "fields": {"a": {"field": "Query.everything"}}}, "no such field"),
        ({"action": "ask", "id": "x", "fields": {"a": {"field": "Subscription.onAssignment"}}}, "field"),
        ({"action": "subscribe", "id": "x", "field": "Subscription.onEverything"}, "no such field"),
        ({"action": "ask", "id": "x", "fields": {"a": {"field": "Query.contact", "arguments": {}}}}, "contactId"),
        (
            {
                "action": "ask",
                "id": "x",
                "fields": {"a": {"field": "Query.contact", "arguments": {"contactId": "a#b"}}},
            },
            "contactId",
        ),
    ],
)
async def test_a_wrong_message_is_answered_by_name_and_the_connection_goes_on(
    stack: WebSocketStack, ann: str, said: dict[str, Any], words: str
) -> None:
    async with stack.panel(ann) as panel:
        await panel.say(said)
        answer = await panel.received()
        await panel.say({"action": "ping"})
        assert await panel.received() == {"type": "pong"}
    assert (answer["type"], answer["id"], answer["error"]["type"]) == ("error", "x", "BadRequest")
    assert words in answer["error"]["message"]


@pytest.mark.parametrize("said", ["{", "[]", '"text"', '{"action":"ask","id":["secret"]}'])
async def test_rubbish_is_answered_without_being_repeated(stack: WebSocketStack, ann: str, said: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.say_raw(said)
        answer = await panel.received()
    assert (answer["id"], answer["error"]["type"]) == (None, "BadRequest")
    assert "secret" not in json.dumps(answer)


async def test_several_fields_are_answered_at_once_or_not_at_all(stack: WebSocketStack, ann: str) -> None:
    contact = {"field": "Query.contact", "arguments": ABOUT}
    foreign = {"field": "Query.utterances", "arguments": {"contactId": "c2"}}
    async with stack.panel(ann) as panel:
        await panel.say(ask(call=contact, mine={"field": "Query.myContacts"}))
        both = await panel.received()
        await panel.say(ask(call=contact, foreign=foreign))
        refused = await panel.received()
    assert both["data"]["call"] == both["data"]["mine"][0]
    assert refused["error"]["type"] == "Unauthorized"
    assert stack.refusals == [("Query.utterances", "Unauthorised")]


async def test_a_long_answer_comes_in_parts(stack: WebSocketStack, ann: str) -> None:
    stack.conversations.all_utterances = [any_utterance(seq, text="ä" * 1_000) for seq in range(1, 101)]
    async with stack.panel(ann) as panel:
        answer = await panel.ask('{ utterances(contactId: "c1", limit: 100) { seq text } }')
    assert [each["seq"] for each in answer["data"]["utterances"]] == list(range(1, 101))


async def test_an_answer_beyond_all_bounds_is_refused(stack: WebSocketStack, ann: str) -> None:
    stack.conversations.all_utterances = [any_utterance(seq, text="x" * 12_000) for seq in range(1, 101)]
    async with stack.panel(ann) as panel:
        answer = await panel.ask('{ utterances(contactId: "c1", limit: 100) { seq } }')
    assert answer["errors"][0]["message"] == "the answer is too long: ask for less at once"


async def test_a_subscription_has_an_id_of_its_own_and_their_number_a_bound(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        answers = [await panel.start(f"s{number}", FOLLOW, id="c1") for number in range(MOST_SUBSCRIPTIONS + 1)]
        doubled = await panel.start("s0", FOLLOW, id="c1")
    assert {each["type"] for each in answers[:-1]} == {"start_ack"}
    assert "at most" in answers[-1]["payload"]["errors"][0]["message"]
    assert "another subscription" in doubled["payload"]["errors"][0]["message"]


async def test_an_ended_subscription_receives_no_more(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await panel.start("s2", FOLLOW, id="c1")
        await panel.say({"action": "unsubscribe", "id": "s1"})
        assert await panel.next("complete") == {"type": "complete", "id": "s1"}
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await panel.next("data"))["id"] == "s2"


async def test_nothing_is_served_once_the_token_has_run_out(stack: WebSocketStack, ann: str) -> None:
    assert isinstance(stack.clock, ClockByHand)
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        for _ in range(7):
            stack.clock.advance(599_000)
            await panel.say({"action": "ping"})
            await panel.next("pong")
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        await panel.say(ask(mine={"field": "Query.myContacts"}))
        answer = await panel.received()
    assert answer["error"]["type"] == "UnauthorizedException", "and no message came before it"


async def test_a_release_between_decision_and_entry_lets_nobody_listen(stack: WebSocketStack, ann: str) -> None:
    add = stack.connections.add

    def released_meanwhile(listener: Any) -> None:
        moved = any_contact(agent="bob")
        stack.conversations.all_contacts[0] = moved
        stack.channel().assign([AgentAssignment("ann", AssignmentState.RELEASED, moved)])
        add(listener)

    stack.connections.add = released_meanwhile  # type: ignore[method-assign]
    async with stack.panel(ann) as panel:
        refused = await panel.start("s1", FOLLOW, id="c1")
        assert refused["payload"]["errors"][0]["errorType"] == "Unauthorized"
        assert len(stack.connections) == 0


async def test_no_connection_is_left_behind_that_has_gone_without_a_word(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        (listener,) = stack.connections.listeners_of_all()
    assert await asyncio.to_thread(stack.cleared.wait, 5)
    stack.connections.add(listener)  # as if API Gateway's $disconnect had been lost
    await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
    assert len(stack.connections) == 0
