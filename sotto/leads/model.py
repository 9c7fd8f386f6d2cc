"""A model of leads as tables: what each slot of each feature adds to the log-odds. It is scored without any library.

A score is the chance in percent. Its points are the model's sum, walked from a lead as most are to this one, each
feature getting its part of the way (Aumann and Shapley's values of a sum behind a curve): they add up to the score, to
the tenth that is shown.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from sotto.core.errors import Rejected
from sotto.core.validation import silent
from sotto.leads.features import Feature

Z_OF_90 = 1.645
"""A normal distribution's middle 90 % ends here."""
MOST_LOG_ODDS = 30.0


class BadModel(Rejected):
    """The file is no model of leads, or one of another kind."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a feature adds: ``points``, positive or negative, of a lead in this ``slot``."""

    feature: str
    slot: str
    points: float


@dataclass(frozen=True, slots=True)
class LeadScore:
    """``score``, ``base``, ``low`` and ``high`` in percent, to a tenth: ``base`` plus all points is ``score``. ``low``
    and ``high``: where the chance of such leads lies nine times of ten. ``ignored``: given, and no feature."""

    score: float
    low: float
    high: float
    base: float
    terms: tuple[Term, ...]
    ignored: tuple[str, ...]
    version: str
    expires_at_ms: int


@dataclass(frozen=True)
class LeadModel:
    """``base``: log-odds of a lead as most are. ``tables``: by feature, what each slot adds. ``covariance``: of all of
    these, ``base`` first, row by row. ``made_at_ms``: Unix epoch; ``days`` later its scores are not to be used."""

    outcome: str
    features: tuple[Feature, ...]
    base: float
    tables: tuple[tuple[float, ...], ...]
    covariance: tuple[tuple[float, ...], ...]
    learnt_from: int
    made_at_ms: int
    days: int = 30

    def __post_init__(self) -> None:
        """Raises BadModel."""
        sizes = [len(feature.slots) for feature in self.features]
        width = 1 + sum(sizes)
        numbers = [
            self.base,
            *(x for table in self.tables for x in table),
            *(x for row in self.covariance for x in row),
        ]
        if [len(table) for table in self.tables] != sizes:
            raise BadModel("a table has another length than its feature has slots")
        if [len(row) for row in self.covariance] != [width] * width:
            raise BadModel("the covariance has another size than the tables")
        if not all(math.isfinite(number) for number in numbers):
            raise BadModel("a number in it is not finite")

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:12]

    @property
    def expires_at_ms(self) -> int:
        return self.made_at_ms + self.days * 86_400_000

    def as_json(self) -> str:
        return json.dumps(_model.dump_python(self, mode="json"), sort_keys=True)

    def slots_of(self, lead: Mapping[str, Any]) -> list[int]:
        """By feature, the slot of this lead. Raises BadLead."""
        return [feature.slot_of(lead.get(feature.name)) for feature in self.features]

    def score(self, lead: Mapping[str, Any]) -> LeadScore:
        """Raises BadLead."""
        slots = self.slots_of(lead)
        added = [table[slot] for table, slot in zip(self.tables, slots, strict=True)]
        total = self.base + sum(added)
        spread = Z_OF_90 * math.sqrt(max(0.0, self._variance(slots)))
        tenths = _tenths(self.base, added)
        names = {feature.name for feature in self.features}
        return LeadScore(
            score=(tenths[0] + sum(tenths[1:])) / 10,
            low=round(100 * chance(total - spread), 1),
            high=round(100 * chance(total + spread), 1),
            base=tenths[0] / 10,
            terms=tuple(
                Term(feature.name, feature.slots[slot], points / 10)
                for feature, slot, points in zip(self.features, slots, tenths[1:], strict=True)
            ),
            ignored=tuple(sorted(str(name)[:100] for name in lead.keys() - names)),
            version=self.version,
            expires_at_ms=self.expires_at_ms,
        )

    def _variance(self, slots: Sequence[int]) -> float:
        places, begins = [0], 1
        for feature, slot in zip(self.features, slots, strict=True):
            places.append(begins + slot)
            begins += len(feature.slots)
        return sum(self.covariance[one][other] for one in places for other in places)


def chance(log_odds: float) -> float:
    bounded = max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, log_odds))
    return 1.0 / (1.0 + math.exp(-bounded))


def _tenths(base: float, added: Sequence[float]) -> list[int]:
    """The base and each addition in tenths of a percent, whose sum is the score's: what rounding leaves over goes to
    those that it has cut most."""
    total = sum(added)
    start, end = 1000 * chance(base), 1000 * chance(base + total)
    slope = (end - start) / total if abs(total) > 1e-9 else start * (1 - start / 1000)
    exact = [slope * each for each in added]
    whole = [math.floor(each) for each in exact]
    left = round(end) - round(start) - sum(whole)
    for place in sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])[: max(0, left)]:
        whole[place] += 1
    if exact and (rest := round(end) - round(start) - sum(whole)):
        whole[max(range(len(exact)), key=lambda at: abs(exact[at]))] += rest
    return [round(start), *whole]


_model = silent(LeadModel)


def model_from(text: str) -> LeadModel:
    """Raises BadModel."""
    try:
        return _model.validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise BadModel("this is no model of leads") from error
