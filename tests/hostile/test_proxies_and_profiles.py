"""Hostile: a machine whose environment and ~/.aws lead every client somewhere else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local.agents_server import AgentsServer
from local.aws.sagemaker_runtime import MultiModelEndpoint
from local.aws.single_endpoint import SingleEndpoint
from local.aws.stack import ACCESS_KEY, EmbeddedAws
from local.aws.web_server import WebServer
from local.embedded import embedded_sotto
from local.inherited_environment import without_the_outside
from local.options import Options
from local.outside_providers import CredentialsMissing, outside_provider
from local.panel_listener import backfill
from local.shard_process import ShardProcess
from sotto.core.clock import SystemClock
from sotto.core.settings import Recognition
from sotto.wiring.sotto import Sotto

PROXY_NAMES = [name for upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (upper, upper.lower())]


class Trap:
    """A server that nobody of the stack may reach. It counts those that come, and hangs up."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.came = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="trap", daemon=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.came += 1
            connection.close()

    def __enter__(self) -> Trap:
        self._thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Trap]:
    """Every variable and file that a client of AWS or of HTTP obeys leads to it."""
    with Trap() as trap:
        for name in (*PROXY_NAMES, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"):
            monkeypatch.setenv(name, trap.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        config = tmp_path / "config"
        config.write_text(f"[default]\nendpoint_url = {trap.url}\nuse_fips_endpoint = true\nregion = nowhere-1\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("AWS_PROFILE", "nobody-knows-this")
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
        yield trap


def serves_tables(dynamodb: Any) -> bool:
    return bool(dynamodb.list_tables()["ResponseMetadata"]["HTTPStatusCode"] == 200)


def test_the_engineers_clients_reach_the_embedded_aws_alone(trap: Trap) -> None:
    with EmbeddedAws() as aws:
        assert serves_tables(aws.engineer("dynamodb"))
        assert aws.engineer("s3").list_buckets()["Buckets"] == []
    assert trap.came == 0


def test_the_functions_clients_reach_the_embedded_aws_alone(trap: Trap) -> None:
    with EmbeddedAws() as aws:
        sotto = Sotto.of(aws.environment(), session=aws.session)
        assert serves_tables(sotto.client("dynamodb"))
        assert sotto.client("s3").list_buckets()["Buckets"] == []
        assert sotto.client("sts").get_caller_identity()["Account"]
    assert trap.came == 0


def test_the_environment_is_given_back(trap: Trap) -> None:
    before = dict(os.environ)
    with EmbeddedAws() as aws:
        assert aws.session.get_credentials().access_key == ACCESS_KEY and "AWS_PROFILE" not in os.environ
    assert dict(os.environ) == before


def test_nothing_that_leads_outside_is_handed_to_a_process(trap: Trap) -> None:
    handed = without_the_outside(os.environ)
    assert not [name for name in handed if handed[name] == trap.url]
    assert not {"AWS_PROFILE", "AWS_USE_FIPS_ENDPOINT"} & handed.keys()
    asked = "import urllib.request, json; print(json.dumps(urllib.request.getproxies()))"
    said = subprocess.run([sys.executable, "-c", asked], env=handed, capture_output=True, check=True, text=True).stdout
    assert json.loads(said) == {"no": "*"}


@contextmanager
def container() -> Iterator[str]:
    async def invoke(request: Request) -> JSONResponse:
        return JSONResponse({"received": len(await request.body())})

    async def models(request: Request) -> JSONResponse:
        return JSONResponse({})

    routes = [
        Route("/invocations", invoke, methods=["POST"]),
        Route("/models", models, methods=["POST"]),
        Route("/models/{name}/invoke", invoke, methods=["POST"]),
    ]
    with WebServer(Starlette(routes=routes), name="container") as server:
        yield server.url


async def test_what_a_caller_said_goes_to_the_shard_directly(trap: Trap) -> None:
    with container() as url:
        endpoint = SingleEndpoint("sotto-writer", url)
        answer = await endpoint.answer({}, b'{"text": "my card"}', {"content-type": "application/json"})
        await endpoint.close()
    assert json.loads(bytes(answer.body)) == {"received": 19}
    assert trap.came == 0


async def test_models_are_loaded_into_the_shard_directly(trap: Trap, tmp_path: Path) -> None:
    class NoModels:
        def archive(self, key: str) -> bytes | None:
            return None

    with container() as url:
        endpoint = MultiModelEndpoint("sotto-shard", url, NoModels(), tmp_path)
        assert (await endpoint._http.post("/models")).status_code == 200
        await endpoint.close()
    assert trap.came == 0


def test_the_shards_health_is_asked_directly(trap: Trap, tmp_path: Path) -> None:
    async def ping(request: Request) -> JSONResponse:
        return JSONResponse({})

    with WebServer(Starlette(routes=[Route("/ping", ping)]), name="shard") as server:
        shard = ShardProcess(tmp_path, tmp_path / "shard.log")
        shard.port = server.port
        assert shard._pings()
    assert trap.came == 0
    with pytest.raises(OSError):
        urllib.request.build_opener().open("http://example.invalid/", timeout=5)  # urlopen keeps its first proxies
    assert trap.came == 1  # so the trap would have been found


@pytest.mark.parametrize("channel", ["appsync", "websocket"])
async def test_a_call_is_watched_without_a_proxy(trap: Trap, tmp_path: Path, channel: str) -> None:
    from local.panel_lines import AppSyncLine
    from local.panel_listener import PanelRefused

    agents = AgentsServer(lambda name, event: {"data": None}, {}, SystemClock(), apps=tmp_path, channel=channel)
    with agents.serving(0):
        token = agents.token("bank", "ann")
        with pytest.raises(PanelRefused, match="the channel answered|answered"):
            async with agents.line.listening(token, "c1"):
                raise AssertionError("nobody serves this contact")
        if isinstance(agents.line, AppSyncLine):
            with pytest.raises(PanelRefused, match="answered"):
                await backfill(agents.graphql_url, token, "c1")
    assert trap.came == 0


@pytest.mark.parametrize("name", ["transcribe", "deepgram"])
def test_an_outside_recogniser_is_never_asked_with_embedded_keys(name: str, tmp_path: Path) -> None:
    async def start() -> None:
        async with embedded_sotto(Options(recogniser=name, state=tmp_path)):
            raise AssertionError("it started")

    with pytest.raises(CredentialsMissing, match=f"sotto call FILE --recogniser {name}"):
        asyncio.run(start())
    assert list(tmp_path.iterdir()) == []


def test_no_function_reaches_transcribe_with_embedded_keys() -> None:
    with EmbeddedAws() as aws:
        sotto = Sotto.of(aws.environment())
        assert sotto.settings.of(Recognition).transcribe_endpoint == aws.url.replace("http:", "https:")


def test_a_deepgram_of_ones_own_keeps_ones_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", *PROXY_NAMES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    provider: Any = outside_provider("deepgram", {"DEEPGRAM_API_KEY": "k"})
    assert provider._proxy == "http://proxy.example:3128"


def test_transcribe_with_an_unknown_profile_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody-knows-this")
    with pytest.raises(CredentialsMissing, match="nobody-knows-this"):
        outside_provider("transcribe", os.environ)


def test_credentials_for_transcribe_are_settled_before_the_embedded_ones_take_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AKIAMINE"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
    ):
        monkeypatch.setenv(name, value)
    provider: Any = outside_provider("transcribe", os.environ)
    with EmbeddedAws():
        assert provider._streams._credentials().access_key == "AKIAMINE"
