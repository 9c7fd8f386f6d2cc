"""Contract: what a shard had loaded it has again after its model process ended, or says honestly that it has not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from model_containers.shard.protocol.errors import InvalidRequest, ModelNotFound, ShardBusy
from model_containers.shard.supervisor.supervisor import Supervisor, running

NAMES = ("fees", "cards")


@asynccontextmanager
async def loaded(wanted: Path) -> AsyncIterator[Supervisor]:
    tell(wanted, "go")
    supervisor = Supervisor(process="tests.fakes.hesitant_model_process", options=("--until", str(wanted)))
    async with running(supervisor):
        await reached(lambda: supervisor.ready)
        for name in NAMES:
            await supervisor.load(name, f"file:///{name}")
        yield supervisor


def tell(wanted: Path, what: str) -> None:
    """At once, or not at all: the process may be reading."""
    written = wanted.with_suffix(".written")
    written.write_text(what)
    written.replace(wanted)


async def reached(is_reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_reached():  # noqa: ASYNC110 - the event is another process's
            await asyncio.sleep(0.01)


async def restarted(supervisor: Supervisor) -> None:
    before = supervisor.restarts
    assert supervisor._process is not None
    supervisor._process.child.kill()
    await reached(lambda: supervisor.restarts > before and supervisor.ready)


async def asked(supervisor: Supervisor, name: str) -> dict[str, Any]:
    return await supervisor.invoke(name, {}, timeout_ms=60_000)


async def test_what_cannot_be_had_back_just_now_is_refused_for_now_and_comes_back(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as supervisor:
        tell(wanted, ShardBusy.kind)
        await restarted(supervisor)
        assert [model.name for model in supervisor.models] == list(NAMES)
        for name in NAMES:
            with pytest.raises(ShardBusy, match="being loaded again"):
                await asked(supervisor, name)
        tell(wanted, "go")
        await reached(lambda: not supervisor._missing)
        assert [await asked(supervisor, name) for name in NAMES] == [{"by": name} for name in NAMES]


async def test_a_process_that_ends_again_while_models_come_back_loses_none(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as supervisor:
        tell(wanted, "end")
        assert supervisor._process is not None
        supervisor._process.child.kill()
        await reached(lambda: supervisor.restarts >= 2)
        assert not supervisor.ready
        tell(wanted, "go")
        await reached(lambda: supervisor.ready)
        assert [await asked(supervisor, name) for name in NAMES] == [{"by": name} for name in NAMES]


async def test_a_model_that_is_refused_for_good_is_gone_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with loaded(wanted := tmp_path / "wanted") as supervisor:
        tell(wanted, InvalidRequest.kind)
        await restarted(supervisor)
        assert supervisor.models == [] and "model lost in a restart" in caplog.text
        with pytest.raises(ModelNotFound):
            await asked(supervisor, NAMES[0])


async def test_a_model_that_is_missing_can_be_unloaded(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as supervisor:
        tell(wanted, ShardBusy.kind)
        await restarted(supervisor)
        await supervisor.unload(NAMES[0])
        tell(wanted, "go")
        await reached(lambda: not supervisor._missing)
        assert [model.name for model in supervisor.models] == [NAMES[1]]
        with pytest.raises(ModelNotFound):
            await asked(supervisor, NAMES[0])
