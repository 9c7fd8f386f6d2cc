"""How well the analyst understands questions: the exact form, and refusals.

    python -m benchmarks.analyst                  109 questions that the lexicon was corrected by
    python -m benchmarks.analyst --set sealed     56 that were kept aside
    python -m benchmarks.analyst --set later      53 written later, in other words on purpose: .42 at the first reading,
                                                  then used to correct lexicon and slots
    python -m benchmarks.analyst --set last       27 more of that kind, read once; nothing was changed for them
    python -m benchmarks.analyst --without-encoder, --wrong

One author wrote metrics, questions and lexicon within an hour: the first sets say that the parts agree. Only the last
one says something of questions as they come.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from local.metric_meaning import EncodedMeaning
from sotto.analytics.analyst.find_metric import NoMeaning, lexicon_of
from sotto.analytics.analyst.understand import Analyst, Refused, Understood
from sotto.analytics.definition.read import shipped
from sotto.analytics.query.form import MOST_ROWS, Compare, Filter, Form, Period

FOLDER = Path(__file__).parent / "texts" / "analyst"
TODAY = date(2026, 11, 30)
VALUES = {
    "team": ("service", "retention"),
    "agent": ("emma", "noah", "olivia", "liam", "sophia"),
    "queue": ("cards", "loans", "accounts", "general"),
}
GOAL_FORMS = GOAL_REFUSALS = 0.95


def wanted(written: dict[str, Any]) -> Form:
    first, _, last = written["period"].partition("..")
    filters = []
    for name, values in written.get("filters", {}).items():
        without = values[0].startswith("!")
        filters.append(Filter(name, tuple(value.removeprefix("!") for value in values), without))
    return Form(
        metric=written["metric"],
        period=Period(first, last),
        dimensions=tuple(written.get("by", ())),
        filters=tuple(filters),
        compare=Compare(written.get("compare", "nothing")),
        highest=written.get("highest"),
        limit=written.get("limit", MOST_ROWS),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("questions", "sealed", "later", "last"), default="questions")
    parser.add_argument("--without-encoder", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="show what was understood wrongly")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    catalogue = shipped()
    meaning = NoMeaning() if asked.without_encoder else EncodedMeaning()
    analyst = Analyst(catalogue, lexicon_of(catalogue), meaning)
    file = FOLDER / f"{asked.set}.yaml"
    questions = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    forms = right = outside = refused = metrics = 0
    for each in questions:
        found = analyst.understand(each["ask"], today=TODAY, values=VALUES)
        if each.get("refuse"):
            outside += 1
            refused += isinstance(found, Refused)
            ok = isinstance(found, Refused)
        else:
            form = wanted(each["form"])
            forms += 1
            ok = isinstance(found, Understood) and found.form == form
            metrics += isinstance(found, Understood) and found.form.metric == form.metric
            right += ok
        if not ok and asked.wrong:
            print(f"{each['ask']}\n    {found.form if isinstance(found, Understood) else found.reason}")
    result = {
        "questions": len(questions),
        "exact form": right / forms,
        "metric": metrics / forms,
        "refusals right": refused / outside,
        "of questions in scope refused or wrong": forms - right,
    }
    print(json.dumps({name: round(value, 3) for name, value in result.items()}, indent=2))
    if asked.json is not None:
        asked.json.write_text(json.dumps(result), encoding="utf-8")
    if result["exact form"] < GOAL_FORMS or result["refusals right"] < GOAL_REFUSALS:
        raise SystemExit(f"goal {GOAL_FORMS} missed")


if __name__ == "__main__":
    main()
