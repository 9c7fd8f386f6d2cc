"""Unit: what stands for a package's content, and what it was trained from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.models.content import content_of
from sotto.models.package import BadPackage, ModelCard, read_archived_card, write_package
from sotto.models.training_record import TRAINING_RECORD, TrainingRecord, digest_of, read_training_record

CARD = ModelCard(task="intent", tenant="bank", model="intent", version="v1", base_model="any", base_revision="any")
WEIGHTS = {"head.safetensors": b"weights"}


def content(root: Path, card: ModelCard = CARD, files: dict[str, bytes] = WEIGHTS) -> str:
    return content_of(read_archived_card(write_package(card, files, root)))


def test_neither_the_name_nor_what_is_noted_about_a_package_is_its_content(tmp_path: Path) -> None:
    noted = CARD.model_copy(update={"version": "v2", "metrics": {"accuracy": 0.9}})
    record = TrainingRecord(data=digest_of("examples"), gates={"accuracy": 0.8})
    assert content(tmp_path) == content(tmp_path, noted, {**WEIGHTS, **record.files})


@pytest.mark.parametrize(
    "changed",
    [{"labels": ("buy",)}, {"thresholds": {"buy": 0.5}}, {"base_revision": "other"}, {"tenant": "shop"}],
    ids=str,
)
def test_what_a_package_answers_with_is_its_content(tmp_path: Path, changed: dict[str, object]) -> None:
    assert content(tmp_path) != content(tmp_path, ModelCard.model_validate({**CARD.model_dump(), **changed}))
    assert content(tmp_path) != content(tmp_path, files={"head.safetensors": b"others"})
    assert content(tmp_path) != content(tmp_path, files={"other.safetensors": b"weights"})


def test_a_package_packed_again_later_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_package(CARD, WEIGHTS, tmp_path / each).read_bytes() for each in ("a", "b"))
    assert first == second


def test_a_training_record_comes_back_and_packages_without_one_are_read(tmp_path: Path) -> None:
    record = TrainingRecord(data=digest_of(("one", "two")), gates={"ood_recall": 0.9})
    assert read_training_record(write_package(CARD, {**WEIGHTS, **record.files}, tmp_path)) == record
    assert read_training_record(write_package(CARD, WEIGHTS, tmp_path)) == TrainingRecord()
    assert digest_of(("one", "two")) != digest_of(("one", "three"))


@pytest.mark.parametrize("written", [b"no json", b'{"data": 5}', b'{"gates": {"a": NaN}}'])
def test_a_record_that_is_none_is_refused(tmp_path: Path, written: bytes) -> None:
    with pytest.raises(BadPackage, match="no record of a training"):
        read_training_record(write_package(CARD, {**WEIGHTS, TRAINING_RECORD: written}, tmp_path))
