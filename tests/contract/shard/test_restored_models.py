"""Contract: what a shard had loaded it has again after its model process ended, or says honestly that it has not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from model_containers.shard.conversation import Refused
from model_containers.shard.envelope import Envelope, running

NAMES = ("fees", "cards")


@asynccontextmanager
async def loaded(wanted: Path) -> AsyncIterator[Envelope]:
    tell(wanted, "go")
    envelope = Envelope(process="tests.fakes.hesitant_model_process", options=("--until", str(wanted)))
    async with running(envelope):
        await reached(lambda: envelope.ready)
        for name in NAMES:
            await envelope.load(name, f"file:///{name}")
        yield envelope


def tell(wanted: Path, what: str) -> None:
    """At once, or not at all: the process may be reading."""
    written = wanted.with_suffix(".written")
    written.write_text(what)
    written.replace(wanted)


async def reached(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the event is another process's
            await asyncio.sleep(0.01)


async def restarted(envelope: Envelope) -> None:
    before = envelope.restarts
    assert envelope._process is not None
    envelope._process.child.kill()
    await reached(lambda: envelope.restarts > before and envelope.ready)


async def asked(envelope: Envelope, name: str) -> dict[str, Any]:
    return await envelope.invoke(name, {}, timeout_ms=60_000)


async def test_what_cannot_be_had_back_just_now_is_refused_for_now_and_comes_back(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as envelope:
        tell(wanted, "503")
        await restarted(envelope)
        assert [model.name for model in envelope.models] == list(NAMES)
        for name in NAMES:
            with pytest.raises(Refused, match="being loaded again") as refused:
                await asked(envelope, name)
            assert refused.value.status == 503
        tell(wanted, "go")
        await reached(lambda: not envelope._missing)
        assert [await asked(envelope, name) for name in NAMES] == [{"by": name} for name in NAMES]


async def test_a_process_that_ends_again_while_models_come_back_loses_none(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as envelope:
        tell(wanted, "0")
        assert envelope._process is not None
        envelope._process.child.kill()
        await reached(lambda: envelope.restarts >= 2)
        assert not envelope.ready
        tell(wanted, "go")
        await reached(lambda: envelope.ready)
        assert [await asked(envelope, name) for name in NAMES] == [{"by": name} for name in NAMES]


async def test_a_model_that_is_refused_for_good_is_gone_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with loaded(wanted := tmp_path / "wanted") as envelope:
        tell(wanted, "400")
        await restarted(envelope)
        assert envelope.models == [] and "model lost in a restart" in caplog.text
        with pytest.raises(Refused) as refused:
            await asked(envelope, NAMES[0])
        assert refused.value.status == 404


async def test_a_model_that_is_missing_can_be_unloaded(tmp_path: Path) -> None:
    async with loaded(wanted := tmp_path / "wanted") as envelope:
        tell(wanted, "503")
        await restarted(envelope)
        await envelope.unload(NAMES[0])
        tell(wanted, "go")
        await reached(lambda: not envelope._missing)
        assert [model.name for model in envelope.models] == [NAMES[1]]
        with pytest.raises(Refused) as refused:
            await asked(envelope, NAMES[0])
        assert refused.value.status == 404
