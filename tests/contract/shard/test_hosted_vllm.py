"""Contract: a generating shard as a process, with vLLM as its engine, through each of its three faces.

`make test-vllm` makes the environment that this needs and runs it there, with test_vllm_engine.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("vllm")

from model_containers.shard.decoder.base_model import fingerprint
from tests.fakes.small_adapters import write_adapter_package
from tests.fakes.small_models import adapter_files_of, write_adapter, write_llama_for_vllm

ROOT = Path(__file__).parents[3]
SLOTS = 2
ARGUMENTS = {"max_loras": SLOTS, "max_lora_rank": 8, "max_model_len": 512, "enforce_eager": True}
ENVIRONMENT = {
    "SOTTO_DECODER_ENGINE": "vllm",
    "SOTTO_VLLM_ARGUMENTS": json.dumps(ARGUMENTS),
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "HF_HUB_OFFLINE": "1",
}
READY_WITHIN_S = 300
IDENTIFIER = "X-Amzn-SageMaker-Adapter-Identifier"
LONG = {"json_schema": {"type": "string", "minLength": 400}, "max_tokens": 450}
"""A text that does not end early."""


@dataclass
class VllmShard:
    process: subprocess.Popen[str]
    client: httpx.Client
    log: queue.Queue[str | None] = field(default_factory=queue.Queue)
    sessions: set[int] = field(default_factory=set)

    def read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.put(line)
        self.log.put(None)

    def wait_until_ready(self) -> None:
        """Reads its log up to the line that says so, once per life of the model process."""
        seen: list[str] = []
        while (line := self.log.get(timeout=READY_WITHIN_S)) is not None:
            seen.append(line)
            if "shard ready" in line:
                return
        raise AssertionError(f"the shard ended before it was ready: {''.join(seen)}")

    def running(self) -> set[int]:
        """All processes of the container, also those that have lost their parent: a session tells whose they are."""
        now = processes()
        self.sessions |= {self.process.pid, *(pid for pid, each in now.items() if each.parent == self.process.pid)}
        return {pid for pid, each in now.items() if each.session in self.sessions}

    def of_kind(self, name: str) -> int:
        (found,) = [pid for pid in self.running() if processes()[pid].name == name]
        return found

    @property
    def model_process(self) -> int:
        (found,) = [pid for pid, each in processes().items() if each.parent == self.process.pid]
        return found

    def ask(self, adapter: str | None = None, attributes: str = "", **wishes: Any) -> httpx.Response:
        named = [f"adapter={adapter}"] if adapter else []
        headers = {"X-Amzn-SageMaker-Custom-Attributes": ";".join([*named, attributes])}
        body = {"tenant": "bank", "prompt": "Hello", "max_tokens": 12, **wishes}
        return self.client.post("/invocations", json=body, headers=headers)

    def text(self, adapter: str | None = None, **wishes: Any) -> str:
        answer = self.ask(adapter, **wishes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["text"])

    def residency(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/residency").json()
        return found

    def wait_until_it_writes_nothing(self) -> None:
        while self.residency()["running"]:
            pass


@dataclass(frozen=True)
class Process:
    name: str
    parent: int
    session: int


def processes() -> dict[int, Process]:
    """Those that have not ended."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            state, parent, _, session = rest.split()[:4]
            if state not in "ZX":
                found[int(folder.name)] = Process(name, int(parent), int(session))
    return found


@contextlib.contextmanager
def vllm_shard(model: Path, published: Path, metrics: Path) -> Iterator[VllmShard]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {
        "--port": port,
        "--engine": "decoder",
        "--model": model,
        "--adapters": published,
        "--dtype": "float32",
        "--rows": 8,
    }
    command = [sys.executable, "-m", "model_containers.shard", *(str(word) for pair in given.items() for word in pair)]
    with (
        metrics.open("w") as output,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT},
            text=True,
            stdout=output,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        shard = VllmShard(process, client)
        embedding = threading.Thread(target=shard.read_log)
        embedding.start()
        try:
            shard.wait_until_ready()
            yield shard
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            for pid in shard.running():  # the test has failed; nobody else would end them
                os.kill(pid, signal.SIGKILL)
            embedding.join()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hosted")


@pytest.fixture(scope="module")
def model(root: Path) -> Path:
    return write_llama_for_vllm(root / "small")


@pytest.fixture(scope="module")
def published(root: Path, model: Path) -> Path:
    """Four adapters of one tenant, one that vLLM has no slot for, and one for another base."""

    def publish(name: str, *, seed: int, rank: int = 4, revision: str = "") -> None:
        written = write_adapter(model, root / name, seed=seed, rank=rank)
        base = ("small", revision or fingerprint(model))
        write_adapter_package(root / "models", name, adapter_files_of(written), base=base)

    for number in range(4):
        publish(f"m{number}", seed=number)
    publish("wide", seed=4, rank=32)
    publish("foreign", seed=5, revision="other")
    return root / "models"


@pytest.fixture(scope="module")
def shard(model: Path, published: Path, root: Path) -> Iterator[VllmShard]:
    with vllm_shard(model, published, root / "metrics") as shard:
        yield shard


def source_of(published: Path, name: str) -> str:
    return str(published / "bank" / name / "1.tar.gz")


def test_the_base_writes_without_an_adapter(shard: VllmShard) -> None:
    found = shard.ask().json()
    assert found["usage"] == {"prompt_tokens": 5, "completion_tokens": 12}
    assert found["finish_reason"] == "length" and found["text"]
    assert shard.client.get("/ping").status_code == 200
    assert shard.residency() == {"restarts": 0, "engine": "vllm", "running": 0}


def test_adapters_named_in_the_custom_attributes_are_fetched_and_used(shard: VllmShard) -> None:
    texts = [shard.text(f"bank/m{number}/1") for number in range(4)]
    assert len({*texts, shard.text()}) == 5
    assert [shard.text(f"bank/m{number}/1.tar.gz") for number in range(4)] == texts
    assert shard.text("bank/m0/1", tenant="bank") == texts[0]


@pytest.mark.parametrize("adapter", [None, "bank/m1/1"])
def test_text_streams_as_server_sent_events(shard: VllmShard, adapter: str | None) -> None:
    whole = shard.ask(adapter, max_tokens=30).json()
    answer = shard.ask(adapter, max_tokens=30, stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line]
    assert "".join(event["text"] for event in events) == whole["text"] and len(events) > 5
    assert events[-1]["finish_reason"] == whole["finish_reason"] and events[-1]["usage"] == whole["usage"]


def test_a_client_that_hangs_up_stops_the_generation(shard: VllmShard) -> None:
    body = {"tenant": "bank", "prompt": "Hello", "stream": True, **LONG}
    with shard.client.stream("POST", "/invocations", json=body) as response:
        next(response.iter_lines())
    shard.wait_until_it_writes_nothing()


@pytest.mark.parametrize(
    ("adapter", "status", "message"),
    [
        ("bank/unknown/1", 404, "no package"),
        ("bank/foreign/1", 400, "train it again"),
        ("bank/wide/1", 400, "rank 32 is greater than max_lora_rank 8"),
        ("../../etc/passwd", 400, "tenant/model/version"),
    ],
)
def test_adapters_that_cannot_serve_are_refused_and_harm_nobody(
    shard: VllmShard, adapter: str, status: int, message: str
) -> None:
    before = shard.text("bank/m0/1")
    for _ in range(2):
        refused = shard.ask(adapter)
        assert (refused.status_code, message in refused.json()["error"]) == (status, True), refused.text
    assert shard.text("bank/m0/1") == before and shard.residency()["restarts"] == 0


def test_another_tenants_adapter_a_mistake_and_a_passed_deadline_are_refused(shard: VllmShard) -> None:
    refused = shard.ask("bank/m0/1", tenant="garage")
    assert refused.status_code == 400 and "another tenant" in refused.json()["error"]
    assert "max_tokens" in shard.ask(max_tokens=0).json()["error"]
    assert shard.ask(json_schema={"type": "nonsense"}).status_code == 400
    assert shard.ask(prompt="x" * 600).status_code == 400
    assert shard.ask(attributes="deadline_ms=0").status_code == 408
    assert shard.ask("bank/m0/1", attributes="deadline_ms=20", **LONG).status_code == 408
    shard.wait_until_it_writes_nothing()


def test_a_stop_string_ends_the_text_and_is_not_in_it(shard: VllmShard) -> None:
    whole = shard.text("bank/m1/1", max_tokens=20)
    stop = whole[4:6]
    found = shard.ask("bank/m1/1", max_tokens=20, stop=[stop]).json()
    assert found["text"] == whole[: whole.index(stop)] and found["finish_reason"] == "stop"


@pytest.mark.parametrize("adapter", [None, "bank/m2/1"])
def test_a_schema_lets_only_matching_text_through(shard: VllmShard, adapter: str | None) -> None:
    kind = {"enum": ["fee", "card"]}
    schema = {"type": "object", "properties": {"kind": kind}, "required": ["kind"], "additionalProperties": False}
    written = shard.text(adapter, max_tokens=100, json_schema=schema)
    assert json.loads(written)["kind"] in ("fee", "card")


def test_adapters_are_registered_used_by_name_and_unregistered(shard: VllmShard, published: Path) -> None:
    body = {"name": "component-7", "src": source_of(published, "m2"), "preload": True, "pin": False}
    registered = shard.client.post("/adapters", json=body, headers={"X-Amzn-SageMaker-Adapter-Alias": "friendly"})
    assert (registered.status_code, registered.text) == (200, "Adapter friendly registered")
    assert shard.client.post("/adapters", json=body).status_code == 200
    assert shard.client.post("/adapters", json={**body, "src": "/elsewhere"}).status_code == 409
    named = {IDENTIFIER: "component-7"}
    found = shard.client.post(
        "/invocations", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12}, headers=named
    )
    assert found.json()["text"] == shard.text("bank/m2/1")
    assert shard.client.delete("/adapters/component-7").text == "Adapter component-7 unregistered"
    assert shard.client.delete("/adapters/component-7").status_code == 404
    assert (
        shard.client.post("/invocations", json={"tenant": "bank", "prompt": "Hello"}, headers=named).status_code == 404
    )
    for name, message in (("foreign", "train it again"), ("wide", "max_lora_rank")):
        refused = shard.client.post("/adapters", json={"name": name, "src": source_of(published, name)})
        assert refused.status_code == 400 and message in refused.json()["error"]
    assert shard.client.get("/models").json() == {"models": []}


def test_the_multi_model_face_serves_adapters_too(shard: VllmShard, published: Path) -> None:
    url = source_of(published, "m1")
    assert shard.client.post("/models", json={"model_name": "f00", "url": url}).status_code == 200
    assert shard.client.post("/models", json={"model_name": "f00", "url": url}).status_code == 409
    assert shard.client.get("/models").json() == {"models": [{"modelName": "f00", "modelUrl": url}]}
    found = shard.client.post("/models/f00/invoke", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12})
    assert found.json()["text"] == shard.text("bank/m1/1")
    assert shard.client.delete("/models/f00").status_code == 200
    assert shard.client.post("/models/f00/invoke", json={"tenant": "bank", "prompt": "Hello"}).status_code == 404


def asked_by_a_crowd(shard: VllmShard, names: list[str | None]) -> list[str]:
    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(lambda name: shard.text(name, max_tokens=30), names))


def test_a_crowd_with_more_adapters_than_slots_is_served_whole(shard: VllmShard) -> None:
    names = [f"bank/m{number % 4}/1" if number % 5 else None for number in range(40)]
    alone = {name: shard.text(name, max_tokens=30) for name in set(names)}
    assert asked_by_a_crowd(shard, names) == [alone[name] for name in names]
    assert shard.residency()["restarts"] == 0


def test_pins_leave_room_for_others_and_507_says_so(shard: VllmShard, published: Path) -> None:
    def pin(name: str) -> httpx.Response:
        return shard.client.post("/adapters", json={"name": name, "src": source_of(published, name), "pin": True})

    names = [f"bank/m{number % 4}/1" for number in range(24)]
    alone = {name: shard.text(name, max_tokens=30) for name in set(names)}
    with ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(asked_by_a_crowd, shard, [*names])
        assert pin("m0").status_code == 200  # while the others have all slots
        assert crowd.result() == [alone[name] for name in names]
    refused = pin("m1")
    assert refused.status_code == 507 and "unpin" in refused.json()["error"]
    assert asked_by_a_crowd(shard, [*names]) == [alone[name] for name in names]
    assert shard.client.delete("/adapters/m0").status_code == 200
    assert pin("m1").status_code == 200
    assert asked_by_a_crowd(shard, [*names]) == [alone[name] for name in names]
    assert shard.client.delete("/adapters/m1").status_code == 200
    assert shard.residency()["restarts"] == 0


def test_an_adapter_that_is_written_with_leaves_afterwards(shard: VllmShard, published: Path) -> None:
    before = shard.text("bank/m3/1")
    body = {"name": "leaving", "src": source_of(published, "m3")}
    assert shard.client.post("/adapters", json=body).status_code == 200
    headers = {IDENTIFIER: "leaving"}
    with shard.client.stream(
        "POST", "/invocations", json={"tenant": "bank", "prompt": "Hello", "stream": True, **LONG}, headers=headers
    ) as text:
        lines = text.iter_lines()
        next(lines)
        with ThreadPoolExecutor(1) as pool:
            unregistered = pool.submit(shard.client.delete, "/adapters/leaving")
            events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
            assert unregistered.result().status_code == 200
    assert events[-1]["finish_reason"] in ("length", "stop")
    assert shard.text("bank/m3/1") == before and shard.residency()["restarts"] == 0


def stopped_in_a_text(shard: VllmShard, engine: int, stack: contextlib.ExitStack) -> Iterator[str]:
    """The lines of a stream that has begun, and cannot end before vLLM's process goes on."""
    while True:
        body = {"tenant": "bank", "prompt": "Hello", "stream": True, **LONG}
        lines = stack.enter_context(shard.client.stream("POST", "/invocations", json=body)).iter_lines()
        next(lines)
        os.kill(engine, signal.SIGSTOP)
        if shard.residency()["running"] == 1:
            return lines
        os.kill(engine, signal.SIGCONT)


def test_when_vllms_process_is_lost_callers_are_asked_to_retry_and_a_new_one_serves(
    shard: VllmShard, published: Path
) -> None:
    before = shard.text("bank/m1/1")
    body = {"name": "kept", "src": source_of(published, "m1"), "pin": True}
    assert shard.client.post("/adapters", json=body).status_code == 200
    earlier, restarts = shard.running(), shard.residency()["restarts"]
    engine = shard.of_kind("VLLM::EngineCor")
    with ThreadPoolExecutor(1) as pool, contextlib.ExitStack() as stack:
        lines = stopped_in_a_text(shard, engine, stack)
        whole = pool.submit(shard.ask, **LONG)
        while shard.residency()["running"] != 2:
            assert not whole.done()
        os.kill(engine, signal.SIGKILL)
        events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
        assert events[-1]["status"] == 503 and "again" in events[-1]["error"]
        answer = whole.result()
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "1"
    while shard.client.get("/ping").status_code == 200:
        pass
    assert shard.client.get("/residency").status_code == shard.ask().status_code == 503
    shard.wait_until_ready()
    assert shard.client.get("/ping").status_code == 200
    assert shard.residency()["restarts"] == restarts + 1
    assert shard.running() & earlier == {shard.process.pid}
    found = shard.client.post(
        "/invocations", json={"tenant": "bank", "prompt": "Hello", "max_tokens": 12}, headers={IDENTIFIER: "kept"}
    )
    assert found.json()["text"] == before
    refused = shard.client.post("/adapters", json={"name": "b", "src": source_of(published, "m2"), "pin": True})
    assert refused.status_code == 507
    assert shard.client.delete("/adapters/kept").status_code == 200


def test_a_model_process_that_is_lost_leaves_nothing_of_vllm_behind(shard: VllmShard) -> None:
    """On a GPU it would keep the memory that the next one needs."""
    before, earlier = shard.text("bank/m1/1"), shard.running()
    os.kill(shard.model_process, signal.SIGKILL)
    shard.wait_until_ready()
    assert shard.running() & earlier == {shard.process.pid}
    assert shard.text("bank/m1/1") == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_container_ends_with_all_that_it_started_and_has_printed_metrics_only(
    model: Path, published: Path, root: Path, number: signal.Signals
) -> None:
    metrics = root / f"metrics-{number.name}"
    with vllm_shard(model, published, metrics) as shard:
        assert shard.text("bank/m1/1")
        assert len(shard.running()) >= 3
        os.killpg(shard.process.pid, number)  # Ctrl-C reaches the whole group
        shard.process.wait(30)
        assert shard.running() == set()
    printed = [json.loads(line) for line in metrics.read_text().splitlines()]
    assert printed and all("_aws" in line for line in printed)
