"""Figures for those who manage conversations: a form is answered, the conversations behind it are named, a question
becomes a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sotto.analytics.analyst.understand import Analyst, Refused
from sotto.analytics.anomalies.latest import Latest, latest
from sotto.analytics.coaching.coach import Coaching, coaching
from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.query.answer import Answer, Behind, QueryPorts, answer, conversations_behind
from sotto.analytics.query.form import Filter, Form, Period
from sotto.analytics.query.values import values_of
from sotto.api.analytics.access import scope, scoped
from sotto.api.caller import Caller
from sotto.api.roles import Action
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock

if TYPE_CHECKING:
    from sotto.analytics.drift.latest import Drift

COUNTED = "conversations"
VALUES_DAYS = 28
"""Names of teams, agents, queues and dispositions are those of so many days."""


@dataclass(frozen=True, slots=True)
class FigurePorts:
    """``catalogue``: of a tenant: shipped metrics and its own. ``analyst``: of a tenant and its catalogue."""

    catalogue: Callable[[str], Catalogue]
    analyst: Callable[[str, Catalogue], Analyst]
    query: QueryPorts
    audit: AuditLog
    clock: Clock


def figures_of(form: Form, caller: Caller, ports: FigurePorts) -> Answer:
    """Of what the caller may see; the answer shows the form as it was asked. Noted in the audit log, because figures of
    agents are among them. Raises Unauthorised, UnknownMetric, BadForm and Retryable."""
    found = answer(caller.tenant, scoped(form, caller), ports.catalogue(caller.tenant), ports.query)
    _note(AuditAction.FIGURE_READ, form, caller, ports)
    return replace(found, form=form)


def answered_question(
    question: str, caller: Caller, ports: FigurePorts, *, before: Form | None = None
) -> Answer | Refused:
    """``before``: the form of the question that this one may follow. Raises Unauthorised and Retryable."""
    catalogue = ports.catalogue(caller.tenant)
    understood = ports.analyst(caller.tenant, catalogue).understand(
        question, today=_today(ports), values=known_values(caller, ports), before=before
    )
    return understood if isinstance(understood, Refused) else figures_of(understood.form, caller, ports)


def known_values(caller: Caller, ports: FigurePorts) -> Mapping[str, Sequence[str]]:
    """Names of what the caller may see, by dimension. Raises Unauthorised and Retryable."""
    last = _today(ports).isoformat()
    period = Period(Period(last, last).moved(1 - VALUES_DAYS).first, last)
    return values_of(caller.tenant, period, ports.query, filters=scope(caller))


def behind_figure(
    form: Form, caller: Caller, ports: FigurePorts, *, limit: int = 50, after: tuple[int, str] | None = None
) -> list[Behind]:
    """Noted in the audit log, because the next click opens one. Raises as ``figures_of``."""
    catalogue = ports.catalogue(caller.tenant)
    asked = scoped(form, caller)
    found = conversations_behind(caller.tenant, asked, catalogue, ports.query, limit=limit, after=after)
    _note(AuditAction.FIGURE_OPENED, form, caller, ports)
    return found


def coached(period: Period, team: str | None, caller: Caller, ports: FigurePorts) -> Coaching:
    """Of the teams that the caller coaches, or of one of them. Noted in the audit log. Raises Unauthorised, BadForm and
    Retryable."""
    filters = scope(caller, Action.COACH)
    if team is not None:
        filters = (*filters, Filter("team", (team,)))
    found = coaching(caller.tenant, period, filters, ports.catalogue(caller.tenant), ports.query)
    at_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.FIGURE_READ, "metric/coaching", at_ms))
    return found


def latest_anomalies(caller: Caller, ports: FigurePorts) -> Latest:
    """Of how many conversations there were, as far as the caller sees them. Raises Unauthorised and Retryable."""
    metric = ports.catalogue(caller.tenant).metric(COUNTED)
    return latest(caller.tenant, metric, scope(caller), ports.query, now_ms=ports.clock.now_ms())


def drift_now(days: int, caller: Caller, ports: FigurePorts) -> Drift:
    """Of the calls that the caller may see. Raises Unauthorised and Retryable."""
    from sotto.analytics.drift.latest import latest_drift  # numpy, which the REST API's zip does without

    last = _today(ports).isoformat()
    return latest_drift(caller.tenant, scope(caller), ports.query, last_day=last, days=days)


def _today(ports: FigurePorts) -> date:
    return datetime.fromtimestamp(ports.clock.now_ms() / 1000, UTC).date()


def _note(action: AuditAction, form: Form, caller: Caller, ports: FigurePorts) -> None:
    at_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, f"metric/{form.metric}", at_ms))
