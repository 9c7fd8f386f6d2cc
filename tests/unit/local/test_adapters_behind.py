"""Unit: adapters are trained behind the calls and released when ready; what fails costs an adapter and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.adapters_behind import AdaptersBehind
from local.interruption import Interrupted
from local.trained_models import BEHIND, TrainingFailed
from sotto.models.package import ModelCard, write_package
from sotto.models.publish_plan import Candidate, Decision, ModelStep
from sotto.models.versions import SeenShelf, Shelf

WON = {"head_accuracy": 0.8, "nll_saved": 0.25}
LOST = {"head_accuracy": 0.8, "nll_saved": 0.01}


@dataclass
class Trainer:
    """``packages`` by tenant; an exception is raised in their place."""

    root: Path
    outcomes: dict[str, dict[str, float] | BaseException]
    complete: tuple[str, ...] = ()
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def is_complete(self, folder: Path) -> bool:
        return folder.name in self.complete

    def train(self, folder: Path, options: Sequence[str] = ()) -> list[Path]:
        self.asked.append((folder.name, tuple(options)))
        outcome = self.outcomes[folder.name]
        if isinstance(outcome, BaseException):
            raise outcome
        adapter = {"adapter_model.safetensors": b"a"} if outcome["nll_saved"] > 0.02 else {}
        return [
            write_package(_card(folder.name, "knowledge", {}), {"k": b"k"}, self.root),
            write_package(_card(folder.name, "intent", outcome), {"head.safetensors": b"h", **adapter}, self.root),
        ]


def _card(tenant: str, task: str, metrics: dict[str, float]) -> ModelCard:
    found = {"task": task, "tenant": tenant, "model": task, "version": "v2", "metrics": metrics}
    return ModelCard.model_validate(found | {"base_model": "any", "base_revision": "any"})


@dataclass
class Calls:
    """Where releases go, and what is shown."""

    decision: Decision = Decision.NEW
    why: str = ""
    released: list[tuple[str, str]] = field(default_factory=list)
    shown: list[tuple[str, float]] = field(default_factory=list)

    def release(self, packages: Sequence[Path], why: str) -> list[ModelStep]:
        self.released += [(str(package.relative_to(package.parents[2])), why) for package in packages]
        candidate = Candidate("bank", "intent", "v2", "c")
        return [ModelStep(candidate, self.decision, self.why, SeenShelf(Shelf(), 0))]

    def show(self, line: str, share: float) -> None:
        self.shown.append((line, share))


def trained(trainer: Trainer, calls: Calls, *tenants: str) -> None:
    with AdaptersBehind([Path(each) for each in tenants], trainer, calls.release, calls.show):
        pass


def test_an_adapter_that_wins_is_released_with_its_reason(tmp_path: Path) -> None:
    trainer, calls = Trainer(tmp_path, {"bank": WON}), Calls()
    trained(trainer, calls, "bank")
    assert trainer.asked == [("bank", (BEHIND,))]
    reason = "an adapter beside the head takes 25 % off the surprise at phrases kept aside"
    assert calls.released == [("bank/intent/v2.tar.gz", reason)], "what heads do as well stays as it is"
    assert calls.shown == [(f"bank/intent: {reason}; v2 answers calls now", 1.0)]


def test_where_the_adapter_loses_the_head_is_what_is_compared(tmp_path: Path) -> None:
    calls = Calls(Decision.UNCHANGED)
    trained(Trainer(tmp_path, {"bank": LOST}), calls, "bank")
    (line, _), *_ = calls.shown
    assert "the head alone" in line and line.endswith("unchanged")


def test_a_version_that_somebody_pinned_stays_and_it_is_said_why(tmp_path: Path) -> None:
    calls = Calls(Decision.KEPT_BACK, "v1 is pinned")
    trained(Trainer(tmp_path, {"bank": WON}), calls, "bank")
    assert calls.shown[0][0].endswith("kept back: v1 is pinned")


def test_an_unchanged_tenant_is_not_trained_again(tmp_path: Path) -> None:
    trainer, calls = Trainer(tmp_path, {}, complete=("bank",)), Calls()
    trained(trainer, calls, "bank")
    assert not trainer.asked and not calls.released and not calls.shown


@pytest.mark.parametrize("failure", [TrainingFailed("bank: no space left"), OSError("no space left")])
def test_a_training_that_fails_leaves_the_head_and_the_next_tenant(tmp_path: Path, failure: Exception) -> None:
    calls = Calls()
    trained(Trainer(tmp_path, {"bank": failure, "garage": WON}), calls, "bank", "garage")
    assert "the head goes on answering" in calls.shown[0][0] and "no space left" in calls.shown[0][0]
    assert [package for package, _ in calls.released] == ["garage/intent/v2.tar.gz"]


def test_an_interruption_ends_it_without_a_release(tmp_path: Path) -> None:
    trainer, calls = Trainer(tmp_path, {"bank": Interrupted(), "garage": WON}), Calls()
    trained(trainer, calls, "bank", "garage")
    assert trainer.asked == [("bank", (BEHIND,))] and not calls.released and not calls.shown
