"""Warming up: on AWS, SnapStart and provisioned concurrency stand for this (docs/decisions/0011)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from local.aws.connect import AmazonConnect, CallParties
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.graph.node import Node, NodeCall
from sotto.tenants.book import TenantBook

WARM_UP = "warm-up"
SILENCE_BYTES = 2 * 8_000 * 4
"""Two seconds on both channels."""
_SPOKEN = {"speaker": "customer", "start_ms": 200, "end_ms": 900, "text": "hello there"}
_WORDS = [{"text": "hello", "start_ms": 200, "end_ms": 500}, {"text": "there", "start_ms": 500, "end_ms": 900}]

_node_call = TypeAdapter(NodeCall)


def warm_models(books: Mapping[str, TenantBook], invoke: Callable[[str, dict[str, Any]], Any]) -> None:
    """Ask every model of every tenant once, so that its shard has loaded it."""
    calls = [_asks(tenant, name, use.task) for tenant, book in books.items() for name, use in book.models.items()]
    with ThreadPoolExecutor(max_workers=4) as side:
        list(side.map(lambda call: invoke("route_inference", call), calls))


def _asks(tenant: str, model: str, task: str) -> dict[str, Any]:
    utterance = Utterance(tenant, WARM_UP, WARM_UP, 0, Speaker.CUSTOMER, 0, 1, "hello there")
    call = NodeCall(Node(id=model, task=task, model=model, deadline_ms=20_000), utterance)
    written: dict[str, Any] = _node_call.dump_python(call, mode="json")
    return written


async def warm_up_calls(
    books: Mapping[str, TenantBook], connect: AmazonConnect, transcripts: Path, recognised: Container[str]
) -> None:
    """Send one call of each tenant through the whole route: clients are made, handlers imported. Of a tenant whose
    language is not ``recognised`` here none is: it would only be reported as one that nothing understands."""
    async with asyncio.TaskGroup() as tasks:
        for book in books.values():
            if book.settings.language in recognised:
                tasks.create_task(_warm_up_call(book, connect, transcripts))


async def _warm_up_call(book: TenantBook, connect: AmazonConnect, transcripts: Path) -> None:
    """Nobody's: the agent is in no team, so no panel lists it."""
    contact_id = f"{WARM_UP}-{book.tenant}"
    (transcripts / f"{contact_id}.jsonl").write_text(json.dumps(_SPOKEN | {"words": _WORDS}) + "\n")
    caller = CallParties(book.settings.instances[0].rsplit("/", 1)[-1], WARM_UP, recorded=False)
    call = await connect.place(bytes(SILENCE_BYTES), caller, contact_id=contact_id)
    await connect.play(call, speed=0)
