"""What there is of the dimensions by which questions filter: names of teams, agents, queues, dispositions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sotto.analytics.query.answer import QueryPorts
from sotto.analytics.query.compile import named_values
from sotto.analytics.query.form import Filter, Period

NAMED = ("team", "agent", "queue", "disposition")
MOST_NAMES = 2_000


def values_of(
    tenant: str, period: Period, ports: QueryPorts, *, filters: Sequence[Filter] = ()
) -> Mapping[str, Sequence[str]]:
    """Of the conversations of that period that ``filters`` leave. Raises Retryable."""
    found = ports.facts.files(tenant, "conversation", period.each_day())
    if not found.files:
        return {}
    return {name: _names(name, ports, found.files, filters) for name in NAMED}


def _names(dimension: str, ports: QueryPorts, files: Sequence[Path], filters: Sequence[Filter]) -> list[str]:
    sql = named_values(dimension, filters, MOST_NAMES)
    return [str(row[0]) for row in ports.database.rows(sql, "conversation", files)]
