"""Contract: a generating shard as a process, through each of its three faces."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from model_containers.shard.decoder.base_model import fingerprint
from tests.contract.shard.conftest import RunningShard, shard_process
from tests.contract.shard.test_multi_model_contract import child_of
from tests.fakes.small_adapters import adapter_files, write_adapter_package
from tests.fakes.small_models import write_llama

TARGETS = {f"model.layers.{n}.self_attn.v_proj": (32, 16) for n in range(2)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generating")


@pytest.fixture(scope="module")
def model(root: Path) -> Path:
    return write_llama(root / "small")


@pytest.fixture(scope="module")
def published(root: Path, model: Path) -> Path:
    """Three adapters of one tenant, one of them for another base."""
    for number in range(3):
        files = adapter_files(TARGETS, value=0.3 * (number + 1))
        write_adapter_package(root / "models", f"m{number}", files, base=("small", fingerprint(model)))
    write_adapter_package(root / "models", "foreign", adapter_files(TARGETS), base=("small", "other"))
    return root / "models"


def options(model: Path, published: Path) -> list[str]:
    given = {"--engine": "decoder", "--model": model, "--adapters": published, "--dtype": "float32", "--rank-rows": 4}
    return [str(word) for pair in given.items() for word in pair]


@pytest.fixture(scope="module")
def running(model: Path, published: Path) -> Iterator[RunningShard]:
    with shard_process(*options(model, published)) as running:
        running.wait_until_ready()
        yield running


@pytest.fixture
def shard(running: RunningShard) -> httpx.Client:
    return running.client


def ask(shard: httpx.Client, adapter: str | None = None, attributes: str = "", **wishes: Any) -> httpx.Response:
    named = [f"adapter={adapter}"] if adapter else []
    headers = {"X-Amzn-SageMaker-Custom-Attributes": ";".join([*named, attributes])}
    return shard.post(
        "/invocations", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12, **wishes}, headers=headers
    )


def test_the_base_writes_without_an_adapter(shard: httpx.Client) -> None:
    found = ask(shard).json()
    assert found["usage"] == {"prompt_tokens": 5, "completion_tokens": 12}
    assert found["finish_reason"] == "length" and found["text"]


def test_an_adapter_named_in_the_custom_attributes_is_fetched_and_used(shard: httpx.Client) -> None:
    texts = [ask(shard, f"bank/m{number}/1").json()["text"] for number in range(3)]
    assert len({*texts, ask(shard).json()["text"]}) == 4
    assert [ask(shard, f"bank/m{number}/1.tar.gz").json()["text"] for number in range(3)] == texts
    resident = shard.get("/residency").json()
    assert len(resident["adapters"]) == 2 and resident["evictions"] >= 1
    assert resident["found"]["source"] == 3


def test_text_streams_as_server_sent_events(shard: httpx.Client) -> None:
    whole = ask(shard, "bank/m1/1", max_tokens=30).json()
    headers = {"X-Amzn-SageMaker-Custom-Attributes": "adapter=bank/m1/1"}
    body = {"tenant": "bank", "prompt": "Hello", "max_tokens": 30, "stream": True}
    with shard.stream("POST", "/invocations", json=body, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [json.loads(line.removeprefix("data: ")) for line in response.iter_lines() if line]
    assert "".join(event["text"] for event in events) == whole["text"]
    assert len(events) > 5
    assert events[-1]["finish_reason"] == whole["finish_reason"] and events[-1]["usage"] == whole["usage"]


def test_a_client_that_hangs_up_stops_the_generation(shard: httpx.Client) -> None:
    body = {"tenant": "bank", "prompt": "Hello", "max_tokens": 400, "stream": True}
    with shard.stream("POST", "/invocations", json=body) as response:
        next(response.iter_lines())
    while shard.get("/residency").json()["running"]:
        pass


@pytest.mark.parametrize(
    ("adapter", "status", "message"),
    [
        ("bank/unknown/1", 404, "no package"),
        ("bank/foreign/1", 400, "train it again"),
        ("../../etc/passwd", 400, "tenant/model/version"),
        ("bank/m0/..", 400, "tenant/model/version"),
    ],
)
def test_adapters_that_cannot_serve_are_refused(shard: httpx.Client, adapter: str, status: int, message: str) -> None:
    refused = ask(shard, adapter)
    assert refused.status_code == status
    assert message in refused.json()["error"]
    assert ask(shard, "bank/m0/1").status_code == 200


def test_another_tenants_adapter_a_mistake_and_a_passed_deadline_are_refused(shard: httpx.Client) -> None:
    assert ask(shard, "bank/m0/1", tenant="garage").status_code == 400
    assert "max_tokens" in ask(shard, max_tokens=0).json()["error"]
    assert ask(shard, attributes="deadline_ms=0").status_code == 408
    assert shard.post("/invocations", content=b"x" * 6_300_000).status_code == 413
    assert shard.post("/invocations", content=b"[" * 100_000).status_code == 400
    assert ask(shard, stream=True, max_tokens=0).status_code == 400


def test_adapters_are_registered_used_by_name_and_unregistered(shard: httpx.Client, published: Path) -> None:
    src = str(published / "bank" / "m2" / "1.tar.gz")
    body = {"name": "component-7", "src": src, "preload": True, "pin": False}
    alias = {"X-Amzn-SageMaker-Adapter-Alias": "friendly"}
    registered = shard.post("/adapters", json=body, headers=alias)
    assert (registered.status_code, registered.text) == (200, "Adapter friendly registered")
    assert shard.post("/adapters", json=body).status_code == 200
    assert shard.post("/adapters", json={**body, "src": "/elsewhere"}).status_code == 409
    named = {"X-Amzn-SageMaker-Adapter-Identifier": "component-7"}
    found = shard.post("/invocations", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12}, headers=named)
    assert found.json()["text"] == ask(shard, "bank/m2/1").json()["text"]
    assert shard.delete("/adapters/component-7").text == "Adapter component-7 unregistered"
    assert shard.delete("/adapters/component-7").status_code == 404
    assert shard.post("/invocations", json={"tenant": "bank", "prompt": "Hello"}, headers=named).status_code == 404
    assert shard.post("/adapters", json={"name": ""}).status_code == 400


def test_pins_leave_room_for_others_and_507_says_so(shard: httpx.Client, published: Path) -> None:
    sources = [str(published / "bank" / f"m{number}" / "1.tar.gz") for number in range(2)]
    assert shard.post("/adapters", json={"name": "a", "src": sources[0], "pin": True}).status_code == 200
    refused = shard.post("/adapters", json={"name": "b", "src": sources[1], "pin": True})
    assert refused.status_code == 507 and "unpin" in refused.json()["error"]
    assert ask(shard, "bank/m2/1").status_code == 200
    assert shard.delete("/adapters/a").status_code == 200


def test_the_multi_model_face_serves_adapters_too(shard: httpx.Client, published: Path) -> None:
    url = str(published / "bank" / "m1" / "1.tar.gz")
    assert shard.post("/models", json={"model_name": "f00", "url": url}).status_code == 200
    assert shard.post("/models", json={"model_name": "f00", "url": url}).status_code == 409
    found = shard.post("/models/f00/invoke", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12})
    assert found.json()["text"] == ask(shard, "bank/m1/1").json()["text"]
    assert shard.delete("/models/f00").status_code == 200
    assert shard.post("/models/f00/invoke", json={"tenant": "bank", "prompt": "Hello"}).status_code == 404


def test_a_crowd_with_more_adapters_than_slots_is_served_whole(shard: httpx.Client) -> None:
    alone = [ask(shard, f"bank/m{number}/1").json()["text"] for number in range(3)]
    with ThreadPoolExecutor(12) as pool:
        texts = list(pool.map(lambda n: ask(shard, f"bank/m{n % 3}/1").json()["text"], range(36)))
    assert texts == [alone[n % 3] for n in range(36)]


def test_a_dead_decoder_is_replaced_with_its_adapters(model: Path, published: Path) -> None:
    with shard_process(*options(model, published)) as running:
        running.wait_until_ready()
        src = str(published / "bank" / "m2" / "1.tar.gz")
        running.client.post("/adapters", json={"name": "kept", "src": src, "pin": True}).raise_for_status()
        os.kill(child_of(running.process), signal.SIGKILL)
        running.wait_until_ready()
        named = {"X-Amzn-SageMaker-Adapter-Identifier": "kept"}
        found = running.client.post(
            "/invocations", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 5}, headers=named
        )
        assert found.status_code == 200
        assert [adapter["pinned"] for adapter in running.client.get("/residency").json()["adapters"]] == [True]


async def test_a_thousand_loads_at_once_and_unloads_among_them_leave_the_others_untouched(
    running: RunningShard, published: Path
) -> None:
    alone = ask(running.client, "bank/m0/1").json()["text"]
    sources = [str(published / "bank" / f"m{number}" / "1.tar.gz") for number in range(3)]
    connection = asyncio.Semaphore(100)  # httpx's own limit looks through all who wait, for each answer that comes
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=running.client.base_url, timeout=120, limits=limits) as client:

        async def asked(method: str, path: str, **more: Any) -> httpx.Response:
            async with connection:
                return await client.request(method, path, **more)

        async def load(number: int) -> int:
            body = {"name": f"crowd-{number % 500}", "src": sources[number % 2], "preload": number % 4 == 0}
            return (await asked("POST", "/adapters", json=body)).status_code

        async def unload(number: int) -> int:
            return (await asked("DELETE", f"/adapters/crowd-{number}")).status_code

        async def speak() -> str:
            headers = {"X-Amzn-SageMaker-Custom-Attributes": "adapter=bank/m0/1"}
            body = {"tenant": "bank", "prompt": "Hello", "max_tokens": 12}
            answer = await asked("POST", "/invocations", json=body, headers=headers)
            return str(answer.json().get("text", answer.text))

        found = await asyncio.gather(
            *(load(number) for number in range(1_000)), *(unload(n) for n in range(100)), *(speak() for _ in range(20))
        )
        assert set(found[:1_000]) <= {200, 409, 503} and set(found[1_000:1_100]) <= {200, 404, 503}
        assert set(found[1_100:]) == {alone}
        await asyncio.gather(*(unload(number) for number in range(500)))
    assert running.client.get("/models").json()["models"] == []
    assert ask(running.client, "bank/m0/1").json()["text"] == alone
