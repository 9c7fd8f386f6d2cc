"""Reads ``budgets`` of tenant.yaml.

budgets:
  - usd: 400                 # a calendar month, all together
  - usd: 50
    feature: summary         # and of these, summaries
    then: extractive         # smaller (the next provider), extractive or off
"""

from __future__ import annotations

import re

from sotto.tenants.budgets import Budget, Then
from sotto.tenants.reading.places import YamlPlace

MOST_BUDGETS = 10
"""A text is counted against each that it falls under, in one transaction."""
MOST_USD = 10_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ABOUT = ("feature", "model", "agent")


def read_budgets(place: YamlPlace) -> tuple[Budget, ...]:
    """What is wrong is noted."""
    found: dict[tuple[str, ...], Budget] = {}
    for item in place.items():
        fields = item.fields(("usd", "then", *_ABOUT), needed=("usd",))
        about = {name: _name(fields[name]) for name in _ABOUT if name in fields}
        budget = Budget(
            usd=fields["usd"].number(0.01, MOST_USD, 1) if "usd" in fields else 1,
            then=Then(fields["then"].one_of(tuple(Then), "choice", "smaller")) if "then" in fields else Then.SMALLER,
            **about,
        )
        key = (budget.feature, budget.model, budget.agent)
        if key in found:
            item.wrong("there is a budget of the same feature, model and agent already; keep one of them")
        found[key] = budget
    if len(found) > MOST_BUDGETS:
        place.wrong(f"{len(found)} budgets are more than {MOST_BUDGETS}; keep those that matter")
    return tuple(found.values())


def _name(place: YamlPlace) -> str:
    written = place.text() or ""
    if not _NAME.fullmatch(written):
        place.wrong(f"'{written[:20]}' is no name: use a-z, 0-9, '_' and '-'")
        return ""
    return written
