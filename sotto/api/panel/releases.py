"""What was learned, in the manager's app: release cards in plain words, how a trial stands, and its way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, RequestModel
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry
from sotto.learning.rollout.judge import SHARES, Trial, judge
from sotto.learning.rollout.roll import take_back
from sotto.learning.rollout.tally import trial_of
from sotto.learning.run import Run, Stage
from sotto.realtime.shapes import Shape

MOST = 50


class ReleasesRequest(RequestModel):
    limit: Annotated[int, Field(ge=1, le=MOST)] | None = None


class ReleaseRequest(RequestModel):
    number: Annotated[int, Field(ge=1)]


def releases(asked: ReleasesRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    """The newest first."""
    _admitted(caller)
    return [_shape(each) for each in ports.releases.runs.runs(caller.tenant, asked.limit or MOST)]


def release(asked: ReleaseRequest, caller: Caller, ports: AgentPorts) -> Shape | None:
    _admitted(caller)
    run = ports.releases.runs.run(caller.tenant, asked.number)
    return None if run is None else _shape(run) | {"trial": _trial(run, ports)}


def take_release_back(asked: ReleaseRequest, caller: Caller, ports: AgentPorts) -> Shape:
    """Raises Unauthorised and BadRequest."""
    _admitted(caller)
    run = ports.releases.runs.run(caller.tenant, asked.number)
    if run is None or run.stage not in (Stage.SHADOW, Stage.TRIAL):
        raise BadRequest("number: no version of this number is in the shadow or on trial")
    record = f"release/{run.model}/{run.release}"
    now_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.RELEASE_CHANGED, record, now_ms))
    done = take_back(run, f"by {caller.agent}", ports.releases)
    return _shape(done) | {"trial": None}


def _admitted(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.ROLL_RELEASES):
        raise Unauthorised("role: what was learned is for quality managers and administrators")


def _shape(run: Run) -> Shape:
    """Of a run without a card yet, what there is."""
    card = run.card
    made = card.get("set") or {}
    return {
        "number": run.number,
        "model": run.model,
        "stage": run.stage.value.upper(),
        "release": run.release or None,
        "replaces": run.replaces or None,
        "percent": run.percent,
        "beganAtMs": run.began_at_ms,
        "changedAtMs": run.changed_at_ms,
        "who": run.who or None,
        "why": run.why or None,
        "passed": card.get("passed"),
        "phrases": card.get("phrases"),
        "learned": made.get("learned"),
        "judgedBy": made.get("regression"),
        "base": card.get("base"),
        "seconds": card.get("seconds"),
        "candidate": _measured(card.get("candidate")),
        "live": _measured(card.get("live")),
        "gates": [
            {"name": each["name"], "passed": each["passed"], "decides": each["decides"], "says": each["says"]}
            for each in card.get("gates", ())
        ],
    }


def _measured(found: Mapping[str, Any] | None) -> Shape | None:
    if found is None:
        return None
    figures = found["figures"]
    return {
        "version": found["version"],
        "examples": figures["examples"],
        "accuracy": figures["accuracy"],
        "calibrationError": figures["calibration_error"],
        "noneShare": figures["none_share"],
        "sizeBytes": found["size_bytes"],
        "latencyMs": found["latency_ms"],
        "slices": [
            {"name": name, "accuracy": share, "examples": count} for name, (share, count) in figures["slices"].items()
        ],
    }


def _trial(run: Run, ports: AgentPorts) -> Shape | None:
    if run.stage is not Stage.TRIAL:
        return None
    trial = trial_of(run.percent, ports.releases.tallies.tallies(run.tenant, run.number, run.percent))
    found = judge(trial)
    return {
        "percent": run.percent,
        "shares": list(SHARES),
        "live": _arm(trial, 0),
        "candidate": _arm(trial, 1),
        "difference": found.figures.get("difference"),
        "atLeast": found.figures.get("at_least"),
        "step": found.step.value.upper(),
        "why": found.why,
    }


def _arm(trial: Trial, arm: int) -> Shape:
    used, away = ([pair[arm] for pair in counts.values()] for counts in (trial.used, trial.dismissed))
    return {
        "calls": trial.calls[arm],
        "shown": sum(each.shown for each in used),
        "used": sum(each.hits for each in used),
        "dismissed": sum(each.hits for each in away),
        "asked": trial.asked[arm],
        "failed": trial.failed[arm],
    }


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.releases": (ReleasesRequest, releases),
    "Query.release": (ReleaseRequest, release),
    "Mutation.takeReleaseBack": (ReleaseRequest, take_release_back),
}
