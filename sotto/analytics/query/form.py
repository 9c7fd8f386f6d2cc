"""A question to a metric as a form: what the analyst fills in, the manager's app edits and the database is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from sotto.analytics.definition.metric import Metric
from sotto.core.errors import Rejected
from sotto.core.validation import silent, wrong_fields

MOST_DIMENSIONS = 3
MOST_VALUES = 50
MOST_ROWS = 1_000
LONGEST_PERIOD_DAYS = 800
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadForm(Rejected):
    """A field of the form is wrong; the message names it and never repeats a value."""


class Compare(StrEnum):
    """``PREVIOUS``: with as many days before; ``WEEK``: with the same weekdays, as few weeks before as it takes;
    ``YEAR``: with the same days a year (52 weeks) before."""

    NOTHING = "nothing"
    PREVIOUS = "previous"
    WEEK = "week"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC, both included."""

    first: str
    last: str

    def __post_init__(self) -> None:
        if not (_is_day(self.first) and _is_day(self.last)) or self.first > self.last:
            raise BadForm("period: write two days as YYYY-MM-DD, the first one first")
        if self.days > LONGEST_PERIOD_DAYS:
            raise BadForm(f"period: at most {LONGEST_PERIOD_DAYS} days")

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    def moved(self, days: int) -> Period:
        first, last = (date.fromisoformat(each) + timedelta(days) for each in (self.first, self.last))
        return Period(first.isoformat(), last.isoformat())

    def and_after(self, days: int) -> Period:
        return Period(self.first, (date.fromisoformat(self.last) + timedelta(days)).isoformat())

    def before(self, compare: Compare) -> Period | None:
        match compare:
            case Compare.PREVIOUS:
                return self.moved(-self.days)
            case Compare.WEEK:
                return self.moved(-7 * -(-self.days // 7))
            case Compare.YEAR:
                return self.moved(-364)
            case Compare.NOTHING:
                return None

    def each_day(self) -> list[str]:
        first = date.fromisoformat(self.first)
        return [(first + timedelta(number)).isoformat() for number in range(self.days)]


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose ``dimension`` is one of ``values``; with ``without``, all others."""

    dimension: str
    values: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """``highest``: rows are in order of the figure, the highest first (True) or last (False); None: in order of their
    dimensions."""

    metric: str
    period: Period
    dimensions: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    compare: Compare = Compare.NOTHING
    highest: bool | None = None
    limit: int = MOST_ROWS

    def checked(self, metric: Metric) -> Form:
        """The same. Raises BadForm."""
        if len(self.dimensions) > MOST_DIMENSIONS or len(set(self.dimensions)) != len(self.dimensions):
            raise BadForm(f"dimensions: at most {MOST_DIMENSIONS}, each once")
        for each in (*self.dimensions, *(one.dimension for one in self.filters)):
            if each not in metric.dimensions:
                raise BadForm(f"dimensions, filters: {metric.name} knows {', '.join(metric.dimensions)}")
        for one in self.filters:
            if not 1 <= len(one.values) <= MOST_VALUES:
                raise BadForm(f"filters: 1 to {MOST_VALUES} values each")
        if not 1 <= self.limit <= MOST_ROWS:
            raise BadForm(f"limit: 1 to {MOST_ROWS}")
        return self

    def with_filter(self, added: Filter) -> Form:
        """What there is on that dimension gives way."""
        others = tuple(each for each in self.filters if each.dimension != added.dimension)
        return replace(self, filters=(*others, added))


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_Word = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class _Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", hide_input_in_errors=True)


class _FilterShape(_Shape):
    dimension: _Word
    values: Annotated[tuple[_Word, ...], Field(min_length=1, max_length=MOST_VALUES)]
    without: bool = False


class _PeriodShape(_Shape):
    first: _Word
    last: _Word


class FormShape(_Shape):
    """A form as JSON."""

    metric: _Word
    period: _PeriodShape
    dimensions: Annotated[tuple[_Word, ...], Field(max_length=MOST_DIMENSIONS)] = ()
    filters: Annotated[tuple[_FilterShape, ...], Field(max_length=10)] = ()
    compare: Compare = Compare.NOTHING
    highest: bool | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = MOST_ROWS


_shape = silent(FormShape)


def form_from(given: Any) -> Form:
    """Of JSON. Raises BadForm."""
    try:
        read = _shape.validate_python(given)
    except ValidationError as error:
        raise BadForm(f"form: {wrong_fields(error, _shape)}") from None
    return Form(
        metric=read.metric,
        period=Period(read.period.first, read.period.last),
        dimensions=read.dimensions,
        filters=tuple(Filter(each.dimension, each.values, each.without) for each in read.filters),
        compare=read.compare,
        highest=read.highest,
        limit=read.limit,
    )


def form_shape(form: Form) -> dict[str, Any]:
    """As ``form_from`` reads it."""
    return {
        "metric": form.metric,
        "period": {"first": form.period.first, "last": form.period.last},
        "dimensions": list(form.dimensions),
        "filters": [
            {"dimension": each.dimension, "values": list(each.values), "without": each.without} for each in form.filters
        ],
        "compare": form.compare.value,
        "highest": form.highest,
        "limit": form.limit,
    }
