"""Reads metrics from YAML: Sotto's own (sotto/analytics/metrics) and a tenant's (<tenant>/metrics). Every mistake has
its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from sotto.analytics.definition.expressions import (
    NotAnExpression,
    aggregates,
    columns_of,
    outside_aggregates,
    parsed,
)
from sotto.analytics.definition.metric import COMMON_DIMENSIONS, UNITS, Catalogue, Good, Metric
from sotto.analytics.definition.references import Written, resolved
from sotto.analytics.facts.tables import TABLES
from sotto.core.errors import Rejected
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.places import Mistake, Mistakes, YamlPlace, did_you_mean

SHIPPED = Path(__file__).parents[1] / "metrics"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,63}")
_FIELDS = (
    "title", "note", "fact", "expression", "unit", "good", "where", "behind", "columns", "days_after", "dimensions",
    "synonyms",
)  # fmt: skip
_NEEDED = ("title", "note", "fact", "expression", "unit")
MOST_DAYS_AFTER = 31
MOST_METRICS = 300


class MetricsMistaken(Rejected):
    """The message has a line for each mistake."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class _Definition:
    written: Written
    key: YamlPlace


def shipped() -> Catalogue:
    return read_metrics(sorted(SHIPPED.glob("*.yaml")))


def read_metrics(files: Iterable[Path], base: Catalogue | None = None) -> Catalogue:
    """``base``: metrics that these may refer to and not redefine. Raises MetricsMistaken."""
    mistakes = Mistakes()
    known = dict(base.metrics) if base is not None else {}
    found: dict[str, _Definition] = {}
    for file in files:
        name = f"{file.parent.name}/{file.name}"
        root = read_yaml(file, name, mistakes)
        for metric, definition in _read_file(root) if root is not None else ():
            if metric in found or metric in known:
                definition.key.wrong(f"a metric '{metric}' is defined already; give this one another name")
            else:
                found[metric] = definition
    if not mistakes.found:
        known |= _resolved({name: each.written for name, each in found.items()}, found, known)
    if mistakes.found:
        raise MetricsMistaken(mistakes.in_order())
    return Catalogue(known)


def _read_file(root: YamlPlace) -> Iterable[tuple[str, _Definition]]:
    fields = root.fields(("version", "metrics"), needed=("version", "metrics"))
    if "version" in fields:
        fields["version"].version()
    entries = fields["metrics"].named("metrics") if "metrics" in fields else []
    if len(entries) > MOST_METRICS:
        root.wrong(f"{len(entries)} metrics are more than {MOST_METRICS}; nobody finds one among them")
    for name, key, value in entries:
        if not _NAME.fullmatch(name):
            key.wrong(f"'{name}' is no name of a metric; use 2 to 64 of a-z, 0-9 and '_', beginning with a letter")
            continue
        written = _metric(name, value)
        if written is not None:
            yield name, _Definition(written, key)


def _metric(name: str, value: YamlPlace) -> Written | None:
    fields = value.fields(_FIELDS, needed=_NEEDED)
    if any(needed not in fields for needed in _NEEDED):
        return None
    facts = fields["fact"].known(TABLES, "fact")
    expression = _expression(fields["expression"])
    if not facts or expression is None:
        return None
    table = TABLES[facts[0]]
    columns = _columns(fields.get("columns"), table.columns)
    good = fields["good"].one_of(("high", "low", "neither"), "direction", "neither") if "good" in fields else "neither"
    own = fields["dimensions"].words() if "dimensions" in fields else ()
    for each in own:
        if each in COMMON_DIMENSIONS or table.columns.get(each) != "text":
            texts = [column for column, kind in table.columns.items() if kind == "text"]
            fields["dimensions"].wrong(f"'{each}' is no dimension of fact '{table.name}'{did_you_mean(each, texts)}")
    return Written(
        metric=Metric(
            name=name,
            title=fields["title"].text() or name,
            note=fields["note"].text() or "",
            fact=table.name,
            expression=expression,
            unit=fields["unit"].one_of(UNITS, "unit", "count"),
            good=_direction(good),
            where=_condition(fields.get("where")),
            behind=_condition(fields.get("behind")),
            columns=columns,
            days_after=int(fields["days_after"].number(0, MOST_DAYS_AFTER, 0)) if "days_after" in fields else 0,
            own_dimensions=own,
            synonyms=fields["synonyms"].words() if "synonyms" in fields else (),
        ),
        places={name: place for name, place in fields.items() if name in ("expression", "where", "behind")},
    )


def _direction(word: str) -> Good:
    return "high" if word == "high" else "low" if word == "low" else "neither"


def _columns(place: YamlPlace | None, known: Mapping[str, object]) -> dict[str, exp.Expression]:
    """Each may use the fact's own columns, and no other of these."""
    found: dict[str, exp.Expression] = {}
    for name, key, value in place.named("columns") if place is not None else ():
        if name in known or not _NAME.fullmatch(name):
            key.wrong(f"'{name}' cannot be a column: it is one of the fact, or no name")
        expression = _expression(value)
        if expression is not None:
            _unknown(expression, known, value)
            if aggregates(expression):
                value.wrong("a column is of one row: aggregates belong in 'expression', or 'over (...)' a window")
            found[name] = expression
    return found


def _condition(place: YamlPlace | None) -> exp.Expression | None:
    expression = _expression(place) if place is not None else None
    if place is not None and expression is not None and aggregates(expression):
        place.wrong("this looks at one row at a time: no aggregates here")
    return expression


def _expression(place: YamlPlace) -> exp.Expression | None:
    text = place.text()
    if text is None:
        return None
    try:
        return parsed(text)
    except NotAnExpression as error:
        place.wrong(str(error))
        return None


def _unknown(expression: exp.Expression, known: Iterable[str], place: YamlPlace) -> None:
    known = set(known)
    for column in columns_of(expression):
        if column not in known:
            place.wrong(f"unknown column '{column}'{did_you_mean(column, known)}")


def _resolved(
    written: Mapping[str, Written], places: Mapping[str, _Definition], base: Mapping[str, Metric]
) -> dict[str, Metric]:
    made: dict[str, Metric] = {}
    for name, each in written.items():
        metric = resolved(each, written, base)
        if metric is None:
            continue
        _check(metric, each)
        made[name] = metric
    return made


def _check(metric: Metric, written: Written) -> None:
    known = {*TABLES[metric.fact].columns, *metric.columns}
    for name, expression in (("expression", metric.expression), ("where", metric.where), ("behind", metric.behind)):
        if expression is not None and name in written.places:
            _unknown(expression, known, written.places[name])
    place = written.places["expression"]
    if not aggregates(metric.expression):
        place.wrong("nothing adds rows up here: use sum, avg, count, min, max or approx_quantile")
    elif single := outside_aggregates(metric.expression, known):
        place.wrong(f"column '{single[0]}' is of one row; put it into an aggregate, such as avg({single[0]})")
