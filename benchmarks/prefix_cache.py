"""What shared beginnings of prompts save: ``python -m benchmarks.prefix_cache [--beginning 512] [--json FILE]``.

Eight questions one after another behind the same beginning, and eight at once; with and without the cache, in turn, the
best round of each. Time to the first token and tokens a second, on one thread; random weights, no network.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.lora_serving import VOCABULARY, any_model, byte_tokenizer
from model_containers.shard.decoder.decoder import Decoder
from model_containers.shard.decoder.sequence import DecodingSequence
from model_containers.shard.decoder.text import TextStream

QUESTIONS, QUESTION_TOKENS, NEW_TOKENS = 8, 24, 16
MEMORY = 512 * 1024**2


def prompts(beginning: int) -> list[list[int]]:
    chance = torch.Generator().manual_seed(0)
    same = torch.randint(3, VOCABULARY, (beginning,), generator=chance).tolist()
    own = torch.randint(3, VOCABULARY, (QUESTIONS, QUESTION_TOKENS), generator=chance).tolist()
    return [same + question for question in own]


def answered(decoder: Decoder, batch: list[list[int]]) -> tuple[float, float]:
    """Processor time to the last one's first token, and to the end of all, in s."""
    tokenizer = byte_tokenizer()
    texts = [DecodingSequence(prompt, NEW_TOKENS, TextStream(tokenizer)) for prompt in batch]
    began = time.process_time()
    decoder.admit(texts)
    first_s = 0.0
    while not decoder.idle:
        decoder.advance()
        if not first_s and all(text.tokens for text in texts):
            first_s = time.process_time() - began
    return first_s, time.process_time() - began


def measured(model: Any, beginning: int, rounds: int) -> dict[str, Any]:
    asked = prompts(beginning)
    best: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, memory in (("without", 0), ("with", MEMORY)):
            decoder = Decoder(model, None, rows=QUESTIONS, prefix_bytes=memory)
            first = [answered(decoder, [prompt]) for prompt in asked][1:]  # the first one has nobody to learn from
            together = answered(decoder, asked)
            figures = [sum(f for f, _ in first) / len(first), sum(t for _, t in first) / len(first), *together]
            best[name] = [min(pair) for pair in zip(best.get(name, figures), figures, strict=True)]
    return {
        name: {
            "one by one: first token, ms": round(each * 1000, 1),
            "one by one: tokens a second": round(NEW_TOKENS / whole, 1),
            "eight at once: first token, ms": round(first_of_all * 1000, 1),
            "eight at once: tokens a second": round(QUESTIONS * NEW_TOKENS / all_of_all, 1),
        }
        for name, (each, whole, first_of_all, all_of_all) in best.items()
    } | {"memory of the cache, MB": round(decoder.prefixes.bytes / 1e6, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default="512x8", help="hidden size x layers")
    parser.add_argument("--beginning", type=int, default=512, help="tokens that all prompts begin with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    hidden, layers = (int(part) for part in options.shape.split("x"))
    found = measured(any_model(hidden, layers, torch.bfloat16), options.beginning, options.rounds)
    print(json.dumps({**found, "load": os.getloadavg()}, indent=2))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
