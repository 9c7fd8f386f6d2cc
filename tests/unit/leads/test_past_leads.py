"""Unit: leads of the past, read from a table, scored before their outcome is known; and the command."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sklearn.metrics import brier_score_loss, roc_auc_score

from local.commands.leads import leads
from sotto.core.errors import SottoError
from sotto.leads.features import Choice
from sotto.leads.learner import Learner
from sotto.leads.prequential import Judged, quality, scored
from sotto.leads.table import BadTable, Outcome, leads_of

OUTCOME = Outcome("y", "yes")


def written(folder: Path, text: str) -> Path:
    file = folder / "leads.csv"
    file.write_text(text)
    return file


def calls(folder: Path, number: int = 600) -> Path:
    chance = random.Random(3)
    lines, likely = ["age;job;y"], {"student": 0.6, "clerk": 0.1}
    for _ in range(number):
        job = chance.choice(("clerk", "student"))
        lines.append(f"{chance.randrange(18, 80)};{job};{'yes' if chance.random() < likely[job] else 'no'}")
    return written(folder, "\n".join(lines) + "\n")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(leads, list(arguments))


def test_outcomes_are_learnt_no_sooner_than_they_are_known() -> None:
    learner = Learner((Choice("job", ("clerk",)),))
    seen = []
    for judged in scored([({"job": "clerk"}, True)] * 6, learner, delay=3):
        seen.append((learner.learnt_from, judged.mean))
    assert [each for each, _ in seen] == [0, 0, 0, 0, 1, 2]
    assert learner.learnt_from == 6


def test_quality_is_what_scikit_learn_says() -> None:
    chance = random.Random(4)
    judged = [Judged(round(chance.random(), 1), 0.3, chance.random() < 0.3) for _ in range(200)]
    found = quality(judged)
    was, said = [each.bought for each in judged], [each.chance for each in judged]
    assert found.auc == pytest.approx(roc_auc_score(was, said))
    assert found.brier == pytest.approx(brier_score_loss(was, said))


def test_where_all_did_the_same_there_is_no_auc() -> None:
    assert quality([Judged(0.2, 0.5, False)] * 3).auc is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age;x\n1;2\n", "no column 'y'"),
        ("age;y\n1;yes;3\n", "line 2: not as many fields"),
        ("age;y\n1\n", "line 2: not as many fields"),
        ('age;y\n"1;yes\n', "line"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadTable, match=says):
        list(leads_of(written(tmp_path, text), OUTCOME))


def test_a_model_is_fitted_and_scores_with_reasons(tmp_path: Path) -> None:
    model = str(tmp_path / "model.json")
    fitted = run("fit", str(calls(tmp_path)), "--outcome", "y=yes", "--model", model)
    assert fitted.exit_code == 0, fitted.output
    assert "the last 120 leads" in fitted.output and "better than the mean's" in fitted.output
    printed = run("score", "--lead", '{"age": 30, "job": "student", "zip": 1}', "--model", model)
    assert "score" in printed.output and "student" in printed.output and "ignored" in printed.output
    found = json.loads(run("score", "--lead", '{"job": "student"}', "--json", "--model", model).output)
    assert round(found["base"] + sum(each["points"] for each in found["terms"]), 6) == round(found["score"], 6)


@pytest.mark.parametrize(
    "arguments",
    [
        ("fit", "FILE", "--outcome", "y"),
        ("fit", "FILE", "--outcome", "y=yes", "--without", "age,job"),
        ("score", "--lead", "{}", "--model", "nowhere.json"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = str(calls(tmp_path, 20))
    found = run(*(file if each == "FILE" else each for each in arguments))
    assert isinstance(found.exception, SottoError)


def test_a_lead_that_is_no_object_is_refused(tmp_path: Path) -> None:
    model = str(tmp_path / "model.json")
    run("fit", str(calls(tmp_path, 60)), "--outcome", "y=yes", "--model", model)
    for lead in ("[]", "no json", '{"age": "old"}'):
        assert isinstance(run("score", "--lead", lead, "--model", model).exception, SottoError)
