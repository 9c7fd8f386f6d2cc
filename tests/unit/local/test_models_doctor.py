"""Unit: the doctor says of each tenant whether an adapter answers, and why or why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.commands.models_doctor import intent_models
from sotto.models.package import ModelCard, write_package

UNTRIED = "v1: a head; no adapter was tried"
WON = "v1: an adapter beside the head takes 25 % off the surprise at phrases kept aside"
LOST = "v1: the head alone, as an adapter beside it takes 1 % off the surprise at phrases kept aside"


def tenants(root: Path) -> Path:
    (root / "tenants" / "bank").mkdir(parents=True)
    (root / "tenants" / "bank" / "intents.yaml").write_text("intents: {}")
    return root / "tenants"


@pytest.mark.parametrize(
    ("metrics", "files", "line"),
    [
        ({}, {}, UNTRIED),
        ({"nll_saved": 0.25}, {"adapter_model.safetensors": b"a"}, WON),
        ({"nll_saved": 0.01}, {}, LOST),
    ],
)
def test_it_says_what_answers_and_why(
    tmp_path: Path, metrics: dict[str, float], files: dict[str, bytes], line: str
) -> None:
    found = {"task": "intent", "tenant": "bank", "model": "intent", "version": "v1", "metrics": metrics}
    card = ModelCard.model_validate(found | {"base_model": "any", "base_revision": "any"})
    package = write_package(card, {"head.safetensors": b"h", **files}, tmp_path / "models")
    (tmp_path / "models" / "bank.json").write_text(json.dumps({"packages": [str(package)]}))
    assert list(intent_models(tenants(tmp_path), tmp_path / "models")) == [("bank/intent", line)]


@pytest.mark.parametrize("note", ["", "[]", '{"packages": ["gone.tar.gz"]}'])
def test_what_cannot_be_read_is_not_trained(tmp_path: Path, note: str) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "bank.json").write_text(note)
    assert list(intent_models(tenants(tmp_path), tmp_path / "models")) == [
        ("bank/intent", "not trained yet: make demo")
    ]
