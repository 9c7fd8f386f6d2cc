"""Unit: the models of a wave within its time."""

from __future__ import annotations

import asyncio
from typing import Any

from model_containers.shard.encoder.wave import Ask, answered, asks_in
from model_containers.shard.protocol.errors import ShardBusy

REQUEST = {"tenant": "bank", "text": "hello", "inputs": {}}


def frame(*entries: dict[str, Any], within_ms: float = 20.0) -> dict[str, Any]:
    urls = {"bank/b/1": "/packages/b.tar.gz"}
    request = {**REQUEST, "wave": list(entries)}
    return {"model": "opaque", "url": None, "urls": urls, "within_ms": within_ms, "request": request}


def test_the_first_is_the_model_addressed_and_the_others_are_packages() -> None:
    first, second = asks_in(frame({"model": "bank/a/1"}, {"model": "bank/b/1", "inputs": {"x": {}}, "k": 2}))
    assert first == Ask("bank/a/1", "opaque", None, REQUEST, 10.0)
    assert second == Ask("bank/b/1", None, "/packages/b.tar.gz", {**REQUEST, "inputs": {"x": {}}, "k": 2}, 10.0)


async def test_who_is_late_or_fails_takes_nothing_from_those_in_time() -> None:
    async def answer(ask: Ask) -> dict[str, Any]:
        match ask.target_model:
            case "bank/never/1":
                await asyncio.Event().wait()
            case "bank/busy/1":
                raise ShardBusy("too much waits")
            case "bank/broken/1":
                raise ZeroDivisionError("hello")
        return {"label": ask.target_model}

    entries = [{"model": f"bank/{name}/1"} for name in ("a", "never", "busy", "broken", "b")]
    found = await answered(asks_in(frame(*entries, within_ms=11.0)), answer)
    assert found["wave"] == [
        {"output": {"label": "bank/a/1"}},
        {"error": "deadline_missed", "message": "not finished within the wave's time"},
        {"error": "shard_busy", "message": "too much waits"},
        {"error": "model_failed", "message": "the model failed: ZeroDivisionError"},
        {"output": {"label": "bank/b/1"}},
    ]


async def test_the_models_of_a_wave_are_asked_before_any_has_answered() -> None:
    """So their texts reach the batcher together."""
    asked: list[str] = []
    all_asked = asyncio.Event()

    async def answer(ask: Ask) -> dict[str, Any]:
        asked.append(ask.target_model)
        if len(asked) == 2:
            all_asked.set()
        await all_asked.wait()
        return {}

    found = await answered(asks_in(frame({"model": "bank/a/1"}, {"model": "bank/b/1"}, within_ms=60_000)), answer)
    assert found == {"wave": [{"output": {}}, {"output": {}}]}
