"""Lead scores by time: each lead is scored with what was known before its call, and learnt from a while after it.

    python -m benchmarks.leads [--file CSV] [--from SHARE] [--json FILE] [--plot PNG]

The file is one of calls in the order of time, the last column their outcome (Moro, Cortez, Rita 2014, without
``duration``, which nobody knows before a call). Scored is its last part. Beside ours stand, in the same run and by the
same rule, logistic regression and gradient boosting, fitted anew every 500 calls on the last 4,000; and the mean of
what was known. The labels of a call are known 50 calls later, about a day.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from sotto.leads.features import Number, inferred
from sotto.leads.learner import Learner
from sotto.leads.prequential import Judged, scored

FILE = Path(os.environ.get("SOTTO_SHARED_DATA", "../shared/data")) / "text/bank_marketing/first80.csv"
WITHOUT = ("duration", "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed")
"""After the call; and the state of the economy, which every model that was tried does better without: it has one value
for thousands of calls and takes another once what it taught is over."""
DELAY, EVERY, WINDOW = 50, 500, 4_000
GROUPS = 10

Row = dict[str, str]
Scores = dict[str, Any]


def read(path: Path) -> tuple[list[Row], list[bool]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    outcome = list(rows[0])[-1]
    return [{k: v for k, v in row.items() if k != outcome and k not in WITHOUT} for row in rows], [
        row[outcome] == "yes" for row in rows
    ]


def ours(rows: Sequence[Row], bought: Sequence[bool], begin: int) -> tuple[list[Judged], Scores]:
    """By the road that ``sotto leads fit`` takes; the model that is exported is as old as a day."""
    features, _ = inferred(rows[:begin])
    learner = Learner(features)
    late: list[Judged] = []
    sums, milliseconds = [], []
    groups: list[tuple[float, float, float, bool]] = []
    model = learner.model(0.0)
    for at, judged in enumerate(scored(zip(rows, bought, strict=True), learner, delay=DELAY)):
        if at < begin:
            continue
        late.append(judged)
        if at % DELAY == 0:
            model = learner.model(0.0)
        if at % 10 == 0:
            began = time.perf_counter()
            found = model.score(rows[at])
            milliseconds.append(1000 * (time.perf_counter() - began))
            sums.append(abs(found.base + sum(term.points for term in found.terms) - found.score) < 1e-6)
            groups.append((found.score, found.low, found.high, bought[at]))
    return late, {
        "features": len(features),
        "points_add_up": sum(sums) / len(sums),
        "score_ms": float(np.median(milliseconds)),
        "groups": _groups(groups),
    }


def _groups(scored: list[tuple[float, float, float, bool]]) -> list[dict[str, float]]:
    """By tenths of scores: what was said, between what, and what came of it."""
    ordered = sorted(scored)
    parts = np.array_split(np.array(ordered, dtype=float), GROUPS)
    return [
        dict(zip(("said", "low", "high", "bought"), part.mean(axis=0) * [1, 1, 1, 100], strict=True)) for part in parts
    ]


def refitted(
    rows: Sequence[Row], bought: Sequence[bool], begin: int, make: Callable[[list[int], list[int]], Pipeline]
) -> list[float]:
    """Of a model that is fitted anew on the last calls. ``make``: of the places of numbers and of choices."""
    features, _ = inferred(rows[:begin])
    numbers = [at for at, each in enumerate(features) if isinstance(each, Number)]
    choices = [at for at, each in enumerate(features) if not isinstance(each, Number)]
    table = np.array([[row[each.name] for each in features] for row in rows], dtype=object)
    for at in numbers:
        table[:, at] = table[:, at].astype(float)
    outcomes = np.array(bought)
    scores: list[float] = []
    for at in range(begin, len(rows), EVERY):
        known = slice(max(0, at - DELAY - WINDOW), at - DELAY)
        model = make(numbers, choices).fit(table[known], outcomes[known])
        scores += model.predict_proba(table[at : at + EVERY])[:, 1].tolist()
    return scores


def logistic(numbers: list[int], choices: list[int]) -> Pipeline:
    cut = make_column_transformer(
        (StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore", min_frequency=5), choices)
    )
    return make_pipeline(cut, LogisticRegression(C=0.3, max_iter=500))


def boosting(numbers: list[int], choices: list[int]) -> Pipeline:
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    cut = make_column_transformer(("passthrough", numbers), (codes, choices))
    return make_pipeline(cut, HistGradientBoostingClassifier(learning_rate=0.05, max_iter=60, max_leaf_nodes=15))


def quality_of(scores: Sequence[float], bought: Sequence[bool]) -> dict[str, float]:
    said, was = np.array(scores), np.array(bought, dtype=float)
    bounded = np.clip(said, 1e-6, 1 - 1e-6)
    best = np.argsort(-said)[: len(said) // 10]
    return {
        "auc": float(roc_auc_score(was, said)),
        "brier": float(((said - was) ** 2).mean()),
        "log_loss": float(-(was * np.log(bounded) + (1 - was) * np.log(1 - bounded)).mean()),
        "lift": float(was[best].mean() / was.mean()),
    }


def measure(path: Path, share: float) -> Scores:
    rows, bought = read(path)
    begin = int(len(rows) * share)
    late = bought[begin:]
    found, about = ours(rows, bought, begin)
    tried = {
        "ours": [each.chance for each in found],
        "logistic": refitted(rows, bought, begin, logistic),
        "boosting": refitted(rows, bought, begin, boosting),
        "mean so far": [each.mean for each in found],
    }
    return {
        "calls": len(rows),
        "scored": len(late),
        "bought": sum(late) / len(late),
        **about,
        "judged": {name: quality_of(each, late) for name, each in tried.items()},
    }


def show(found: Scores) -> None:
    print(f"{found['scored']:,} calls of {found['calls']:,} scored before they were made; {found['bought']:.1%} bought")
    print(f"  {'':<12} {'AUC':>6} {'Brier':>8} {'log loss':>9} {'lift of the best tenth':>23}")
    for name, each in found["judged"].items():
        auc = "" if math.isclose(each["auc"], 0.5) else f"{each['auc']:.3f}"
        print(f"  {name:<12} {auc:>6} {each['brier']:>8.4f} {each['log_loss']:>9.4f} {each['lift']:>23.2f}")
    print(f"  points add up to the score: {found['points_add_up']:.1%} of leads; one score {found['score_ms']:.2f} ms")
    print("  by tenths of scores, percent: said (between) -> bought")
    for each in found["groups"]:
        print(f"    {each['said']:5.1f} ({each['low']:4.1f} to {each['high']:4.1f}) -> {each['bought']:5.1f}")


def plot(found: Scores, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4))
    said = [each["said"] for each in found["groups"]]
    below = [each["said"] - each["low"] for each in found["groups"]]
    above = [each["high"] - each["said"] for each in found["groups"]]
    axes.errorbar(said, [each["bought"] for each in found["groups"]], xerr=[below, above], fmt="o", capsize=3)
    axes.plot([0, max(said)], [0, max(said)], linewidth=0.8, color="grey")
    axes.set(xlabel="score, percent, with its interval", ylabel="bought, percent", title="Tenths of leads by score")
    figure.tight_layout()
    figure.savefig(path)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.leads", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--from", dest="share", type=float, default=0.8, help="which share of the file is not scored")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args(arguments)
    if not asked.file.exists():
        print(f"{asked.file} is not there; give --file a file of calls", file=sys.stderr)
        return 2
    found = measure(asked.file, asked.share)
    show(found)
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if asked.plot is not None:
        plot(found, asked.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
