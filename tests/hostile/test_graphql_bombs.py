"""Hostile: small GraphQL requests that would cost a lot. The emulation refuses them as AppSync is deployed to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from local.agents_server import AgentsServer
from local.aws.appsync.bounds import LARGEST_REQUEST_BYTES, MOST_ALIKE
from local.aws.appsync.execution import Executor
from local.panel_listener import BACKFILL, ON_CONTACT_MESSAGE
from sotto.core.clock import SystemClock
from sotto.realtime.adapters import publish_document
from sotto.realtime.limits import QUERY_DEPTH_LIMIT, RESOLVER_COUNT_LIMIT
from tests.contract.delivery_stack import Stack, http_client, served
from tests.contract.test_delivery_to_the_panel import any_contact

AT_ONCE_S = 5.0
"""Of this thread's processor. Each of these took minutes, or all memory, before."""
CONTACT = 'contact(contactId: "c1") { contactId }'
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with served(Stack()) as stack:
        stack.conversations.all_contacts = [any_contact()]
        yield stack


@pytest.fixture
def ann(stack: Stack) -> str:
    return stack.issuer.issue(agent="ann", tenant="bank")


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < AT_ONCE_S


def aliases(count: int) -> str:
    return "{" + " ".join(f"a{number}: {CONTACT}" for number in range(count)) + "}"


def doubling(steps: int, end: str = "contactId") -> str:
    """Fragments that spread each other twice: 2**steps fields."""
    fragments = [f"fragment f{step} on Contact {{ ...f{step + 1} ...f{step + 1} }}" for step in range(steps)]
    last = f"fragment f{steps} on Contact {{ {end} }}"
    return " ".join(['{ contact(contactId: "c1") { ...f0 } }', *fragments, last])


def branching(steps: int) -> str:
    """As ``doubling``, with names that differ on every level."""
    both = "fragment f{} on __Type {{ a: ofType {{ ...f{} }} b: ofType {{ ...f{} }} }}"
    fragments = [both.format(step, step + 1, step + 1) for step in range(steps)]
    return " ".join(['{ __type(name: "Contact") { ...f0 } }', *fragments, f"fragment f{steps} on __Type {{ name }}"])


async def test_two_thousand_aliases_do_not_make_two_thousand_invocations(stack: Stack, ann: str) -> None:
    answer = (await stack.ask(ann, aliases(2_000))).json()
    assert answer["errors"][0]["errorType"] == "BadRequestException" and stack.events == []


async def test_resolvers_past_the_limit_do_not_run_and_say_so(stack: Stack, ann: str) -> None:
    answer = (await stack.ask(ann, aliases(200))).json()
    assert len(stack.events) == RESOLVER_COUNT_LIMIT
    assert {error["errorType"] for error in answer["errors"]} == {"ResolverExecutionLimitReached"}
    assert len(answer["errors"]) == 200 - RESOLVER_COUNT_LIMIT


async def test_as_many_resolvers_as_are_allowed_all_run(stack: Stack, ann: str) -> None:
    answer = (await stack.ask(ann, aliases(RESOLVER_COUNT_LIMIT))).json()
    assert "errors" not in answer and len(answer["data"]) == len(stack.events) == RESOLVER_COUNT_LIMIT


async def test_aliases_in_fragments_count_too(stack: Stack, ann: str) -> None:
    inside = aliases(60).strip("{}")
    await stack.ask(ann, f"query {{ ...Many }} fragment Many on Query {{ {inside} }}}} }}")
    assert len(stack.events) <= RESOLVER_COUNT_LIMIT


@pytest.mark.parametrize("query", [doubling(60), doubling(2_000), branching(40), branching(200)])
async def test_fragments_that_double_are_refused(stack: Stack, ann: str, query: str) -> None:
    answer = (await stack.ask(ann, query)).json()
    assert answer["data"] is None and answer["errors"][0]["errorType"] == "BadRequestException"
    assert stack.events == []


async def test_fragments_in_a_circle_are_refused(stack: Stack, ann: str) -> None:
    circle = '{ contact(contactId: "c1") { ...a } } fragment a on Contact { ...b } fragment b on Contact { ...a }'
    answer = (await stack.ask(ann, circle)).json()
    assert answer["errors"][0]["errorType"] == "ValidationError"


@pytest.mark.parametrize(
    "query",
    [
        "{" + CONTACT * (MOST_ALIKE + 1) + "}",
        "{" + CONTACT * 1_500 + "}",
        '{ contact(contactId: "c1") {' + " contactId" * 6_000 + " } }",
        "{ " + "... { " * 3_000 + CONTACT + " }" * 3_000 + " }",
        "{ contact(contactId: " + "[" * 4_000 + "]" * 4_000 + ") { contactId } }",
        "{ a " * 50_000,
        "query(" + " ".join(f"$v{number}: ID" for number in range(20_000)) + ") { a }",
    ],
    ids=["eleven alike", "alike", "leaves alike", "inline fragments", "lists", "tokens", "variables"],
)
async def test_documents_past_every_use_are_refused(stack: Stack, ann: str, query: str) -> None:
    answer = (await stack.ask(ann, query)).json()
    assert answer["errors"] and stack.events == []


def deep(levels: int) -> str:
    """``levels`` of fields below __type, whose types know each other."""
    return '{ __type(name: "Contact") ' + "{ fields { type " * levels + "{ name }" + "}}" * levels + "}"


async def test_introspection_does_not_go_in_circles(stack: Stack, ann: str) -> None:
    answer = (await stack.ask(ann, deep(30))).json()
    assert answer["errors"]


async def test_too_many_levels_are_refused_where_they_begin() -> None:
    from local.aws.appsync.authorisation import VerifiedIdentity
    from local.aws.appsync.execution import RequestContext
    from local.aws.appsync.schema import AuthMode, read_api

    prelude = (REPOSITORY / "sotto" / "realtime" / "appsync.graphql").read_text()
    api = read_api(prelude, "schema { query: Query } type Query { next: Node } type Node { next: Node name: String }")
    ring: dict[str, Any] = {"name": "n"}
    ring["next"] = ring
    executor = Executor(api, {}, lambda name, event: None)
    levels = QUERY_DEPTH_LIMIT
    ask = executor.read({"query": "{ next " + "{ next " * (levels - 1) + "{ name }" + "}" * levels})
    caller = RequestContext(VerifiedIdentity(AuthMode.OIDC))
    answered = executor.project(ask, caller, "next", ring)
    assert [error["errorType"] for error in answered["errors"]] == ["QueryDepthLimitReached"]
    fits = executor.read({"query": "{ next " + "{ next " * (levels - 2) + "{ name }" + "}" * (levels - 1)})
    assert "errors" not in executor.project(fits, caller, "next", ring)


async def test_a_body_larger_than_appsync_takes_is_not_read_to_its_end(stack: Stack, ann: str) -> None:
    body = b" " * (LARGEST_REQUEST_BYTES + 1)
    async with http_client() as client:
        answer = await client.post(stack.url, content=body, headers={"authorization": ann})
    assert answer.status_code == 413


@pytest.mark.parametrize("body", ["[" * 100_000, '{"query": ' + "[" * 100_000])
async def test_json_that_is_nested_without_end_is_malformed(stack: Stack, ann: str, body: str) -> None:
    async with http_client() as client:
        answer = await client.post(stack.url, content=body, headers={"authorization": ann})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["errorType"] == "MalformedHttpRequestException"


@pytest.mark.parametrize("query", [doubling(60), "[" * 10_000], ids=["fragments", "nested"])
async def test_the_real_time_channel_refuses_them_too_and_stays_open(stack: Stack, ann: str, query: str) -> None:
    async with stack.panel(ann) as panel:
        assert (await panel.start("1", query))["type"] == "error"
        await panel.send_raw("[" * 100_000)
        assert (await panel.next("error"))["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"
        assert (await panel.start("2", ON_CONTACT_MESSAGE, contactId="c1"))["type"] == "start_ack"


async def test_a_frame_of_many_megabytes_ends_its_own_connection_only(tmp_path: Path) -> None:
    agents = AgentsServer(lambda name, event: {"data": None}, {}, SystemClock(), apps=tmp_path, channel="appsync")
    protocols = [websockets.Subprotocol("graphql-ws")]
    with agents.serving(0):
        for _ in range(2):
            async with websockets.connect(agents.realtime_url, subprotocols=protocols, proxy=None) as socket:
                with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
                    await socket.send("x" * (8 << 20))
                    await socket.recv()
                assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def panels_operations() -> list[tuple[DocumentNode, OperationDefinitionNode]]:
    """Everything that the panel asks, and what a listener and a publisher do."""
    asked = sorted((REPOSITORY / "web" / "packages" / "api" / "src").rglob("*.graphql"))
    panel = "\n".join(each.read_text() for each in asked)
    publications = [publish_document.Publication("publishMessage", {}, 0)] * 20
    documents = [
        parse(text) for text in (panel, ON_CONTACT_MESSAGE, BACKFILL, publish_document.document(publications)["query"])
    ]
    return [(each, one) for each in documents for one in each.definitions if isinstance(one, OperationDefinitionNode)]


def levels(document: DocumentNode, selection: SelectionSetNode | None) -> int:
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    deepest = 0
    for node in selection.selections if selection else ():
        if isinstance(node, FragmentSpreadNode):
            deepest = max(deepest, levels(document, fragments[node.name.value].selection_set))
        else:
            assert isinstance(node, FieldNode)
            deepest = max(deepest, 1 + levels(document, node.selection_set))
    return deepest


def test_what_the_panel_asks_and_functions_publish_is_well_within_the_limits() -> None:
    operations = panels_operations()
    assert len(operations) > 5
    assert max(levels(document, operation.selection_set) for document, operation in operations) == 5
    assert max(len(operation.selection_set.selections) for _, operation in operations) == 20
    assert QUERY_DEPTH_LIMIT >= 8 and RESOLVER_COUNT_LIMIT >= 40
