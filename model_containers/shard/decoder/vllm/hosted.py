"""vLLM as the shard's model process hosts it. Imported only where it was chosen (choice.py)."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.store import Base
from model_containers.shard.decoder.engine import GeneratedText
from model_containers.shard.decoder.hosted import Prepared
from model_containers.shard.decoder.request import GenerationRequest
from model_containers.shard.decoder.vllm.engine import VllmEngine
from sotto.core.clock import Clock

SETTINGS = {"VLLM_LOGGING_STREAM": "ext://sys.stderr", "VLLM_NO_USAGE_STATS": "1"}
"""Of vLLM's, where the environment does not say otherwise: standard output has nothing but metrics, and nobody is told
on what machine vLLM runs. https://docs.vllm.ai/en/stable/usage/usage_stats/"""
LOOK_EVERY_S = 0.1
"""It asks nobody: vLLM notes by itself when its process ends."""
HIGHEST_RANK = 16
"""Of adapters, unless SOTTO_VLLM_ARGUMENTS say otherwise: vLLM's slots are all as wide as the widest."""


class HostedVllm:
    """``vllm``: an AsyncLLM, ended by ``close``."""

    def __init__(self, vllm: Any, disk: DiskPackages, base: Base, clock: Clock, *, most_at_once: int) -> None:
        self._vllm = vllm
        self._texts = VllmEngine(vllm, disk, base, clock, most_at_once=most_at_once)

    def generate(
        self, request: GenerationRequest, *, adapter: str | None, deadline_ms: float
    ) -> AsyncGenerator[GeneratedText, None]:
        return self._texts.generate(request, adapter=adapter, deadline_ms=deadline_ms)

    @property
    def busy_ms(self) -> float:
        return self._texts.without_output_ms

    async def run(self) -> None:
        """vLLM computes in a process of its own; when that is lost, ``check_health`` raises."""
        while True:
            await self._vllm.check_health()
            await asyncio.sleep(LOOK_EVERY_S)

    async def prepare(self, url: str, *, pin: bool) -> Prepared:
        async with self._texts.adapters.open(url, None) as (lora, package):
            if pin:
                await self._texts.adapters.pin(url, lora)
            return Prepared(package.card.target_model, package.size_bytes)

    async def remove(self, url: str) -> None:
        await self._texts.adapters.remove(url)

    async def close(self) -> None:
        self._vllm.shutdown()

    @property
    def status(self) -> dict[str, Any]:
        return {"engine": "vllm", "running": self._texts.running}


def hosted_vllm(
    options: argparse.Namespace, arguments: Mapping[str, Any], disk: DiskPackages, base: Base, clock: Clock
) -> HostedVllm:
    """``options`` of decoder_process; ``arguments`` go to vLLM as they are and win. Called in the event loop's thread,
    where vLLM wants to be made."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    from vllm import AsyncEngineArgs
    from vllm.v1.engine.async_llm import AsyncLLM

    ours = {
        "model": str(options.model),
        "dtype": options.dtype,
        "max_num_seqs": options.rows,
        "enable_lora": True,
        "max_lora_rank": HIGHEST_RANK,
        "max_loras": max(1, options.rank_rows // HIGHEST_RANK),
        "disable_log_stats": True,
    }
    vllm = AsyncLLM.from_engine_args(AsyncEngineArgs(**{**ours, **arguments}))
    return HostedVllm(vllm, disk, base, clock, most_at_once=4 * options.rows)
