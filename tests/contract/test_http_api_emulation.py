"""Contract tests: the emulated HTTP API against API Gateway's documented behaviour, payload format 2.0."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
from starlette.applications import Starlette

from local.aws.api_gateway.http_api import MOST_BODY_BYTES, HttpApi
from tests.fakes.clock import ClockByHand


class Gateway:
    """With a function that remembers its event and answers what it is told to."""

    def __init__(self, answer: Callable[[], Any] = lambda: {"statusCode": 200, "body": "{}"}) -> None:
        self.events: list[dict[str, Any]] = []
        self._answer = answer
        self._app = Starlette(routes=HttpApi("serve_api", self._invoke, clock=ClockByHand(1_790_000_000_000)).routes())

    def _invoke(self, name: str, event: dict[str, Any]) -> Any:
        assert name == "serve_api"
        self.events.append(event)
        return self._answer()

    async def send(self, method: str, address: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rest.test") as client:
            return await client.request(method, address, **more)


async def test_a_request_is_passed_on_as_payload_format_2() -> None:
    gateway = Gateway()
    headers = [("X-One", "a"), ("X-One", "b"), ("Cookie", "c=1; d=2"), ("Content-Type", "application/json")]
    await gateway.send("POST", "/v1/contacts/a%20b?team=x&team=y%2Bz&empty=", headers=headers, content=b'{"a":1}')
    (event,) = gateway.events
    assert event["version"] == "2.0" and event["rawPath"] == "/v1/contacts/a b"
    assert event["rawQueryString"] == "team=x&team=y%2Bz&empty="
    assert event["headers"]["x-one"] in ("a,b", "a, b") and "cookie" not in event["headers"]
    assert event["cookies"] == ["c=1", "d=2"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"a":1}', False)
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["timeEpoch"] == 1_790_000_000_000


async def test_any_address_below_its_own_is_passed_on() -> None:
    gateway = Gateway()
    for address in ("/v1/a%0Ab", "/v1/", "/v1/a//b", "/v1/%F3%9C"):
        assert (await gateway.send("GET", address)).status_code == 200
    assert [event["rawPath"] for event in gateway.events][:2] == ["/v1/a\nb", "/v1/"]
    assert (await gateway.send("GET", "/v2/a")).status_code == 404


async def test_what_is_no_text_comes_in_base64() -> None:
    gateway = Gateway()
    await gateway.send("POST", "/v1/search", content=b"\xff\x00", headers={"content-type": "application/octet-stream"})
    (event,) = gateway.events
    assert event["isBase64Encoded"] and base64.b64decode(event["body"]) == b"\xff\x00"


async def test_ten_megabytes_reach_no_function() -> None:
    gateway = Gateway()
    refused = await gateway.send("POST", "/v1/search", content=b"x" * (MOST_BODY_BYTES + 1))
    assert refused.status_code == 413 and refused.json() == {"message": "Request Entity Too Large"}
    assert not gateway.events


async def test_more_headers_than_it_takes_reach_no_function() -> None:
    gateway = Gateway()
    assert (await gateway.send("GET", "/v1/book", headers={"x": "y" * 11_000})).status_code == 431
    assert not gateway.events


async def test_an_answer_is_given_as_the_function_says() -> None:
    headers = {"ETag": '"e"', "Content-Type": "application/problem+json", "RateLimit": "r"}
    gateway = Gateway(lambda: {"statusCode": 409, "headers": headers, "body": '{"é":1}'})
    found = await gateway.send("PUT", "/v1/x")
    assert (found.status_code, found.json()) == (409, {"é": 1})
    assert {name: found.headers[name] for name in headers} == headers and found.headers["apigw-requestid"]


async def test_a_function_that_fails_or_answers_nonsense_says_nothing_of_itself() -> None:
    def failing() -> Any:
        raise RuntimeError("text of a call")

    for answer in (failing, lambda: None, lambda: {"body": "x"}, lambda: "x"):
        found = await Gateway(answer).send("GET", "/v1/x")
        assert (found.status_code, found.json()) == (500, {"message": "Internal Server Error"})
