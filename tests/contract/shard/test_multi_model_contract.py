"""Contract: the shard's HTTP face against SageMaker's documented multi-model API, on the real process.

https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
"""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from model_containers.shard.faces.app import app_of
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.shard.protocol.errors import ShardBusy
from model_containers.shard.supervisor.supervisor import Supervisor, running
from sotto.models.package import ModelCard, open_package, write_package
from tests.contract.shard.conftest import shard_process


def load(shard: httpx.Client, name: str, url: Path | str) -> httpx.Response:
    return shard.post("/models", json={"model_name": name, "url": str(url)})


def test_a_healthy_shard_answers_the_ping_with_200(shard: httpx.Client) -> None:
    assert shard.get("/ping").status_code == 200


def test_loaded_models_are_listed_and_described(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    listed = {m["modelName"]: m["modelUrl"] for m in shard.get("/models").json()["models"]}
    assert listed["intent"] == str(packages["intent"])
    assert shard.get("/models/intent").json() == {"modelName": "intent", "modelUrl": str(packages["intent"])}


def test_loading_a_loaded_model_is_409(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    assert load(shard, "intent", packages["intent"]).status_code == 409


def test_an_unknown_model_is_404_whatever_is_asked_of_it(shard: httpx.Client) -> None:
    assert shard.get("/models/unknown").status_code == 404
    assert shard.delete("/models/unknown").status_code == 404
    assert shard.post("/models/unknown/invoke", json={"text": "hello"}).status_code == 404


def test_names_are_opaque(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    name = "f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b"
    assert load(shard, name, packages["intent"]).status_code == 200
    assert shard.delete(f"/models/{name}").status_code == 200


def test_an_unpacked_directory_loads_as_sagemaker_hands_it_over(
    shard: httpx.Client, packages: Mapping[str, Path], tmp_path: Path
) -> None:
    open_package(packages["intent"], tmp_path / "model")
    assert load(shard, "unpacked", tmp_path / "model").status_code == 200
    assert shard.delete("/models/unpacked").status_code == 200


def test_an_unloaded_model_is_gone_and_can_be_loaded_again(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    for _ in range(3):
        assert load(shard, "passing", packages["intent"]).status_code == 200
        assert shard.delete("/models/passing").status_code == 200
        assert shard.get("/models/passing").status_code == 404


def test_one_of_many_simultaneous_loads_wins(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(lambda _: load(shard, "contested", packages["intent"]).status_code, range(8)))
    assert statuses == [200, *[409] * 7]
    assert shard.delete("/models/contested").status_code == 200


def test_the_list_is_paged(shard: httpx.Client, packages: Mapping[str, Path]) -> None:
    extra = [f"paged-{number}" for number in range(120)]
    for name in extra:
        assert load(shard, name, packages["entities"]).status_code == 200
    seen: list[str] = []
    page: dict[str, Any] = shard.get("/models").json()
    seen += [m["modelName"] for m in page["models"]]
    while token := page.get("nextPageToken"):
        page = shard.get("/models", params={"next_page_token": token}).json()
        seen += [m["modelName"] for m in page["models"]]
    for name in extra:
        shard.delete(f"/models/{name}")
    assert set(extra) <= set(seen) and len(seen) == len(set(seen))


def test_a_foreign_page_token_is_refused(shard: httpx.Client) -> None:
    assert shard.get("/models", params={"next_page_token": "%%%"}).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"model_name": "x"}', b'{"model_name": 1, "url": "/x"}'])
def test_a_load_without_name_and_url_is_400(shard: httpx.Client, body: bytes) -> None:
    assert shard.post("/models", content=body).status_code == 400


def test_a_missing_package_is_400_with_the_fix(shard: httpx.Client) -> None:
    refused = load(shard, "missing", "/no/such/package")
    assert refused.status_code == 400
    assert "check the url" in refused.json()["error"]


def test_a_truncated_package_is_400_and_leaves_the_others_alone(
    shard: httpx.Client, packages: Mapping[str, Path], tmp_path: Path
) -> None:
    whole = packages["knowledge"].read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    refused = load(shard, "cut", tmp_path / "cut.tar.gz")
    assert refused.status_code == 400
    assert "truncated" in refused.json()["error"]
    assert shard.get("/models/cut").status_code == 404
    assert (
        shard.post("/models/intent/invoke", json={"tenant": "small_bank", "text": "I lost my card"}).json()["label"]
        == "lost_card"
    )


def test_a_package_that_climbs_out_of_its_directory_is_400(shard: httpx.Client, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../../evil"))
    assert "would leave" in load(shard, "evil", tmp_path / "evil.tar.gz").json()["error"]


def any_intent_package(root: Path, *, revision: str, weight: Any) -> Path:
    card = ModelCard(
        task="intent",
        tenant="other",
        model="intent",
        version="1",
        base_model="sentence-transformers/all-MiniLM-L6-v2",
        base_revision=revision,
        labels=("a", "b"),
    )
    return write_package(card, {WEIGHTS: packed(weight=weight, bias=np.zeros(2, np.float32))}, root)


@pytest.fixture(scope="session")
def revision(packages: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    return open_package(packages["intent"], tmp_path_factory.mktemp("opened")).card.base_revision


def test_a_model_of_another_base_is_400(shard: httpx.Client, tmp_path: Path) -> None:
    archive = any_intent_package(tmp_path, revision="another", weight=np.zeros((2, 384), np.float32))
    assert "train it again" in load(shard, "foreign", archive).json()["error"]


@pytest.mark.parametrize(
    "weight", [np.full((2, 384), np.nan), np.zeros((3, 384)), np.zeros((2, 100))], ids=["nan", "rows", "columns"]
)
def test_weights_that_do_not_fit_the_card_are_400(
    shard: httpx.Client, tmp_path: Path, revision: str, weight: Any
) -> None:
    refused = load(shard, "odd", any_intent_package(tmp_path, revision=revision, weight=weight))
    assert refused.status_code == 400
    assert "expected (2, 384) finite numbers" in refused.json()["error"]


@pytest.mark.parametrize(
    "request_body",
    [{}, {"text": ""}, {"text": "  "}, {"text": 3}, [], "text", {"text": "hi", "k": 0}, {"text": "x" * 100_000}],
)
def test_a_request_with_a_mistake_is_400_and_says_which(shard: httpx.Client, request_body: Any) -> None:
    refused = shard.post("/models/knowledge/invoke", json=request_body)
    assert refused.status_code == 400
    assert '"text"' in refused.json()["error"] or '"k"' in refused.json()["error"]


def test_a_request_of_another_tenant_is_refused(shard: httpx.Client) -> None:
    body = {"text": "hello", "tenant": "torque_garage"}
    assert shard.post("/models/intent/invoke", json=body).status_code == 400
    assert shard.post("/models/sentiment/invoke", json=body).status_code == 200


def test_a_request_of_nobody_is_not_its_owners(shard: httpx.Client) -> None:
    refused = shard.post("/models/intent/invoke", json={"text": "hello"})
    assert refused.status_code == 400 and "name the owner" in refused.json()["error"]
    assert shard.post("/models/sentiment/invoke", json={"text": "hello"}).status_code == 200


def test_a_body_over_sagemakers_limit_is_413(shard: httpx.Client) -> None:
    assert shard.post("/models/intent/invoke", content=b"x" * 6_300_000).status_code == 413


def test_what_cannot_finish_within_its_deadline_is_408(shard: httpx.Client) -> None:
    headers = {"X-Amzn-SageMaker-Custom-Attributes": "deadline_ms=0"}
    assert (
        shard.post(
            "/models/intent/invoke", json={"tenant": "small_bank", "text": "new words"}, headers=headers
        ).status_code
        == 408
    )


def test_a_model_that_does_not_fit_is_507_until_another_is_unloaded(packages: Mapping[str, Path]) -> None:
    with shard_process("--memory-mb", "0.012") as running:
        running.wait_until_ready()
        names: list[str] = []
        while (response := load(running.client, f"m{len(names)}", packages["sentiment"])).status_code == 200:
            names.append(f"m{len(names)}")
        assert response.status_code == 507 and "unload another" in response.json()["error"]
        assert names, "not even one model fitted"
        assert running.client.delete(f"/models/{names[0]}").status_code == 200
        assert load(running.client, "late", packages["sentiment"]).status_code == 200


def test_packages_named_in_the_custom_attributes_are_fetched_when_asked_for(packages: Mapping[str, Path]) -> None:
    with shard_process("--adapters", str(packages["intent"].parents[2])) as running:
        running.wait_until_ready()

        def ask(target: str, tenant: str = "small_bank") -> httpx.Response:
            headers = {"X-Amzn-SageMaker-Custom-Attributes": f"adapter={target};deadline_ms=30000"}
            return running.client.post(
                "/invocations", json={"text": "I lost my card", "tenant": tenant}, headers=headers
            )

        own = "/".join(packages["intent"].parts[-3:])
        assert ask(own).json()["label"] == "lost_card"
        assert ask(own, tenant="another").status_code == 400
        assert ask("small_bank/unknown/1").status_code == 404
        assert running.client.post("/invocations", json={"text": "hello"}).status_code == 404
        resident = running.client.get("/residency").json()
        assert [model["on_demand"] for model in resident["models"]] == [True]
        assert resident["batcher"]["mode"] == "live"


def test_a_dead_model_process_is_replaced_with_its_models(packages: Mapping[str, Path]) -> None:
    with shard_process() as running:
        running.wait_until_ready()
        load(running.client, "intent", packages["intent"]).raise_for_status()
        os.kill(child_of(running.process), signal.SIGKILL)
        asked = [
            running.client.post("/models/intent/invoke", json={"tenant": "small_bank", "text": f"I lost card {n}"})
            for n in range(9)
        ]
        assert {response.status_code for response in asked} <= {200, 503}
        running.wait_until_ready()
        found = running.client.post("/models/intent/invoke", json={"tenant": "small_bank", "text": "I lost my card"})
        assert found.json()["label"] == "lost_card"


async def test_before_the_model_process_is_ready_the_ping_says_so() -> None:
    transport = httpx.ASGITransport(app_of(Supervisor()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shard") as client:
        assert (await client.get("/ping")).status_code == 503
        refused = await client.post("/models", json={"model_name": "intent", "url": "/x"})
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "1"


async def test_nothing_is_loaded_before_the_model_process_is_ready(packages: Mapping[str, Path]) -> None:
    """Else it would be loaded once for the request, and again with all that a new process gets back."""
    async with running(supervisor := Supervisor()):
        while not supervisor.models:
            with suppress(ShardBusy):
                await supervisor.load("intent", str(packages["intent"]))
                assert supervisor.ready
            await asyncio.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells another process's environment")
def test_the_model_process_asks_for_huge_pages() -> None:
    with shard_process() as running:
        running.wait_until_ready()
        environment = Path(f"/proc/{child_of(running.process)}/environ").read_bytes().split(b"\0")
    wanted = os.environ.get("THP_MEM_ALLOC_ENABLE", "1")
    assert f"THP_MEM_ALLOC_ENABLE={wanted}".encode() in environment


def test_the_model_process_ends_with_the_shard() -> None:
    with shard_process() as running:
        running.wait_until_ready()
        child = os.pidfd_open(child_of(running.process))
        running.process.kill()
        ended, _, _ = select.select([child], [], [], 30)
        os.close(child)
        assert ended


def child_of(process: subprocess.Popen[str]) -> int:
    ps = shutil.which("ps")
    assert ps is not None
    listed = subprocess.run([ps, "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, check=True, text=True)
    return int(listed.stdout.split()[0])
