"""Contract: a model process that hangs is found out, health says so, and its callers are told to try again."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from model_containers.shard.protocol.errors import ShardBusy
from model_containers.shard.supervisor.supervisor import Supervisor, running
from tests.contract.shard.conftest import shard_process
from tests.contract.shard.test_multi_model_contract import child_of


def test_a_stopped_model_process_is_replaced_and_health_fails_meanwhile(packages: Mapping[str, Path]) -> None:
    with shard_process("--hung-after-ms", "3000") as running:
        running.wait_until_ready()
        body = {"model_name": "intent", "url": str(packages["intent"])}
        running.client.post("/models", json=body).raise_for_status()
        child = child_of(running.process)
        with ThreadPoolExecutor(1) as thread:
            os.kill(child, signal.SIGSTOP)  # neither ended nor closed: only its silence shows
            in_hand = thread.submit(
                running.client.post, "/models/intent/invoke", json={"tenant": "small_bank", "text": "I lost my card"}
            )
            while running.client.get("/ping").status_code == 200:
                assert not in_hand.done() or in_hand.result().status_code == 503
            late = running.client.post(
                "/models/intent/invoke", json={"tenant": "small_bank", "text": "is anybody there"}
            )
            answer = in_hand.result(60)
        assert (answer.status_code, late.status_code) == (503, 503)
        assert answer.headers["Retry-After"] == late.headers["Retry-After"] == "1"
        running.wait_until_ready()
        assert child_of(running.process) != child
        again = running.client.post("/models/intent/invoke", json={"tenant": "small_bank", "text": "I lost my card"})
        assert again.json()["label"] == "lost_card"


@pytest.mark.parametrize("asked", [True, False])
async def test_a_thread_that_never_comes_back_is_found_out_by_the_heartbeat(asked: bool) -> None:
    supervisor = Supervisor(process="tests.fakes.stuck_model_process", hung_after_ms=200.0)
    async with running(supervisor):
        if asked:
            with pytest.raises(ShardBusy, match="ended while it worked on this|is starting"):
                await asyncio.gather(*(_status_when_up(supervisor) for _ in range(3)))
        while not supervisor.restarts:  # noqa: ASYNC110 - the event is another process's end
            await asyncio.sleep(0.01)


async def test_what_a_killed_model_process_had_started_ends_with_it(tmp_path: Path) -> None:
    started = tmp_path / "started"
    supervisor = Supervisor(
        process="tests.fakes.stuck_model_process", options=("--starts", str(started)), hung_after_ms=200.0
    )
    async with running(supervisor):
        while not supervisor.ready:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        other = os.pidfd_open(int(started.read_text()))
        try:
            while not supervisor.restarts:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            ended, _, _ = select.select([other], [], [], 30)
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(other, signal.SIGKILL)
            os.close(other)
    assert ended


async def _status_when_up(supervisor: Supervisor) -> None:
    while not supervisor.ready:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.01)
    await supervisor.status()
