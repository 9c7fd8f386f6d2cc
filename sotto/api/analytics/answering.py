"""A request about figures answered, in the shapes of the panels' API."""

from __future__ import annotations

import base64
import re

from sotto.analytics.analyst.understand import Refused
from sotto.analytics.anomalies.latest import Latest
from sotto.analytics.coaching.coach import Coaching
from sotto.analytics.definition.metric import UnknownMetric
from sotto.analytics.query.answer import Answer, Behind
from sotto.analytics.query.form import BadForm, Period, form_from
from sotto.analytics.query.show import answer_shape, metric_shape
from sotto.api.analytics.drift_shape import drift_shape
from sotto.api.analytics.request import (
    AskedAnomalies,
    AskedCoaching,
    AskedConversations,
    AskedDrift,
    AskedFigure,
    AskedMetrics,
    AskedQuestion,
    FigureRequest,
)
from sotto.api.analytics.service import Shape
from sotto.api.analytics.use_cases import (
    FigurePorts,
    answered_question,
    behind_figure,
    coached,
    drift_now,
    figures_of,
    known_values,
    latest_anomalies,
)
from sotto.api.caller import Caller, Unauthorised, caller_of

_PLACE = re.compile(r"(\d{1,15})\|(.{1,256})", re.DOTALL)


def answered(asked: FigureRequest, ports: FigurePorts) -> Shape:
    """As a FigureService does. Raises Retryable."""
    try:
        return {"data": _data(asked, caller_of(asked.claims), ports)}
    except Unauthorised as error:
        return _error("Unauthorized", error)
    except (BadForm, UnknownMetric) as error:
        return _error("BadRequest", error)


def _data(asked: FigureRequest, caller: Caller, ports: FigurePorts) -> Shape:
    match asked:
        case AskedMetrics():
            return _metrics(caller, ports)
        case AskedAnomalies():
            return _latest(latest_anomalies(caller, ports))
        case AskedDrift():
            return drift_shape(drift_now(asked.days, caller, ports))
        case AskedFigure():
            return answer_shape(figures_of(form_from(asked.form), caller, ports))
        case AskedQuestion():
            before = None if asked.before is None else form_from(asked.before)
            return _reply(answered_question(asked.question, caller, ports, before=before))
        case AskedCoaching():
            return _coaching(coached(Period(asked.first, asked.last), asked.team, caller, ports))
        case AskedConversations():
            return _conversations(asked, caller, ports)


def _metrics(caller: Caller, ports: FigurePorts) -> Shape:
    values = known_values(caller, ports)
    return {
        "metrics": [metric_shape(each) for each in ports.catalogue(caller.tenant).metrics.values()],
        "values": [{"dimension": name, "values": list(known)} for name, known in values.items()],
    }


def _coaching(found: Coaching) -> Shape:
    return {
        "standings": [
            {
                "metric": each.of.metric,
                "name": each.of.name,
                "team": each.of.team,
                "agent": each.of.agent,
                "share": each.of.share,
                "rows": each.of.rows,
                "low": each.low,
                "high": each.high,
                "teamShare": each.team,
                "topShare": each.top,
                "isGap": each.is_gap,
            }
            for each in found.standings
        ],
        "effects": [
            {
                "action": each.action,
                "used": each.used,
                "unused": each.unused,
                "usedBad": each.used_bad,
                "unusedBad": each.unused_bad,
                "compared": each.compared,
                "difference": each.difference,
                "low": each.low,
                "high": each.high,
                "canTell": each.can_tell,
            }
            for each in found.effects
        ],
        "synthetic": found.synthetic,
        "missing": list(found.missing),
    }


def _latest(found: Latest) -> Shape:
    return {
        "anomalies": [
            {
                "dimension": each.dimension,
                "value": each.value,
                "untilMs": each.until_ms,
                "hours": each.hours,
                "count": each.count,
                "usual": round(each.usual, 1),
            }
            for each in found.found
        ],
        "lookedAt": found.looked_at,
        "canTell": found.can_tell,
    }


def _reply(found: Answer | Refused) -> Shape:
    if isinstance(found, Refused):
        return {"figure": None, "refused": {"reason": found.reason, "ask": list(found.ask)}}
    return {"figure": answer_shape(found), "refused": None}


def _conversations(asked: AskedConversations, caller: Caller, ports: FigurePorts) -> Shape:
    after = None if asked.after is None else _place(asked.after)
    found = behind_figure(form_from(asked.form), caller, ports, limit=asked.first, after=after)
    return {
        "conversations": [_behind_shape(each) for each in found],
        "cursor": _cursor(found[-1]) if len(found) == asked.first else None,
    }


def _behind_shape(row: Behind) -> Shape:
    return {
        "conversationId": row.conversation,
        "latestMs": row.latest_ms,
        "agent": row.agent,
        "queue": row.queue,
        "synthetic": row.synthetic,
    }


def _cursor(last: Behind) -> str:
    """Names a place and gives no right: what may be seen is asked anew with each page."""
    return base64.urlsafe_b64encode(f"{last.latest_ms}|{last.conversation}".encode()).decode()


def _place(cursor: str) -> tuple[int, str]:
    try:
        found = _PLACE.fullmatch(base64.urlsafe_b64decode(cursor).decode())
    except ValueError:
        found = None
    if found is None:
        raise BadForm("after: no cursor of ours; ask for the first page without one")
    return int(found[1]), found[2]


def _error(kind: str, error: Exception) -> Shape:
    return {"error": {"type": kind, "message": str(error)}}
