"""Contract: what ``sotto adapters train`` packs, the shard reads back and answers with. Trains on the real encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from local.commands.sotto import sotto
from model_containers.shard.encoder import MiniLmEncoder, RememberingEncoder, packaged_model
from model_containers.shard.heads import load_head
from model_containers.shard.lora.gathered import Placement
from model_containers.shard.lora.peft_format import WEIGHTS, aligned, read_adapter
from model_containers.shard.training.lora import Plan, TunedEncoder
from model_containers.shard.training.trained import silently
from sotto.inference.package import ModelCard, ModelPackage, open_package, write_package

PHRASES = {
    "card_lost": ["I lost my card", "my card is gone", "somebody stole my card", "I cannot find my bank card"],
    "close_account": ["close my account", "I want to cancel my account", "shut my account down", "end my account"],
}


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    rows = [f"{text},{label}" for label, texts in PHRASES.items() for text in texts]
    (tmp_path / "examples.csv").write_text("\n".join(["text,label", *rows]) + "\n")
    return tmp_path / "examples.csv"


def placed(encoder: MiniLmEncoder, package: ModelPackage) -> Placement:
    """As the shard does at loading."""
    pools = encoder.take_adapters(rank_rows=32)
    weights = aligned(read_adapter(package.directory, dtype=torch.float32), pools.targets, ("",))
    placement = pools.reserve(weights.rank)
    pools.write(placement, weights)
    return placement


def trained(examples: Path, out: Path, method: str) -> Path:
    arguments = [
        "adapters",
        "train",
        "--data",
        str(examples),
        "--tenant",
        "any_bank",
        "--method",
        method,
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(sotto, arguments)
    assert result.exit_code == 0, result.output
    return Path(result.stdout.splitlines()[-1].removeprefix("package "))


@pytest.mark.parametrize("method", ["head", "lora"])
def test_a_trained_package_answers_in_the_shard(
    examples: Path, tmp_path: Path, encoder: MiniLmEncoder, method: str
) -> None:
    package = open_package(trained(examples, tmp_path / "out", method), tmp_path / "opened")
    head = load_head(package, base_revision=encoder.revision)
    assert (WEIGHTS in package.card.files) == head.reads_base_too == (method == "lora")
    text = "I think that I lost my card"
    reading = encoder.read([text])[0]
    if method == "lora":
        reading = reading.beside(encoder.read([text], [placed(encoder, package)])[0])
    scores = head.answer({"text": text}, reading)["scores"]
    assert scores["card_lost"] > scores["close_account"]


def test_the_shard_reads_with_an_adapter_what_training_read(tmp_path: Path, encoder: MiniLmEncoder) -> None:
    texts = [text for phrases in PHRASES.values() for text in phrases]
    tuned = TunedEncoder(packaged_model(), Plan(epochs=2, rate=3e-3))
    start = RememberingEncoder(encoder).whole([texts[0], texts[4]])
    tuned.train(texts, np.repeat(np.arange(2), 4), start, silently)
    card = ModelCard(task="intent", tenant="t", model="m", version="1", base_model="any", base_revision="any")
    package = open_package(write_package(card, tuned.files("any"), tmp_path), tmp_path / "opened")
    found = encoder.read([texts[0]], [placed(encoder, package)])[0].whole
    np.testing.assert_allclose(found, tuned.vectors([texts[0]])[0], atol=1e-4)
    assert np.abs(found - encoder.read([texts[0]])[0].whole).max() > 1e-3


def test_the_same_seed_gives_the_same_adapter(encoder: MiniLmEncoder) -> None:
    def files(seed: int) -> bytes:
        tuned = TunedEncoder(packaged_model(), Plan(epochs=1, seed=seed))
        texts = PHRASES["card_lost"]
        tuned.train(texts, np.zeros(4, dtype=np.int64), RememberingEncoder(encoder).whole(texts[:1]), silently)
        return tuned.files("any")[WEIGHTS]

    assert files(1) == files(1) != files(2)


def test_training_needs_a_tenant_or_a_file() -> None:
    result = CliRunner().invoke(sotto, ["adapters", "train"])
    assert result.exit_code == 2 and "either a tenant's folder or --data" in result.output
