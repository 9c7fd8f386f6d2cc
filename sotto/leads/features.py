"""What is known of a lead, cut into slots: each value of a feature falls into exactly one."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sotto.core.errors import Rejected

MOST_CHARACTERS = 200
MOST_CHOICES = 40
MOST_BINS = 6
MISSING, OTHER = "not known", "other"


class BadLead(Rejected):
    """A value that a feature cannot have; the message names the feature, never the value."""


@dataclass(frozen=True, slots=True)
class Number:
    """``cuts``: ascending; a value belongs above all cuts that it reaches. What is beyond the first or the last falls
    into the outermost slot, however absurd it is."""

    name: str
    cuts: tuple[float, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        if not self.cuts:
            return (MISSING, "any")
        middle = (f"{low:g} to below {high:g}" for low, high in zip(self.cuts, self.cuts[1:], strict=False))
        return (MISSING, f"below {self.cuts[0]:g}", *middle, f"{self.cuts[-1]:g} or more")

    def slot_of(self, value: Any) -> int:
        if value is None or value == "":
            return 0
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise BadLead(f"{self.name}: a number is wanted")
        try:
            number = float(value)
        except (ValueError, OverflowError) as error:
            raise BadLead(f"{self.name}: a number is wanted") from error
        if not math.isfinite(number):
            raise BadLead(f"{self.name}: a finite number is wanted")
        return 1 + bisect_right(self.cuts, number)


@dataclass(frozen=True, slots=True)
class Choice:
    """``values``: those that have a slot of their own; every other one shares one."""

    name: str
    values: tuple[str, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return (MISSING, OTHER, *self.values)

    def slot_of(self, value: Any) -> int:
        if value is None or value == "":
            return 0
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            raise BadLead(f"{self.name}: a text of at most {MOST_CHARACTERS} characters is wanted")
        return 2 + self.values.index(value) if value in self.values else 1


Feature = Number | Choice


def inferred(rows: Sequence[Mapping[str, Any]], without: Sequence[str] = ()) -> tuple[tuple[Feature, ...], list[str]]:
    """Features as the values look, in the order of the first row; and the columns that make none: they are always the
    same, or nearly every row has a value of its own."""
    found: list[Feature] = []
    left_out = []
    for name in (each for each in (rows[0] if rows else {}) if each not in without):
        feature = _feature(name, [row.get(name) for row in rows])
        if feature is None:
            left_out.append(name)
        else:
            found.append(feature)
    return tuple(found), left_out


def _feature(name: str, values: Sequence[Any]) -> Feature | None:
    known = [value for value in values if value not in (None, "")]
    numbers = [_number(value) for value in known]
    if known and all(number is not None for number in numbers):
        cuts = _cuts(sorted(number for number in numbers if number is not None))
        return Number(name, cuts) if cuts else None
    counted = Counter(str(value)[:MOST_CHARACTERS] for value in known)
    if len(counted) < 2 or len(counted) > max(MOST_CHOICES, len(known) // 2):
        return None
    return Choice(name, tuple(sorted(value for value, _ in counted.most_common(MOST_CHOICES))))


def _number(value: Any) -> float | None:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _cuts(ordered: Sequence[float]) -> tuple[float, ...]:
    """Between equally many, where values are many; a value that half of all have gets a slot of its own."""
    at = (len(ordered) * part // MOST_BINS for part in range(1, MOST_BINS))
    cuts = {ordered[place] for place in at} - {ordered[0]}
    if len(cuts) < MOST_BINS - 1:
        cuts |= set(sorted(set(ordered))[1:MOST_BINS]) if len(set(ordered)) <= MOST_BINS else set()
        beyond = next((value for value in ordered if value > ordered[0]), None)
        cuts |= {beyond} if beyond is not None else set()
    return tuple(sorted(cuts))
