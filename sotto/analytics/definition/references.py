"""Metrics made of other metrics: each name becomes the other's expression, over the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sotto.analytics.definition.expressions import columns_of, with_replaced
from sotto.analytics.definition.metric import Metric
from sotto.analytics.facts.tables import TABLES
from sotto.tenants.reading.places import YamlPlace


@dataclass(frozen=True, slots=True)
class Written:
    """A metric as it is written. ``places``: of its expressions, by field."""

    metric: Metric
    places: Mapping[str, YamlPlace]


def resolved(
    each: Written, written: Mapping[str, Written], base: Mapping[str, Metric], path: tuple[str, ...] = ()
) -> Metric | None:
    """Without references; None where that is impossible, which is noted at the reference that closes a circle, or that
    is over other rows."""
    metric, place = each.metric, each.places["expression"]
    own = {*TABLES[metric.fact].columns, *metric.columns}
    referred = [name for name in columns_of(metric.expression) if name not in own and (name in written or name in base)]
    path = (*path, metric.name)
    for name in referred:
        if name in path:
            place.wrong(f"metrics go in a circle: {' -> '.join((*path, name))}")
            return None
        other = base.get(name) or resolved(written[name], written, base, path)
        if other is None:
            return None
        same = (other.fact, other.where, dict(other.columns))
        first = name == referred[0] and metric.where is None and not metric.columns
        if other.fact != metric.fact or not (first or same == (metric.fact, metric.where, dict(metric.columns))):
            place.wrong(f"'{name}' counts other rows; a metric is made of metrics with its fact, 'where' and 'columns'")
            return None
        metric = replace(
            metric,
            expression=with_replaced(metric.expression, name, other.expression),
            where=other.where,
            columns=other.columns,
            days_after=max(metric.days_after, other.days_after),
            behind=metric.behind if metric.behind is not None else other.behind,
        )
    return metric
