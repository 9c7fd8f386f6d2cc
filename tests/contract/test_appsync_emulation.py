"""Contract tests: the emulated AppSync against AppSync's documented protocol, by raw clients.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.aws.appsync import LocalIssuer
from sotto.realtime.channel import ChannelUnavailable, utterance_message
from tests.contract.delivery_stack import ACCESS_KEY, REGION, SECRET_KEY, Stack, header_protocol, http_client, served
from tests.contract.test_delivery_to_the_panel import FOLLOW, any_contact, any_utterance
from tests.fakes.clock import ClockByHand

PUBLISH = """mutation($seq: Int!, $text: String!) {
  publishMessage(input: {tenant: "bank", contactId: "c1", kind: UTTERANCE, seq: $seq, atMs: 1, utterance: {
    id: "u", seq: $seq, speaker: AGENT, startMs: 0, endMs: 1, text: $text, isFinal: true, confidence: 1, private: []
  }}) { SELECTED }
}"""
EVERYTHING = "tenant contactId kind seq utterance { id text speaker isFinal private { kind startChar } }"


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack(clock=ClockByHand(time.time() * 1000))) as stack:
        stack.conversations.all_contacts = [any_contact()]
        yield stack


@pytest.fixture
def ann(stack: Stack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank")


async def publish(stack: Stack, seq: int, selected: str = EVERYTHING, text: str = "hello") -> httpx.Response:
    query = PUBLISH.replace("SELECTED", selected)
    body = json.dumps({"query": query, "variables": {"seq": seq, "text": text}})
    request = AWSRequest("POST", stack.url, data=body, headers={"content-type": "application/json"})
    SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "appsync", REGION).add_auth(request)
    async with http_client() as client:
        return await client.post(stack.url, content=body, headers=dict(request.headers.items()))


# The connection


@pytest.mark.parametrize("path", ["/graphql", "/graphql/realtime"])
@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
async def test_headers_may_come_in_the_address(stack: Stack, ann: str, path: str, alphabet: Any) -> None:
    header = alphabet(json.dumps({"host": stack.host, "Authorization": ann}).encode()).decode()
    address = f"ws://{stack.host}{path}?header={header}&payload=e30="
    async with websockets.connect(address, subprotocols=[websockets.Subprotocol("graphql-ws")]) as socket:
        await socket.send('{"type":"connection_init"}')
        answer = json.loads(await socket.recv())
        assert socket.subprotocol == "graphql-ws"
    assert answer == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"host": "h", "Authorization": "rubbish"}, 401),
        ({"host": "h"}, 401),
        ({"Authorization": "x"}, 400),
        (None, 400),
    ],
)
async def test_a_refused_connection_gets_the_reason_and_is_closed(stack: Stack, headers: Any, code: int) -> None:
    offered = ["graphql-ws", *([header_protocol(headers)] if headers else [])]
    subprotocols = [websockets.Subprotocol(name) for name in offered]
    async with websockets.connect(f"ws://{stack.host}/graphql", subprotocols=subprotocols) as socket:
        await socket.send('{"type":"connection_init"}')
        answer = json.loads(await socket.recv())
        await socket.wait_closed()
    assert answer["type"] == "connection_error"
    assert answer["payload"]["errors"][0]["errorCode"] == code


async def test_a_sign_of_life_comes_every_minute(stack: Stack, ann: str) -> None:
    assert isinstance(stack.clock, ClockByHand)
    async with stack.panel(ann) as panel:
        await panel.next("ka")
        await panel.start("s1", FOLLOW, id="c1")
        stack.clock.advance(59_999)
        await panel.send({"id": "s1", "type": "stop"})
        assert (await panel.received())["type"] == "complete"
        stack.clock.advance(1)
        assert await panel.received() == {"type": "ka"}


# Subscriptions


async def test_a_stopped_subscription_is_completed_and_receives_no_more(stack: Stack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await panel.start("s2", FOLLOW, id="c1")
        await panel.send({"id": "s1", "type": "stop"})
        assert await panel.next("complete") == {"id": "s1", "type": "complete"}
        await publish(stack, 1)
        assert (await panel.next("data"))["id"] == "s2"


async def test_what_is_published_before_start_ack_is_lost_and_nothing_is_replayed(stack: Stack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await publish(stack, 1)
        await panel.start("s1", FOLLOW, id="c1")
        await publish(stack, 2)
        assert (await panel.next("data"))["payload"]["data"]["onContactMessage"]["seq"] == 2


async def test_subscribers_receive_only_what_the_mutation_selected(stack: Stack, ann: str) -> None:
    query = 'subscription { onContactMessage(contactId: "c1") { seq utterance { id } annotation { id } } }'
    async with stack.panel(ann) as panel:
        await panel.start("s1", query)
        await publish(stack, 1, "tenant contactId seq")
        assert (await panel.next("data"))["payload"] == {
            "data": {"onContactMessage": {"seq": 1, "utterance": None, "annotation": None}}
        }


async def test_a_filter_passes_nothing_whose_fields_were_not_selected(stack: Stack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await publish(stack, 1, "contactId kind seq")
        await publish(stack, 2)
        assert (await panel.next("data"))["payload"]["data"]["onContactMessage"]["seq"] == 2


async def test_more_than_240_kb_is_dropped_without_a_word(stack: Stack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        assert (await publish(stack, 1, text="x" * 250_000)).status_code == 200
        await publish(stack, 2)
        assert (await panel.next("data"))["payload"]["data"]["onContactMessage"]["seq"] == 2


async def test_a_connection_holds_a_hundred_subscriptions(stack: Stack, ann: str) -> None:
    async with stack.panel(ann) as panel:
        answers = [await panel.start(f"s{number}", FOLLOW, id="c1") for number in range(101)]
    assert {answer["type"] for answer in answers[:100]} == {"start_ack"}
    assert answers[100]["payload"]["errors"][0]["errorType"] == "MaxSubscriptionsReachedError"


@pytest.mark.parametrize(
    ("message", "error_type"),
    [
        ({"type": "start", "id": "x", "payload": {}}, "BadRequestException"),
        ({"type": "shout"}, "UnsupportedOperation"),
        ({"type": "stop", "id": "never"}, "UnknownOperationError"),
    ],
)
async def test_a_wrong_message_is_answered_and_the_connection_goes_on(
    stack: Stack, ann: str, message: dict[str, Any], error_type: str
) -> None:
    async with stack.panel(ann) as panel:
        await panel.send(message)
        assert (await panel.next("error"))["payload"]["errors"][0]["errorType"] == error_type
        assert (await panel.start("s1", FOLLOW, id="c1"))["type"] == "start_ack"


@pytest.mark.parametrize("frame", ["{", "[]", b"\x00"])
async def test_rubbish_is_answered_too(stack: Stack, ann: str, frame: str | bytes) -> None:
    async with stack.panel(ann) as panel:
        await panel.send_raw(frame)
        assert (await panel.next("error"))["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"


@pytest.mark.parametrize("query", ["{ myContacts { contactId } }", "subscription {", "subscription { nothing }"])
async def test_only_valid_subscriptions_can_be_started(stack: Stack, ann: str, query: str) -> None:
    async with stack.panel(ann) as panel:
        assert (await panel.start("s1", query))["type"] == "error"


async def test_a_client_that_does_not_read_is_closed_and_never_holds_up_the_others(stack: Stack, ann: str) -> None:
    headers = stack.panel(ann).headers()
    data = json.dumps({"query": FOLLOW, "variables": {"id": "c1"}})
    start = {"id": "s1", "type": "start", "payload": {"data": data, "extensions": {"authorization": headers}}}
    subprotocols = [websockets.Subprotocol(name) for name in ("graphql-ws", header_protocol(headers))]
    channel = stack.channel()
    async with (
        websockets.connect(f"ws://{stack.host}/graphql", subprotocols=subprotocols, max_queue=1) as slow,
        stack.panel(ann) as quick,
    ):
        await slow.send('{"type":"connection_init"}')
        await slow.send(json.dumps(start))
        await quick.start("s1", FOLLOW, id="c1")
        for first in range(1, 600, 20):
            messages = [
                utterance_message(any_utterance(seq, text="x" * 25_000), at_ms=1) for seq in range(first, first + 20)
            ]
            await asyncio.to_thread(channel.publish, messages)
            received = [(await quick.next("data"))["payload"]["data"]["onContactMessage"]["seq"] for _ in messages]
            assert received == [message.seq for message in messages]
        read = 0
        with pytest.raises(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(slow.recv(), 30)
                read += 1
        assert read < 600


# Who may do what


async def test_an_expired_token_is_refused_on_every_way_in(stack: Stack, ann: str) -> None:
    assert isinstance(stack.clock, ClockByHand)
    async with stack.panel(ann) as panel:
        stack.clock.advance(3_600_000)
        late = await panel.start("s1", FOLLOW, id="c1")
    answer = await stack.ask(ann, "{ myContacts { contactId } }")
    assert late["payload"]["errors"] == [{"errorType": "UnauthorizedException", "message": "Token has expired."}]
    assert answer.status_code == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    assert answer.json() == {"errors": late["payload"]["errors"]}


async def test_tokens_of_another_issuer_audience_key_or_shape_are_refused(stack: Stack) -> None:
    other = LocalIssuer(stack.issuer.url, clock=stack.clock)
    good: dict[str, Any] = {"agent": "ann", "tenant": "bank"}
    head, _, signature = stack.issuer.issue(**good).split(".")
    forged = base64.urlsafe_b64encode(b'{"sub":"x"}').decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    tokens = [
        other.issue(**good),
        stack.issuer.issue(**good, aud="another-app"),
        stack.issuer.issue(**good, iss="http://evil.test"),
        stack.issuer.issue(**good, nbf=int(stack.clock.now_ms() / 1000) + 60),
        f"{head}.{forged}.{signature}",
        f"{unsigned}.{forged}.",
        "rubbish",
    ]
    answers = [await stack.ask(token, "{ myContacts { contactId } }") for token in [*tokens, None]]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[-1].json()["errors"][0]["message"] == "Valid authorization header not provided."
    assert (await stack.ask(f"Bearer {stack.issuer.issue(**good)}", "{ myContacts { contactId } }")).status_code == 200


async def test_a_token_without_the_claims_sotto_needs_is_refused_with_which(stack: Stack) -> None:
    answer = await stack.ask(stack.issuer.issue(agent="ann", tenant=""), "{ myContacts { contactId } }")
    assert answer.json()["errors"][0]["message"] == (
        "token: the claim 'tenant' is missing; map it in the identity provider"
    )


async def test_people_cannot_publish(stack: Stack, ann: str) -> None:
    query = PUBLISH.replace("SELECTED", "seq")
    answer = (await stack.ask(ann, query, seq=1, text="false guidance")).json()
    assert answer["data"] is None
    assert answer["errors"][0]["errorType"] == "Unauthorized"
    assert answer["errors"][0]["message"] == "Not Authorized to access publishMessage on type Mutation"


async def test_a_signature_gives_no_way_to_what_people_ask(stack: Stack) -> None:
    body = '{"query":"{ myContacts { contactId } }"}'
    request = AWSRequest("POST", stack.url, data=body)
    SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "appsync", REGION).add_auth(request)
    async with http_client() as client:
        answer = await client.post(stack.url, content=body, headers=dict(request.headers.items()))
    assert answer.json()["errors"][0]["message"] == "Not Authorized to access myContacts on type Query"


async def test_a_wrong_signature_is_refused(stack: Stack) -> None:
    messages = [utterance_message(any_utterance(), at_ms=1)]
    with pytest.raises(ChannelUnavailable, match="401 UnauthorizedException"):
        await asyncio.to_thread(stack.channel(secret_key="another").publish, messages)
    await asyncio.to_thread(stack.channel().publish, messages)


async def test_the_function_is_given_appsyncs_resolver_event(stack: Stack, ann: str) -> None:
    await stack.ask(
        ann, "query Q($id: ID!) { contact(contactId: $id) { ...C } } fragment C on Contact { agent }", id="c1"
    )
    event = stack.events[0]
    assert event["arguments"] == {"contactId": "c1"}
    assert event["info"] == {
        "fieldName": "contact",
        "parentTypeName": "Query",
        "variables": {"id": "c1"},
        "selectionSetList": ["agent"],
        "selectionSetGraphQL": "{\n  ...C\n}",
    }
    assert event["identity"]["issuer"] == "http://issuer.test"
    assert event["identity"]["claims"]["tenant"] == "bank"
    assert {"source", "prev", "stash", "request"} <= event.keys()


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("{}", 400), ('{"query":"{ nothing }"}', 200)])
async def test_what_is_no_query_is_answered_as_appsync_does(stack: Stack, ann: str, body: str, status: int) -> None:
    async with http_client() as client:
        answer = await client.post(stack.url, content=body, headers={"authorization": ann})
    assert answer.status_code == status
    assert answer.json()["errors"]


async def test_the_issuer_publishes_what_a_client_needs_to_check_its_tokens(stack: Stack, ann: str) -> None:
    async with http_client(base_url=f"http://{stack.host}") as client:
        configuration = (await client.get("/.well-known/openid-configuration")).json()
        keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert configuration["jwks_uri"] == "http://issuer.test/.well-known/jwks.json"
    assert [key["kty"] for key in keys] == ["RSA"] and "d" not in keys[0]
