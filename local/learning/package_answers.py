"""What a package answers to texts, asked as the shard asks it: the whole text, its temperature, its thresholds."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.heads.classifier import ClassifierHead
from model_containers.shard.lora.gathered import AdapterPlacement
from model_containers.shard.lora.peft_format import aligned, read_adapter
from sotto.learning.example import NONE_OF_THESE, Example
from sotto.learning.releases.figures import Answer, figures_of, rightness
from sotto.learning.releases.gates import Measured
from sotto.models.package import ModelPackage, open_package

RANK_ROWS = 64
TIMED = 30
"""Texts, one at a time, of which the median is the latency; the same again where there are fewer."""
ANY_TEXT = "I would like to know something about my account"


@cache
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


def measured(archive: Path, examples: Sequence[Example]) -> Measured:
    """Raises BadPackage and NotAnAnswer."""
    with tempfile.TemporaryDirectory() as workspace:
        package = open_package(archive, Path(workspace))
        head, reader = ClassifierHead(package), encoder()
        adapter = _placed(package, reader) if head.needs_base_too else None
        try:
            answers = [_answer(head, reader, adapter, each.text) for each in examples]
            latency_ms = _latency_ms(head, reader, adapter, [each.text for each in examples])
        finally:
            if adapter is not None and reader.pools is not None:
                reader.pools.release(adapter)
        size = package.size_bytes
    return Measured(
        package.card.version,
        figures_of(examples, answers),
        size,
        latency_ms,
        rightness(examples, answers),
    )


def _latency_ms(
    head: ClassifierHead, reader: MiniLmEncoder, adapter: AdapterPlacement | None, texts: Sequence[str]
) -> float:
    times = []
    for place in range(TIMED + 1):
        started = time.perf_counter()
        _answer(head, reader, adapter, (texts or [ANY_TEXT])[place % max(1, len(texts))])
        times.append(1_000 * (time.perf_counter() - started))
    return statistics.median(times[1:])  # the first one warms up


def _answer(head: ClassifierHead, reader: MiniLmEncoder, adapter: AdapterPlacement | None, text: str) -> Answer:
    (embedding,) = reader.encode([text])
    if adapter is not None:
        (adapted,) = reader.encode([text], [adapter])
        embedding = embedding.beside(adapted)
    found = head.answer({}, embedding)
    return Answer(found["label"] or NONE_OF_THESE, float(found["confidence"]))


def _placed(package: ModelPackage, reader: MiniLmEncoder) -> AdapterPlacement:
    pools = reader.pools or reader.take_adapters(rank_rows=RANK_ROWS)
    weights = aligned(read_adapter(package.directory, dtype=pools.dtype), pools.targets, ("model",))
    placement = pools.reserve(weights.rank)
    pools.write(placement, weights)
    return placement
