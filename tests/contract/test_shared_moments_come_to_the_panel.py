"""Contract tests: a moment that a coach shares, by both channels. AppSync and API Gateway are emulated, the rest of the
delivery path is real."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.delivery_stack import Stack, served
from tests.contract.test_delivery_to_the_panel import any_contact, any_utterance
from tests.contract.websocket_stack import WebSocketStack

FOLLOW = "subscription Follow($agent: ID!) { onAssignment(agent: $agent) { agent state contact { contactId } } }"
SHARE = """mutation Share($id: ID!, $comment: String!) {
  shareMoment(contactId: $id, fromMs: 1000, untilMs: 1900, comment: $comment) { id contactId }
}"""
ACKNOWLEDGE = """mutation Seen($id: ID!, $share: ID!, $answer: String) {
  acknowledgeShare(contactId: $id, shareId: $share, answer: $answer) { acknowledgedAtMs answer }
}"""
MINE = "{ mySharedMoments { id comment fromMs utterances { text } callStartedAtMs } }"
LISTED = "{ sharedMoments(onlyWaiting: false) { moments { id answer acknowledgedAtMs utterances { id } } cursor } }"


@pytest.fixture(params=[Stack, WebSocketStack], ids=["appsync", "websocket"])
async def stack(request: pytest.FixtureRequest) -> AsyncIterator[Stack]:
    async with served(request.param()) as stack:
        stack.conversations.all_contacts = [any_contact(), any_contact("c2", agent="bob", team="service")]
        stack.conversations.all_utterances = [any_utterance(1), any_utterance(2)]
        stack.desk.channel = stack.channel()
        yield stack


async def test_the_agent_between_calls_learns_of_it_asks_for_it_and_acknowledges(stack: Stack) -> None:
    ann = stack.issuer.issue(agent="ann", tenant="bank")
    cleo = stack.issuer.issue(agent="cleo", tenant="bank", role="coach", teams=["retention"])
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, agent="ann")
        share = (await stack.ask(cleo, SHARE, id="c1", comment="Well put.")).json()["data"]["shareMoment"]
        received = (await panel.next("data"))["payload"]["data"]["onAssignment"]
        assert received == {"agent": "ann", "state": "SHARED", "contact": {"contactId": "c1"}}
        (mine,) = (await stack.ask(ann, MINE)).json()["data"]["mySharedMoments"]
        assert mine == {
            "id": share["id"], "comment": "Well put.", "fromMs": 1000, "utterances": [{"text": "sentence 1"}],
            "callStartedAtMs": 1_763_000_000_000,
        }  # fmt: skip
        given = {"id": "c1", "share": share["id"], "answer": "Thank you."}
        done = (await stack.ask(ann, ACKNOWLEDGE, **given)).json()["data"]["acknowledgeShare"]
        assert done["answer"] == "Thank you." and done["acknowledgedAtMs"] > 0
        (listed,) = (await stack.ask(cleo, LISTED)).json()["data"]["sharedMoments"]["moments"]
        assert listed == {"id": share["id"], **done, "utterances": []}
        other = (await stack.ask(cleo, SHARE, id="c2", comment="Well put.")).json()
        assert other["errors"][0]["errorType"] == "Unauthorized"
