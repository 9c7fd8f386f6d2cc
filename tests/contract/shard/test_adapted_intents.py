"""Contract: what ``sotto adapters train`` packs, the shard reads back and answers with. Trains on the real encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from local.commands.sotto import sotto
from local.options import TENANTS
from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder, packaged_model
from model_containers.shard.heads import load_head
from model_containers.shard.heads.weights import WEIGHTS as HEAD
from model_containers.shard.heads.weights import packed
from model_containers.shard.lora.gathered import AdapterPlacement
from model_containers.shard.lora.peft_format import WEIGHTS, aligned, read_adapter
from model_containers.trainer.adapted import SHARES, WORTH_A_PASS, best_share, train_adapted
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.lora.tuned_encoder import TunedEncoder, TuningPlan
from model_containers.trainer.trained import silently
from sotto.models.package import ModelCard, ModelPackage, open_package, write_package
from tests.contract.shard.conftest import shard_process

PHRASES = {
    "card_lost": ["I lost my card", "my card is gone", "somebody stole my card", "I cannot find my bank card"],
    "close_account": ["close my account", "I want to cancel my account", "shut my account down", "end my account"],
}


NEIGHBOURS = {name: read_tenant(TENANTS / "harbour_bank").intents[name][:20] for name in ("fee_question", "fee_refund")}
"""Two intents that are near each other, as a sample tenant has them."""
TEXT = "I think that I lost my card"


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    rows = [f"{text},{label}" for label, texts in PHRASES.items() for text in texts]
    (tmp_path / "examples.csv").write_text("\n".join(["text,label", *rows]) + "\n")
    return tmp_path / "examples.csv"


def placed(encoder: MiniLmEncoder, package: ModelPackage) -> AdapterPlacement:
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
def test_a_trained_package_answers(examples: Path, tmp_path: Path, encoder: MiniLmEncoder, method: str) -> None:
    package = open_package(trained(examples, tmp_path / "out", method), tmp_path / "opened")
    head = load_head(package, base_revision=encoder.revision)
    assert (WEIGHTS in package.card.files) == head.needs_base_too == (method == "lora")
    embedding = encoder.encode([TEXT])[0]
    if method == "lora":
        embedding = embedding.beside(encoder.encode([TEXT], [placed(encoder, package)])[0])
    scores = head.answer({"text": TEXT}, embedding)["scores"]
    assert scores["card_lost"] > scores["close_account"]


def test_an_adapter_is_packed_where_it_makes_phrases_kept_aside_likelier(encoder: MiniLmEncoder) -> None:
    won = train_adapted(NEIGHBOURS, (), CachingEncoder(encoder))
    assert WEIGHTS in won.files and won.metrics["nll_saved"] >= WORTH_A_PASS == won.gates["nll_saved"]


def test_the_head_is_kept_where_there_is_nothing_to_tell_intents_by(encoder: MiniLmEncoder) -> None:
    every = [phrase for phrases in NEIGHBOURS.values() for phrase in phrases]
    by_chance = {"a": tuple(every[::2]), "b": tuple(every[1::2])}
    kept = train_adapted(by_chance, (), CachingEncoder(encoder))
    assert WEIGHTS not in kept.files and kept.metrics["nll_saved"] < WORTH_A_PASS
    alone = train_adapted(by_chance, (), CachingEncoder(encoder), method="head")
    assert (kept.files, kept.thresholds) == (alone.files, alone.thresholds), "what served at once goes on unchanged"


def test_a_shard_answers_from_what_the_base_and_the_adapter_read(tmp_path: Path, encoder: MiniLmEncoder) -> None:
    archive = any_pair(tmp_path, encoder)
    package = open_package(archive, tmp_path / "opened")
    head = load_head(package, base_revision=encoder.revision)
    base, adapted = encoder.encode([TEXT])[0], encoder.encode([TEXT], [placed(encoder, package)])[0]
    expected = head.answer({"text": TEXT}, base.beside(adapted))["scores"]
    for other in (base.beside(base), adapted.beside(adapted), adapted.beside(base)):
        assert expected != pytest.approx(head.answer({"text": TEXT}, other)["scores"], abs=5e-3)
    with shard_process() as running:
        running.wait_until_ready()
        running.client.post("/models", json={"model_name": "m", "url": str(archive)}).raise_for_status()
        found = running.client.post("/models/m/invoke", json={"tenant": "any_bank", "text": TEXT}).json()
    assert found["scores"] == pytest.approx(expected, abs=1e-3)


def any_pair(root: Path, encoder: MiniLmEncoder) -> Path:
    """A package whose weights are drawn: both readings have a say, and neither is certain."""
    source = np.random.default_rng(3)
    tuned = TunedEncoder(packaged_model(), TuningPlan(epochs=3, rate=1e-2))
    texts = [text for phrases in PHRASES.values() for text in phrases]
    tuned.train(texts, np.repeat(np.arange(2), 4), CachingEncoder(encoder).whole([texts[0], texts[4]]), silently)
    weight, by_adapter = source.normal(size=(2, 2, 384)).astype(np.float32)
    drawn = packed(weight=weight, bias=np.zeros(2, dtype=np.float32), tuned=by_adapter)
    card = ModelCard(
        task="intent",
        tenant="any_bank",
        model="intent",
        version="1",
        base_model=BASE_MODEL,
        base_revision=encoder.revision,
        labels=tuple(PHRASES),
    )
    return write_package(card, {HEAD: drawn, **tuned.files(encoder.revision)}, root / "pair")


def test_the_share_of_the_adapter_follows_who_is_right() -> None:
    targets = np.arange(4)
    right, wrong = 8 * np.eye(4, dtype=np.float32), 8 * np.eye(4, dtype=np.float32)[::-1]
    assert best_share(by_head=wrong, by_lora=right, targets=targets) == max(SHARES)
    assert best_share(by_head=right, by_lora=wrong, targets=targets) == min(SHARES)


def test_the_shard_reads_with_an_adapter_what_training_read(tmp_path: Path, encoder: MiniLmEncoder) -> None:
    texts = [text for phrases in PHRASES.values() for text in phrases]
    tuned = TunedEncoder(packaged_model(), TuningPlan(epochs=2, rate=3e-3))
    start = CachingEncoder(encoder).whole([texts[0], texts[4]])
    tuned.train(texts, np.repeat(np.arange(2), 4), start, silently)
    card = ModelCard(task="intent", tenant="t", model="m", version="1", base_model="any", base_revision="any")
    package = open_package(write_package(card, tuned.files("any"), tmp_path), tmp_path / "opened")
    found = encoder.encode([texts[0]], [placed(encoder, package)])[0].whole
    np.testing.assert_allclose(found, tuned.vectors([texts[0]])[0], atol=1e-4)
    assert np.abs(found - encoder.encode([texts[0]])[0].whole).max() > 1e-3


def test_the_same_seed_gives_the_same_adapter(encoder: MiniLmEncoder) -> None:
    def files(seed: int) -> bytes:
        tuned = TunedEncoder(packaged_model(), TuningPlan(epochs=1, seed=seed))
        texts = PHRASES["card_lost"]
        tuned.train(texts, np.zeros(4, dtype=np.int64), CachingEncoder(encoder).whole(texts[:1]), silently)
        return tuned.files("any")[WEIGHTS]

    assert files(1) == files(1) != files(2)


def test_training_needs_a_tenant_or_a_file() -> None:
    result = CliRunner().invoke(sotto, ["adapters", "train"])
    assert result.exit_code == 2 and "either a tenant's folder or --data" in result.output
