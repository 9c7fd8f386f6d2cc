"""Several models on one utterance, asked in one request: one pass of the encoder answers all of them.

The request is one for a single model, which also lists the others: ``{"tenant", "text", …, "wave": [{"model":
"tenant/model/version.tar.gz", …}]}``. The first of the wave is the model that the request is addressed to; an entry
repeats what it wants otherwise than the request says, such as ``inputs``. A container that knows no waves answers for
the first.

The answer is ``{"wave": [{"output": …} | {"error": kind, "message": …}]}`` in the same order. A wave never waits for a
package to be fetched, and not for its slowest member beyond its time: whoever is missing is asked alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model_containers.shard.protocol.errors import DeadlineMissed, ShardError
from model_containers.shard.protocol.refusals import refusal

TO_ANSWER_MS = 10.0
"""Of a wave's time, for the way back: what is there by then still arrives."""
SHORTEST_MS = 1.0


@dataclass(frozen=True, slots=True)
class Ask:
    """``target_model``: the package's name; of the first its name on this shard is ``name``. ``url``: where the package
    is fetched from; None: it is loaded, or not asked here."""

    target_model: str
    name: str | None
    url: str | None
    request: dict[str, Any]
    timeout_ms: float


def asks_in(frame: Mapping[str, Any]) -> Iterator[Ask]:
    """Of a request with a wave, whose shape the faces have checked."""
    request = frame["request"]
    shared = {name: value for name, value in request.items() if name != "wave"}
    urls: Mapping[str, str] = frame.get("urls") or {}
    timeout_ms = max(SHORTEST_MS, float(frame["within_ms"]) - TO_ANSWER_MS)
    for place, entry in enumerate(request["wave"]):
        target = entry["model"]
        own = {name: value for name, value in entry.items() if name != "model"}
        first = place == 0
        name, url = (frame["model"], frame.get("url")) if first else (None, urls.get(target))
        yield Ask(target, name, url, shared | own, timeout_ms)


async def answered(asks: Iterator[Ask], answer: Callable[[Ask], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """All at once, so that their texts are in one batch."""
    return {"wave": await asyncio.gather(*(_answered(ask, answer) for ask in asks))}


async def _answered(ask: Ask, answer: Callable[[Ask], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    try:
        async with asyncio.timeout(ask.timeout_ms / 1000):
            return {"output": await answer(ask)}
    except TimeoutError:
        return _refused(DeadlineMissed("not finished within the wave's time"))
    except Exception as error:
        return _refused(refusal(error))


def _refused(error: ShardError) -> dict[str, Any]:
    return {"error": error.kind, "message": str(error)}
