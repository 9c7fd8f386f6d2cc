"""Contract tests: the emulated WebSocket API against API Gateway's documented behaviour, by raw clients and boto3.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets
from botocore.exceptions import ClientError

from tests.contract.delivery_stack import served
from tests.contract.test_delivery_to_the_panel import any_contact
from tests.contract.websocket_stack import WebSocketStack
from tests.fakes.clock import ClockByHand

HOUR_MS = 3_600_000


@pytest.fixture
async def stack() -> AsyncIterator[WebSocketStack]:
    async with served(WebSocketStack(clock=ClockByHand(time.time() * 1000))) as stack:
        stack.conversations.all_contacts = [any_contact()]
        yield stack


@pytest.fixture
def ann(stack: WebSocketStack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank", lifetime_s=9 * 3_600)


async def refused(stack: WebSocketStack, *protocols: str) -> int:
    offered = [websockets.Subprotocol(each) for each in protocols]
    with pytest.raises(websockets.InvalidStatus) as raised:
        await websockets.connect(stack.url, subprotocols=offered or None)
    return raised.value.response.status_code


async def one_connection(stack: WebSocketStack, panel: Any) -> str:
    """The id of the panel's connection: it is known by its first subscription."""
    await panel.start("s1", "subscription($a: ID!) { onAssignment(agent: $a) { state } }", a="ann")
    (listener,) = stack.connections.listeners_of_all()
    return str(listener.connection_id)


def failed(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


# Opening


async def test_without_the_authorisers_header_nobody_is_asked(stack: WebSocketStack) -> None:
    assert await refused(stack) == 401
    assert stack.invoked == []


async def test_whom_the_authoriser_denies_is_forbidden_and_opens_nothing(stack: WebSocketStack) -> None:
    assert await refused(stack, "sotto", "token.rubbish") == 403
    assert stack.invoked == [("authorise_connection", "$connect")]


async def test_the_function_behind_connect_may_refuse_too(stack: WebSocketStack, ann: str) -> None:
    assert await refused(stack, "another", f"token.{ann}") == 400


async def test_the_protocol_that_the_function_names_is_the_connections(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        assert panel.protocol == "sotto"


# Messages


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ('{"action":"ping"}', "ping"),
        ('{"action":"dance"}', "$default"),
        ('{"action":7}', "$default"),
        ("[1]", "$default"),
        ("no JSON", "$default"),
    ],
)
async def test_the_route_is_the_messages_action(stack: WebSocketStack, ann: str, said: str, route: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.say_raw(said)
        await panel.received()
    assert ("serve_connection", route) in stack.invoked


async def test_a_function_that_fails_is_answered_for(stack: WebSocketStack, ann: str) -> None:
    stack.fails = True
    async with stack.panel(ann) as panel:
        await panel.say({"action": "ask", "id": "1", "fields": {"a": {"field": "Query.myContacts"}}})
        frames = [await panel.received(), await panel.received()]
    assert frames[0]["error"]["type"] == "Unavailable"
    assert frames[1].keys() == {"message", "connectionId", "requestId"}
    assert frames[1]["message"] == "Internal server error"
    assert "text of a call" not in json.dumps(frames)


async def test_a_frame_of_more_than_32_kb_ends_the_connection(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.say_raw("x" * (32 * 1024 + 1))
        assert await panel.ended() == 1009


# Its end


async def test_ten_idle_minutes_end_a_connection_and_a_message_begins_them_anew(
    stack: WebSocketStack, ann: str
) -> None:
    assert isinstance(stack.clock, ClockByHand)
    async with stack.panel(ann) as panel:
        await one_connection(stack, panel)
        stack.clock.advance(599_000)
        await panel.say({"action": "ping"})
        await panel.next("pong")
        stack.clock.advance(599_000)
        await panel.say({"action": "ping"})
        await panel.next("pong")
        stack.clock.advance(600_000)
        assert await panel.ended() == 1001


async def test_no_connection_outlives_two_hours(stack: WebSocketStack, ann: str) -> None:
    assert isinstance(stack.clock, ClockByHand)
    async with stack.panel(ann) as panel:
        for _ in range(24):
            await panel.say({"action": "ping"})
            await panel.next("pong")
            stack.clock.advance(300_000)
        assert await panel.ended() == 1001


async def test_its_end_is_announced_and_clears_up(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await one_connection(stack, panel)
    assert await asyncio.to_thread(stack.cleared.wait, 5)
    assert len(stack.connections) == 0


# The management API


async def test_a_post_reaches_its_connection(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        connection = await one_connection(stack, panel)
        await asyncio.to_thread(stack.management().post_to_connection, ConnectionId=connection, Data=b'{"type":"x"}')
        assert await panel.received() == {"type": "x"}
        known = await asyncio.to_thread(stack.management().get_connection, ConnectionId=connection)
    assert known["Identity"]["SourceIp"] == "127.0.0.1"


async def test_a_connection_can_be_ended_from_outside(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        connection = await one_connection(stack, panel)
        await asyncio.to_thread(stack.management().delete_connection, ConnectionId=connection)
        assert await panel.ended() == 1000


async def test_a_connection_that_is_no_more_is_gone(stack: WebSocketStack) -> None:
    with pytest.raises(ClientError) as error:
        await asyncio.to_thread(stack.management().post_to_connection, ConnectionId="L0SM9cOFvHcCIhw=", Data=b"x")
    assert failed(error) == ("GoneException", 410)


async def test_a_post_of_more_than_128_kb_is_refused(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        connection = await one_connection(stack, panel)
        with pytest.raises(ClientError) as error:
            await asyncio.to_thread(
                stack.management().post_to_connection, ConnectionId=connection, Data=b"x" * (128 * 1024 + 1)
            )
    assert failed(error) == ("PayloadTooLargeException", 413)


async def test_who_does_not_sign_may_not_post(stack: WebSocketStack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        connection = await one_connection(stack, panel)
        with pytest.raises(ClientError) as error:
            await asyncio.to_thread(
                stack.management("another-secret").post_to_connection, ConnectionId=connection, Data=b"x"
            )
    assert failed(error) == ("ForbiddenException", 403)


async def test_a_client_that_does_not_read_has_a_full_buffer_and_the_others_go_on(
    stack: WebSocketStack, ann: str
) -> None:
    protocols = [websockets.Subprotocol(each) for each in ("sotto", f"token.{ann}")]
    async with (
        websockets.connect(stack.url, subprotocols=protocols, max_queue=1, close_timeout=0.1) as slow,
        stack.panel(ann) as quick,
    ):
        await slow.send(
            json.dumps(
                {
                    "action": "subscribe",
                    "id": "slow",
                    "field": "Subscription.onAssignment",
                    "arguments": {"agent": "ann"},
                }
            )
        )
        await slow.recv()
        (listener,) = stack.connections.listeners_of_all()
        with pytest.raises(ClientError) as error:
            await asyncio.to_thread(flood, stack, listener.connection_id)
        await quick.say({"action": "ping"})
        await quick.next("pong")
    assert failed(error) == ("LimitExceededException", 429)


def flood(stack: WebSocketStack, connection: str) -> None:
    client = stack.management()
    for _ in range(2_000):
        client.post_to_connection(ConnectionId=connection, Data=b"x" * 128_000)
