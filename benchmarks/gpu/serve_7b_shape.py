"""A 7B shape with random weights on one GPU, up to 1,000 adapters: needs torch and transformers alone.

``python -m benchmarks.gpu.serve_7b_shape [--adapters 1000] [--batches 1,8,32,64,128]``

Decode throughput of base, one adapter for all and all different, arms in turn; then, with the largest batch, what cold
loads from host memory do to the steps of the others. Weights are made on the device; nothing is downloaded.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from transformers import MistralConfig, MistralForCausalLM

from model_containers.shard.decoder.kv_cache import CacheShape, KvCache
from model_containers.shard.lora.gathered import ATTENTION, NO_ADAPTER, AdapterPlacement, AdapterPools, install
from model_containers.shard.lora.peft_format import AdapterWeights, Factors

RANK = 16


def any_model(layers: int, device: torch.device) -> Any:
    """Mistral-7B's shape; initialised on the device in bf16, since fp32 would need twice the memory for a moment."""
    config = MistralConfig(num_hidden_layers=layers, sliding_window=None, attn_implementation="sdpa")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device(device):
            return MistralForCausalLM(config).eval()
    finally:
        torch.set_default_dtype(before)


def any_adapter(pools: AdapterPools, device: torch.device | str) -> AdapterWeights:
    factors = {
        name: Factors(
            torch.randn(RANK, width, device=device, dtype=pools.dtype) * 0.02,
            torch.randn(RANK, height, device=device, dtype=pools.dtype) * 0.02,
        )
        for name, (width, height) in pools.targets.items()
    }
    return AdapterWeights(factors, RANK)


class Steps:
    """Decode steps of a fixed batch behind a context of ``context`` tokens."""

    def __init__(self, model: Any, pools: AdapterPools, batch: int, context: int) -> None:
        config, weight = model.config, next(model.parameters())
        width = config.hidden_size // config.num_attention_heads
        shape = CacheShape(config.num_hidden_layers, config.num_key_value_heads, width, weight.dtype, weight.device)
        self._model, self._pools, self._context = model, pools, context
        self._cache = KvCache(shape, rows=batch, columns=context + 1)
        self._positions = torch.full((batch, 1), context, device=weight.device)
        self._mask = torch.ones(batch, 1, 1, context + 1, dtype=torch.bool, device=weight.device)
        self._ids = torch.zeros(batch, 1, dtype=torch.long, device=weight.device)

    @torch.inference_mode()
    def run(self, placements: Sequence[AdapterPlacement], steps: int) -> list[float]:
        took = []
        for _ in range(steps):
            began = time.perf_counter()
            self._pools.compose(placements)
            self._cache.expect(self._positions, self._context + 1)
            states = self._model.base_model(
                input_ids=self._ids,
                position_ids=self._positions,
                attention_mask=self._mask,
                past_key_values=self._cache,
                use_cache=True,
            ).last_hidden_state
            self._ids = self._model.lm_head(states[:, -1]).argmax(-1, keepdim=True)
            _wait(self._ids.device)
            took.append(time.perf_counter() - began)
        return took


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def throughput(
    steps: Steps, batch: int, placements: Sequence[AdapterPlacement], rounds: int, length: int
) -> dict[str, Any]:
    arms = {
        "base": [NO_ADAPTER] * batch,
        "same": [placements[0]] * batch,
        "different": [placements[row % len(placements)] for row in range(batch)],
    }
    best = dict.fromkeys(arms, float("inf"))
    for turn in range(rounds + 1):
        for name, wanted in arms.items():
            took = sum(steps.run(wanted, length))
            best[name] = min(best[name], took if turn else float("inf"))
    rates = {name: round(batch * length / took, 1) for name, took in best.items()}
    return {
        "batch": batch,
        "tokens_a_second": rates,
        "different/same": round(rates["different"] / rates["same"], 3),
        "different/base": round(rates["different"] / rates["base"], 3),
    }


def cold_loads(steps: Steps, pools: AdapterPools, batch: list[AdapterPlacement], length: int) -> dict[str, Any]:
    """Longest step without and with loads from host memory into free rows beside it."""
    weights = any_adapter(pools, "cpu")
    spare = pools.reserve(RANK)
    alone = steps.run(batch, length)
    loads: list[float] = []

    def load() -> None:
        began = time.perf_counter()
        pools.write(spare, weights)
        _wait(pools.device)
        loads.append(time.perf_counter() - began)

    with ThreadPoolExecutor(1) as thread:
        futures = [thread.submit(load) for _ in range(8)]
        beside = steps.run(batch, length)
        for future in futures:
            future.result()
    median = sorted(alone)[len(alone) // 2]
    return {
        "longest step / median step, alone": round(max(alone) / median, 2),
        "longest step / median step, beside loads": round(max(beside) / median, 2),
        "load from host, ms": round(1000 * sorted(loads)[len(loads) // 2], 1),
    }


def main() -> None:
    options = _options()
    device = torch.device(options.device)
    model = any_model(options.layers, device)
    pools = install(model, ATTENTION, rank_rows=(options.adapters + 1) * RANK)
    placements = []
    weights = any_adapter(pools, device)
    for _ in range(options.adapters):
        placements.append(pools.reserve(RANK))
        pools.write(placements[-1], weights)
    batches = [int(batch) for batch in options.batches.split(",")]
    found: dict[str, Any] = {"adapters": options.adapters, "adapter_mb": round(weights.bytes / 1e6, 1)}
    for batch in batches:
        steps = Steps(model, pools, batch, options.context)
        found[f"batch {batch}"] = throughput(steps, batch, placements, options.rounds, options.steps)
        print(json.dumps(found[f"batch {batch}"]), flush=True)
    wanted = [placements[row % len(placements)] for row in range(batches[-1])]
    found["cold loads"] = cold_loads(steps, pools, wanted, options.steps)
    if device.type == "cuda":
        found["device"] = torch.cuda.get_device_name(device)
        found["memory_gb"] = round(torch.cuda.max_memory_allocated(device) / 1e9, 1)
    print(json.dumps(found, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--adapters", type=int, default=1000)
    parser.add_argument("--batches", default="1,8,32,64,128")
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
