"""Contract: agents of others, by the official client of the Model Context Protocol over the emulated HTTP API, and by
hand where a client would not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from moto import mock_aws
from starlette.applications import Starlette

from functions.serve_api.handler import handler
from local.aws.api_gateway.http_api import HttpApi
from sotto.api.mcp.protocol import GREETED, MODERN
from sotto.api.mcp.tools import TOOLS
from sotto.api.rest.answer import REQUESTS_A_WINDOW
from sotto.api.roles import Role
from tests.contract.rest_bank import Answered, RestBank

WAITS_S = 300.0
"""The machine may be busy."""
EVERY = {each.name for each in TOOLS}


@pytest.fixture(scope="module")
def bank() -> Iterator[RestBank]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        yield RestBank()


def spoken_with(bank: RestBank, key: str, ask: Callable[[Client], Awaitable[Any]], mode: Any = "auto") -> Any:
    async def spoken() -> Any:
        handle = handler.within(bank.sotto)
        gateway = HttpApi("serve_api", lambda name, event: handle(event, None), clock=bank.clock, waits_s=WAITS_S)
        transport = httpx2.ASGITransport(app=Starlette(routes=gateway.routes()))
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(transport=transport, headers=headers, timeout=WAITS_S) as http:
            connected = streamable_http_client("http://api.test/mcp", http_client=http, terminate_on_close=False)
            async with Client(connected, mode=mode) as client:
                return await ask(client)

    return asyncio.run(spoken())


async def names_of(client: Client) -> set[str]:
    return {each.name for each in (await client.list_tools()).tools}


@pytest.mark.parametrize("mode", ["auto", "legacy", *MODERN])
def test_the_official_client_finds_the_tools_and_calls_one_in_either_way_to_speak(bank: RestBank, mode: str) -> None:
    async def ask(client: Client) -> Any:
        listed = await client.list_tools()
        return listed, await client.call_tool("get_summary", {"contact_id": "c1"})

    listed, found = spoken_with(bank, bank.key_of("quality"), ask, mode)
    assert {each.name for each in listed.tools} == EVERY and 6 <= len(EVERY) <= 8
    assert not found.is_error
    assert found.structured_content["citations"] == [{"contact_id": "c1", "utterance_id": "u1"}]
    assert found.structured_content["answer"]["lines"][0]["text"] == "I want to leave."
    assert json.loads(found.content[0].text) == found.structured_content


ARGUMENTS: dict[str, dict[str, Any]] = {
    "search_conversations": {"text": "leave"},
    "get_conversation": {"conversation_id": "c1"},
    "get_transcript": {"contact_id": "c1", "limit": 5},
    "get_summary": {"contact_id": "c1"},
    "list_scorecards": {"contact_id": "c1"},
    "get_customer_insights": {"contact_id": "c1"},
    "query_metric": {"metric": "average_handle_time", "period": {"first": "2026-09-01", "last": "2026-09-30"}},
    "ask_figures": {"question": "How many conversations were there yesterday?"},
}


def test_every_tool_answers_as_its_route_does_and_says_what_it_rests_on(bank: RestBank) -> None:
    assert set(ARGUMENTS) == EVERY

    async def ask(client: Client) -> dict[str, Any]:
        return {name: await client.call_tool(name, given) for name, given in ARGUMENTS.items()}

    found = spoken_with(bank, bank.key_of("quality"), ask)
    for name, each in found.items():
        assert not each.is_error, (name, each.content)
        assert each.structured_content["cost"] == {"model_calls": 0, "usd": 0.0}
    cites = {name: each.structured_content["citations"] for name, each in found.items()}
    words = {"contact_id": "c1", "utterance_id": "u1"}
    for name in ("get_transcript", "get_summary", "get_customer_insights"):
        assert words in cites[name], name
    assert cites["get_conversation"] == [{"contact_id": "c1"}]
    assert (
        found["get_transcript"].structured_content["answer"]
        == bank.ask("GET", "/v1/contacts/c1/transcript", query={"limit": 5}).json
    )


def test_a_key_sees_and_calls_the_tools_of_its_scopes_and_role_alone(bank: RestBank) -> None:
    narrow = bank.key_with(frozenset({"transcripts:read"}), Role.ANALYST)
    assert spoken_with(bank, narrow, names_of) == {"get_transcript"}

    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await client.call_tool("get_summary", {"contact_id": "c1"})
        return str(error.value)

    assert "no such tool" in spoken_with(bank, narrow, refused)


def test_what_is_anothers_is_not_there_and_the_model_learns_so(bank: RestBank) -> None:
    async def ask(client: Client) -> Any:
        return [await client.call_tool(name, {"contact_id": "c1"}) for name in ("get_summary", "get_customer_insights")]

    for key in ("person.garage.ann.analyst", "person.bank.sue.agent"):
        for found in spoken_with(bank, key, ask):
            assert found.is_error and json.loads(found.content[0].text)["status"] == 404


def test_wrong_arguments_are_named_in_the_result_and_never_repeated(bank: RestBank) -> None:
    for given in (
        {"contact_id": "no such#id"},
        {},
        {"contact_id": "c1", "limit": "secret-words"},
        {"contact_id": "c1", "x": 1},
    ):
        found = post(bank, "tools/call", {"name": "get_transcript", "arguments": given})
        result = found.json["result"]
        assert result["isError"] and json.loads(result["content"][0]["text"])["errors"]
        assert "secret-words" not in found.text and "no such" not in found.text


def post(bank: RestBank, method: str | None, params: Any = None, *, key: str | None = None, body: Any = None,
         modern: bool = True, **headers: str) -> Answered:  # fmt: skip
    params = {} if params is None else params
    given: dict[str, str] = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    if modern and isinstance(params, dict):
        about = {"protocolVersion": MODERN[0], "clientCapabilities": {}}
        params = params | {"_meta": {f"io.modelcontextprotocol/{name}": value for name, value in about.items()}}
        given |= {"mcp-protocol-version": MODERN[0], "mcp-method": str(method)}
        given |= {"mcp-name": params["name"]} if "name" in params else {}
    message = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params} if body is None else body
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return bank.ask("POST", "/mcp", role="quality", key=key, body=message, headers=given)


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ("{", -32700, 400),
        ("[]", -32600, 400),
        ([{"jsonrpc": "2.0", "id": 1, "method": "ping"}], -32600, 400),
        ({"id": 1, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, -32600, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}, -32602, 200),
        ({"jsonrpc": "2.0", "id": 1, "method": "no/such"}, -32601, 200),
        ("[" * 5_000, -32700, 400),
    ],
)
def test_a_message_that_is_none_is_an_error_of_json_rpc(bank: RestBank, body: Any, code: int, status: int) -> None:
    found = post(bank, None, body=body, modern=False)
    assert (found.status, found.json["error"]["code"], found.json["jsonrpc"]) == (status, code, "2.0")
    assert found.headers["Content-Type"] == "application/json"


def test_headers_must_repeat_what_the_body_says(bank: RestBank) -> None:
    wrong: tuple[dict[str, str], ...] = ({"mcp_method": "tools/call"}, {"mcp_protocol_version": "2026-07-29"})
    for headers in wrong:
        found = post(bank, "tools/list", **headers)
        assert (found.status, found.json["error"]["code"], found.json["id"]) == (400, -32020, 7)
    found = post(bank, "tools/call", {"name": "get_summary", "arguments": {"contact_id": "c1"}}, mcp_name="other")
    assert found.json["error"]["code"] == -32020
    encoded = post(bank, "tools/call", {"name": "get_summary", "arguments": {"contact_id": "c1"}},
                   mcp_name="=?base64?Z2V0X3N1bW1hcnk=?=")  # fmt: skip
    assert encoded.status == 200


def test_a_version_that_nobody_speaks_is_refused_with_those_that_are_spoken(bank: RestBank) -> None:
    found = post(bank, "tools/list", modern=False, mcp_protocol_version="2031-01-01")
    assert (found.status, found.json["error"]["code"]) == (400, -32022)
    assert found.json["error"]["data"]["supported"] == list(MODERN)
    greeted = post(bank, "initialize", {"protocolVersion": "2020-01-01"}, modern=False)
    assert greeted.json["result"]["protocolVersion"] == GREETED[0]
    assert post(bank, "server/discover", modern=False).json["error"]["code"] == -32601
    assert post(bank, "initialize").json["error"]["code"] == -32601, "nobody greets any more"


def test_a_notification_gets_no_answer_and_no_session_is_kept(bank: RestBank) -> None:
    for modern in (True, False):
        headers = {"mcp_protocol_version": MODERN[0]} if modern else {}
        found = post(
            bank, None, body={"jsonrpc": "2.0", "method": "notifications/initialized"}, modern=False, **headers
        )
        assert (found.status, found.text) == (202, "")
        assert "mcp-session-id" not in {name.lower() for name in found.headers}
    for method in ("GET", "DELETE"):
        refused = bank.ask(method, "/mcp")
        assert (refused.status, refused.headers["Allow"]) == (405, "POST")


def test_nobody_comes_in_without_a_key_or_from_another_origin_or_too_often(bank: RestBank) -> None:
    for key in ("", "sotto_live_bank_nothing"):
        found = post(bank, "tools/list", key=key)
        assert found.status == 401 and found.headers["WWW-Authenticate"].startswith("Bearer")
    assert post(bank, "tools/list", host="api.test", origin="https://evil.example").status == 403
    assert post(bank, "tools/list", host="api.test", origin="https://api.test").status == 200
    assert post(bank, "tools/list", accept="text/html").status == 406
    key = bank.key_with(frozenset({"contacts:read"}))
    first = post(bank, "tools/list", key=key)
    assert f"r={REQUESTS_A_WINDOW - 1}" in first.headers["RateLimit"]
