"""Contract: what the shard tells of itself, with a real model process behind it."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from model_containers.shard.faces.app import app_of
from model_containers.shard.faces.measured import MeasuredShard
from model_containers.shard.supervisor.supervisor import Supervisor, running
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import Recorder
from sotto.models.package import read_card
from tests.emitted import EMITTED, emitted_by


class Measured:
    """The shard's app without a socket; ``lines`` are what its process would have written."""

    def __init__(self, shard: MeasuredShard, supervisor: Supervisor, lines: list[str]) -> None:
        self.shard = shard
        self.supervisor = supervisor
        self.lines = lines

    async def post(self, path: str, body: object) -> int:
        transport = httpx.ASGITransport(self.shard, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shard", timeout=60) as client:
            return (await client.post(path, json=body)).status_code

    async def look(self) -> list[dict[str, Any]]:
        await self.shard.look()
        found = [json.loads(line) for line in self.lines]
        self.lines.clear()
        return found


@asynccontextmanager
async def measured() -> AsyncIterator[Measured]:
    lines: list[str] = []
    clock, supervisor = SystemClock(), Supervisor()
    recorder = Recorder(clock, lines.append, cell="test", every_ms=float("inf"))
    shard = MeasuredShard(app_of(supervisor), supervisor, recorder, clock)
    async with running(supervisor):
        while not supervisor.ready:
            await clock.sleep_ms(20)
        yield Measured(shard, supervisor, lines)


def of(lines: list[dict[str, Any]], metric: str) -> Any:
    (value,) = [line[metric] for line in lines if metric in line]
    return value


@pytest.fixture
def package(packages: Mapping[str, Path], tmp_path: Path) -> Path:
    """As SageMaker unpacks it for the container."""
    shutil.unpack_archive(packages["intent"], tmp_path / "intent")
    return tmp_path / "intent"


async def test_a_wave_is_one_request_and_an_answer_for_each_of_its_models(package: Path) -> None:
    wave = [{"model": read_card(package).target_model}, {"model": "small_bank/intent/never.tar.gz"}]
    async with measured() as shard:
        await shard.post("/models", {"model_name": "intent", "url": str(package)})
        asked = {"tenant": "small_bank", "text": "I want to cancel", "wave": wave}
        assert await shard.post("/models/intent/invoke", asked) == 200
        lines = await shard.look()
    answers = {line["status"]: line["ShardAnswers"] for line in lines if "ShardAnswers" in line}
    assert answers == {"200": 1, "404": 1} and isinstance(of(lines, "ShardLatency"), float)


async def test_loads_answers_and_residents_are_counted(package: Path) -> None:
    async with measured() as shard:
        assert await shard.post("/models", {"model_name": "intent", "url": str(package)}) == 200
        for text in ("I want to cancel", "hello there"):
            assert await shard.post("/models/intent/invoke", {"tenant": "small_bank", "text": text}) == 200
        assert await shard.post("/models/nobody/invoke", {"text": "hello"}) == 404
        lines = await shard.look()
    assert of(lines, "AdaptersResident") == 1 and of(lines, "AdapterBytes") > 0
    assert of(lines, "AdapterLoad") > 0 and len(of(lines, "ShardLatency")) == 3
    answers = {line["status"]: line["ShardAnswers"] for line in lines if "ShardAnswers" in line}
    assert answers == {"200": 2, "404": 1}
    assert (of(lines, "ShardRestarts"), of(lines, "ShardQueue")) == (0, 0)
    assert of(lines, "BatchPasses") == 2 and of(lines, "BatchSize") > 0
    assert set(emitted_by(json.dumps(line) for line in lines)) <= EMITTED.all()
    assert "cancel" not in json.dumps(lines)


async def test_what_was_counted_is_not_counted_again_and_a_restart_is(package: Path) -> None:
    async with measured() as shard:
        await shard.post("/models", {"model_name": "intent", "url": str(package)})
        await shard.post("/models/intent/invoke", {"tenant": "small_bank", "text": "hello there"})
        await shard.look()
        assert of(await shard.look(), "BatchPasses") == 0
        process = shard.supervisor._process
        assert process is not None
        process.child.kill()
        while shard.supervisor.restarts == 0 or not shard.supervisor.ready:
            await SystemClock().sleep_ms(20)
        lines = await shard.look()
    assert of(lines, "ShardRestarts") == 1
    assert of(lines, "AdaptersResident") == 1  # the supervisor gave it back


async def test_a_shard_that_is_starting_has_nothing_to_tell() -> None:
    lines: list[str] = []
    supervisor, clock = Supervisor(), SystemClock()
    await MeasuredShard(app_of(supervisor), supervisor, Recorder(clock, lines.append, cell="test"), clock).look()
    assert lines == []
