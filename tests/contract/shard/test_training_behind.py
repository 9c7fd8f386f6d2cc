"""Contract: the trainer behind the calls, as the process that it is, ended in the middle of an adapter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.interruption import Interrupted, Interruption
from local.options import REPOSITORY
from local.trained_models import Trainer, train_tenants
from tests.fakes.small_tenant import write_small_tenant


def test_an_end_in_the_middle_leaves_heads_and_nothing_half_done(tmp_path: Path) -> None:
    tenant, models = write_small_tenant(tmp_path), tmp_path / "models"
    trained = train_tenants([tenant], models, REPOSITORY, lambda line: None, Interruption(), at_once=True)
    before = {path: path.read_bytes() for path in models.rglob("*") if path.is_file()}
    interruption = Interruption()

    def until_it_tunes(what: str, share: float) -> None:
        if "tuning the encoder, epoch 2" in what:
            interruption.interrupt()

    trainer = Trainer(models, REPOSITORY, interruption, until_it_tunes)
    with pytest.raises(Interrupted):
        trainer.train(tenant)
    assert {path: path.read_bytes() for path in models.rglob("*") if path.is_file()} == before
    assert not trainer.is_complete(tenant)
    again = train_tenants([tenant], models, REPOSITORY, pytest.fail, Interruption(), at_once=True)
    assert again == trained, "heads are at hand, and are not trained again"


def test_behind_the_calls_it_is_one_thread_of_the_lowest_priority() -> None:
    shown = "import os, torch; print(os.nice(0), torch.get_num_threads())"
    step_back = "from model_containers.trainer.__main__ import step_back; step_back()"
    found = subprocess.check_output([sys.executable, "-c", f"{step_back}; {shown}"], cwd=REPOSITORY, text=True)
    assert found.split() == ["19", "1"]
