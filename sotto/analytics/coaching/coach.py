"""What a coach looks at, out of the facts: agents beside their teams, and what guidance goes with."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.analytics.coaching.beside import Counted, Standing, standings
from sotto.analytics.coaching.effect import Effect, Outcome, effects
from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.query.answer import QueryPorts, answer
from sotto.analytics.query.compile import rows_of
from sotto.analytics.query.form import Filter, Form, Period

BEHAVIOURS = (("checklist_adherence", "item"), ("adoption_rate", "action"), ("full_marks_rate", "question"))
"""Shares of rows, and by what they are split."""
MOST_OUTCOMES = 200_000


@dataclass(frozen=True, slots=True)
class Coaching:
    standings: tuple[Standing, ...]
    effects: tuple[Effect, ...]
    synthetic: bool
    missing: tuple[str, ...]


def coaching(
    tenant: str, period: Period, filters: tuple[Filter, ...], catalogue: Catalogue, ports: QueryPorts
) -> Coaching:
    """Raises UnknownMetric, BadForm and Retryable."""
    counted: list[Counted] = []
    synthetic, missing = False, set[str]()
    for metric, dimension in BEHAVIOURS:
        form = Form(metric, period, ("team", "agent", dimension), filters)
        found = answer(tenant, form, catalogue, ports)
        synthetic |= found.synthetic
        missing |= set(found.missing)
        for each in found.figures:
            team, agent, name = each.key
            if agent is not None and name is not None and each.value is not None:
                counted.append(Counted(metric, name, team, agent, each.value, each.counted))
    outcomes = _outcomes(tenant, period, filters, ports)
    return Coaching(tuple(standings(counted)), tuple(effects(outcomes)), synthetic, tuple(sorted(missing)))


def _outcomes(tenant: str, period: Period, filters: tuple[Filter, ...], ports: QueryPorts) -> list[Outcome]:
    """Of conversations that are over; those whose beginning has no sign of a mood are a stratum of their own."""
    shown = _rows(tenant, "action", ("conversation", "action", "used", "replaced"), period, filters, ports)
    used: dict[tuple[str, str], bool] = {}
    for conversation, action, was_used, was_replaced in shown:
        if was_used or not was_replaced:  # what another took the place of could not be used
            key = (str(conversation), str(action))
            used[key] = used.get(key, False) or bool(was_used)
    columns = ("conversation", "agent", "sentiment_first", "sentiment_last")
    ended = {
        str(conversation): ((str(agent), str(first)), last is not None and int(str(last)) < 0)
        for conversation, agent, first, last in _rows(tenant, "conversation", columns, period, filters, ports)
    }
    return [
        Outcome(action, ended[conversation][0], was_used, ended[conversation][1])
        for (conversation, action), was_used in used.items()
        if conversation in ended
    ]


def _rows(
    tenant: str, fact: str, columns: tuple[str, ...], period: Period, filters: tuple[Filter, ...], ports: QueryPorts
) -> list[tuple[object, ...]]:
    found = ports.facts.files(tenant, fact, period.each_day())
    if not found.files:
        return []
    return ports.database.rows(rows_of(fact, columns, period, filters, MOST_OUTCOMES), fact, found.files)
