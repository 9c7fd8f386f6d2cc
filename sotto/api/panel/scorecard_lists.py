"""Scorecards of many calls, the forms behind them, and how well raters agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import field_validator

from sotto.api.caller import Caller
from sotto.api.panel.history import DAY_MS, MOST_DAYS, USUAL_DAYS, Names, Percentage, Time
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, RequestModel
from sotto.api.panel.scorecard_form_shapes import agreement_shape, form_shape
from sotto.api.scorecards.access import NoSuchForm
from sotto.api.scorecards.forms import form_agreement, forms
from sotto.api.scorecards.queue import QueuedScorecard, QueueFilter, QueuePorts, QueueState, list_scorecards
from sotto.realtime.shapes import Shape


class ScorecardFilter(RequestModel):
    since_ms: Time | None = None
    until_ms: Time | None = None
    states: frozenset[QueueState] = frozenset()
    forms: Names = frozenset()
    teams: Names = frozenset()
    agents: Names = frozenset()
    min_score: Percentage | None = None
    max_score: Percentage | None = None

    @field_validator("states", mode="before")
    @classmethod
    def _as_kept(cls, written: Any) -> Any:
        return [each.lower() for each in written] if isinstance(written, list) else (written or ())


class QueueRequest(RequestModel):
    filter: ScorecardFilter = ScorecardFilter()

    _filter = field_validator("filter", mode="before")(lambda written: written or {})


class AboutForm(RequestModel):
    form: Id


def scorecard_queue(asked: QueueRequest, caller: Caller, ports: AgentPorts) -> Shape:
    wanted = _queue_filter(asked.filter, int(ports.clock.now_ms()))
    queue = list_scorecards(wanted, caller, QueuePorts(ports.history, ports.audit, ports.clock))
    return {"scorecards": [_queued_shape(each) for each in queue.scorecards], "isCutShort": queue.is_cut_short}


def scorecard_forms(asked: RequestModel, caller: Caller, ports: AgentPorts) -> list[Shape]:
    return [form_shape(each) for each in forms(caller, ports.reviewer.scorecards)]


def scorecard_agreement(asked: AboutForm, caller: Caller, ports: AgentPorts) -> Shape:
    try:
        return agreement_shape(form_agreement(asked.form, caller, ports.reviewer.scorecards))
    except NoSuchForm as error:
        raise BadRequest(str(error)) from None


def _queue_filter(asked: ScorecardFilter, now_ms: int) -> QueueFilter:
    until_ms = int(asked.until_ms) if asked.until_ms is not None else now_ms + DAY_MS
    since_ms = int(asked.since_ms) if asked.since_ms is not None else max(0, until_ms - USUAL_DAYS * DAY_MS)
    if until_ms - since_ms > MOST_DAYS * DAY_MS:
        raise BadRequest(f"filter.sinceMs: more than {MOST_DAYS} days before untilMs; ask for less at a time")
    return QueueFilter(
        since_ms,
        until_ms,
        states=asked.states,
        forms=asked.forms,
        teams=asked.teams,
        agents=asked.agents,
        min_score=asked.min_score,
        max_score=asked.max_score,
    )


def _queued_shape(each: QueuedScorecard) -> Shape:
    leg, score = each.leg, each.score
    return {
        "contactId": leg.contact_id,
        "form": score.form,
        "state": each.state.value.upper(),
        "startedAtMs": leg.started_at_ms,
        "agent": leg.agent,
        "agentName": leg.agent_name,
        "team": leg.team,
        "queue": leg.queue,
        "percentage": score.percentage,
        "hasFailed": score.has_failed,
        "determined": score.determined,
    }


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.scorecardQueue": (QueueRequest, scorecard_queue),
    "Query.scorecardForms": (RequestModel, scorecard_forms),
    "Query.scorecardAgreement": (AboutForm, scorecard_agreement),
}
