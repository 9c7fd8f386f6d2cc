"""Hostile: a page elsewhere on the web, open in the browser of whoever runs the embedded stack."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from local.agents_server import AgentsServer
from local.aws.event_streams.signatures import Principal
from local.aws.stack import EmbeddedAws
from local.aws.transcribe.server import LocalTranscribe
from local.deepgram.server import LocalDeepgram
from local.generation.openai_host import LocalOpenAi
from model_containers.shard.faces.browsers import NoBrowsers
from sotto.api.panel.subprotocol import PROTOCOL
from sotto.core.clock import SystemClock

ELSEWHERE = "https://evil.example"
FOREIGN = [
    {"Origin": ELSEWHERE},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
]


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentsServer]:
    apps = tmp_path_factory.mktemp("apps")
    for app in ("agent", "manager"):
        (apps / app / "dist").mkdir(parents=True)
        (apps / app / "dist" / "index.html").write_text("<title>a page</title>")
    server = AgentsServer(lambda name, event: {"data": None}, {}, SystemClock(), apps=apps, channel="appsync")
    server.show_to("bank", "ann")
    with server.serving(0):
        yield server


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


def http(base: str) -> httpx.Client:
    return httpx.Client(base_url=base, trust_env=False)


def origin_of(agents: AgentsServer) -> str:
    return agents.graphql_url.removesuffix("/graphql")


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "path", ["/token", "/config.json", "/issuer/.well-known/jwks.json", "/", "/manager/", "/manager/config.json"]
)
def test_the_agents_server_answers_no_other_page(agents: AgentsServer, headers: dict[str, str], path: str) -> None:
    with http(origin_of(agents)) as browser:
        answer = browser.get(path, headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_page_gets_no_permission_to_ask(agents: AgentsServer) -> None:
    asking = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    with http(origin_of(agents)) as browser:
        answer = browser.options("/graphql", headers=asking)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_panel_itself_is_answered(agents: AgentsServer, name: str) -> None:
    own = origin_of(agents).replace("127.0.0.1", name)
    same = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    with http(own) as browser:
        token = browser.get("/token", headers=same).raise_for_status().json()["token"]
        asked = browser.post(
            "/graphql", json={"query": "{ __typename }"}, headers={**same, "Origin": own, "authorization": token}
        )
    assert asked.json() == {"data": {"__typename": "Query"}}
    assert "access-control-allow-origin" not in asked.headers


def test_a_link_on_another_page_may_open_the_panel(agents: AgentsServer) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    with http(origin_of(agents)) as browser:
        assert browser.get("/", headers=link).status_code == 200


@pytest.mark.parametrize(("channel", "protocol"), [("realtime_url", "graphql-ws"), ("websocket_url", PROTOCOL)])
def test_no_other_page_opens_a_websocket(agents: AgentsServer, channel: str, protocol: str) -> None:
    async def open_it() -> None:
        async with connect(
            getattr(agents, channel), origin=Origin(ELSEWHERE), subprotocols=[Subprotocol(protocol)], proxy=None
        ):
            raise AssertionError("it was let in")

    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(open_it())
    assert refused.value.response.status_code == 403


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2015-03-31/functions/serve_agent/invocations",
        "/getMedia",
        "/endpoints/sotto-shard/invocations",
        "/moto-api/reset",
    ],
)
def test_the_embedded_aws_answers_no_page(aws: EmbeddedAws, headers: dict[str, str], path: str) -> None:
    with http(aws.url) as browser:
        assert browser.post(path, headers={**FORM, **headers}, content=b"").status_code == 403


def test_not_even_a_page_that_it_serves_itself(aws: EmbeddedAws) -> None:
    with http(aws.url) as browser:
        assert browser.post("/", headers={"Origin": aws.url}).status_code == 403


@pytest.mark.parametrize("path", ["/moto-api/reset", "/moto-api/", "/%6doto-api/reset", "/MOTO-API/reset"])
def test_nobody_can_empty_the_embedded_aws(aws: EmbeddedAws, path: str) -> None:
    table = aws.engineer("ssm")
    table.put_parameter(Name="kept", Value="yes", Type="String", Overwrite=True)
    with http(aws.url) as browser:
        assert browser.post(path, headers=FORM).status_code == 404
    assert table.get_parameter(Name="kept")["Parameter"]["Value"] == "yes"


def test_no_answer_of_the_embedded_aws_lets_a_page_read_it(aws: EmbeddedAws) -> None:
    with http(aws.url) as program:
        answer = program.get("/")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("headers", [{"Origin": ELSEWHERE}, {"Host": "evil.example"}])
def test_the_local_generator_answers_no_page(headers: dict[str, str]) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
    with LocalOpenAi(keys={"k"}) as host, http(host.url) as browser:
        asked = browser.post("/v1/chat/completions", json=body, headers={"Authorization": "Bearer k", **headers})
        assert asked.status_code == 403 and not host.asked


@pytest.mark.parametrize("headers", [{"Origin": ELSEWHERE}, {"Sec-Fetch-Site": "cross-site"}])
async def test_the_local_deepgram_answers_no_page(headers: dict[str, str]) -> None:
    async with LocalDeepgram([], keys={"k"}) as deepgram:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(deepgram.url, additional_headers={"Authorization": "Token k", **headers}, proxy=None):
                raise AssertionError("it was let in")
        assert refused.value.response.status_code == 403 and not deepgram.sessions


async def test_the_local_transcribe_answers_no_page() -> None:
    async with LocalTranscribe([], Principal("AKIATEST", "secret", "eu-west-1")) as transcribe:
        status = await _asked_over_http2(transcribe, {"origin": ELSEWHERE})
        rebound = await _asked_over_http2(transcribe, {":authority": "evil.example"})
    assert (status, rebound) == ("403", "403")


async def _asked_over_http2(transcribe: LocalTranscribe, more: dict[str, str]) -> str:
    from h2.config import H2Configuration
    from h2.connection import H2Connection
    from h2.events import ResponseReceived

    reader, writer = await asyncio.open_connection("127.0.0.1", transcribe.port, ssl=transcribe.client_tls)
    h2 = H2Connection(H2Configuration(header_encoding="utf-8"))
    h2.initiate_connection()
    asked = {":method": "POST", ":path": "/stream-transcription", ":scheme": "https"}
    asked[":authority"] = f"127.0.0.1:{transcribe.port}"
    h2.send_headers(1, list((asked | more).items()))
    writer.write(h2.data_to_send())
    try:
        while data := await reader.read(1 << 16):
            for event in h2.receive_data(data):
                if isinstance(event, ResponseReceived):
                    found: Any = dict(event.headers or [])
                    return str(found[":status"])
        return "closed"
    finally:
        writer.close()


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {"Sec-Fetch-Site": "same-origin"}])
async def test_the_shard_answers_no_page(headers: dict[str, str]) -> None:
    shard = NoBrowsers(
        Starlette(routes=[Route("/models", lambda request: PlainTextResponse("loaded"), methods=["POST"])])
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shard), base_url="http://shard") as client:
        assert (await client.post("/models", headers=headers)).status_code == 403
        assert (await client.post("/models")).status_code == 200


def test_every_server_listens_on_this_machine_alone(agents: AgentsServer, aws: EmbeddedAws) -> None:
    """In words of /proc/net/tcp: 0100007F is 127.0.0.1, 00000000 is everybody."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("reads /proc, which this system lacks")
    ports = {int(url.rsplit(":", 1)[1]) for url in (origin_of(agents), aws.url)}
    listening = [line.split() for line in table.read_text().splitlines()[1:] if line.split()[3] == "0A"]
    own = {address for _, address, *_ in listening if int(address.split(":")[1], 16) in ports}
    assert own and all(address.startswith("0100007F:") for address in own), json.dumps(sorted(own))
