"""Rules of alerts are written, and alerts are looked at and acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.alerts.alert import Alert
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import MOST_RULES, BadRule, Kind, Rule, checked
from sotto.alerts.store import AlertChanged, AlertStore, Place, RuleStore, Sent
from sotto.api.alerts.access import check, reaches
from sotto.api.analytics.service import FigureService
from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock

AT_ONCE = 100
MOST_LOOKED_AT = 1_000
"""Of a tenant's alerts, to find those of a page that the caller may see."""
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class AlertPorts:
    """``figures``: asked whether a metric can be counted as a rule wants it."""

    rules: RuleStore
    alerts: AlertStore
    figures: FigureService
    audit: AuditLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class Listed:
    """``goes_on``: where the next page begins, None after the last."""

    alerts: tuple[Alert, ...]
    goes_on: Place | None


def rules_of(caller: Caller, ports: AlertPorts) -> list[Rule]:
    """By name, those that look at what the caller sees. Raises Unauthorised, Retryable."""
    check(caller, Action.READ_ALERTS)
    found = ports.rules.rules(caller.tenant)
    return [each for each in found if reaches(caller, Action.READ_ALERTS, each.teams)]


def save_rule(rule: Rule, caller: Caller, ports: AlertPorts) -> Rule:
    """``rule.version``: 1 for a new one, else one more than the caller has read. Answers with what is stored. Raises
    Unauthorised, BadRule, RuleChanged and Retryable."""
    _may_manage(rule, caller)
    before = ports.rules.rule(caller.tenant, rule.id)
    if before is not None and not reaches(caller, Action.MANAGE_ALERTS, before.teams):
        raise Unauthorised("id: is the id of a rule that is not yours to change")
    if before is None and len(ports.rules.rules(caller.tenant)) >= MOST_RULES:
        raise BadRule(f"rules: there are {MOST_RULES}; remove one first")
    checked(rule)
    if rule.kind in (Kind.THRESHOLD, Kind.CHANGE):
        _check_metric(rule, caller, ports)
    now_ms = int(ports.clock.now_ms())
    saved = replace(rule, tenant=caller.tenant, changed_by=caller.agent, changed_at_ms=now_ms)
    _note(caller, AuditAction.ALERT_RULE_CHANGED, f"alert-rule/{rule.id}", ports)
    ports.rules.save(saved)
    return saved


def remove_rule(rule_id: str, caller: Caller, ports: AlertPorts) -> None:
    """Its alerts stay. One that is not there is removed already. Raises Unauthorised, Retryable."""
    check(caller, Action.MANAGE_ALERTS)
    before = ports.rules.rule(caller.tenant, rule_id)
    if before is None:
        return
    if not reaches(caller, Action.MANAGE_ALERTS, before.teams):
        raise Unauthorised("id: there is no such rule among yours")
    _note(caller, AuditAction.ALERT_RULE_CHANGED, f"alert-rule/{rule_id}", ports)
    ports.rules.remove(caller.tenant, rule_id)


def list_alerts(
    caller: Caller, ports: AlertPorts, *, limit: int, before: Place | None = None, only_waiting: bool = False
) -> Listed:
    """The latest raised first. ``only_waiting``: those that nobody has acknowledged. Raises Unauthorised, Retryable."""
    check(caller, Action.READ_ALERTS)
    found: list[Alert] = []
    for _ in range(MOST_LOOKED_AT // AT_ONCE):
        page = ports.alerts.alerts(caller.tenant, limit=AT_ONCE, before=before)
        for each in page:
            before = Place(each.raised_at_ms, each.id)
            if not reaches(caller, Action.READ_ALERTS, each.teams) or (only_waiting and each.acknowledged_by):
                continue
            found.append(each)
            if len(found) == limit:
                return Listed(tuple(found), before)
        if len(page) < AT_ONCE:
            return Listed(tuple(found), None)
    return Listed(tuple(found), before)


def one_alert(alert_id: str, caller: Caller, ports: AlertPorts) -> tuple[Alert, Sequence[Sent]]:
    """With what became of its messages. Raises Unauthorised, Retryable."""
    found = _alert(alert_id, Action.READ_ALERTS, caller, ports)
    return found, ports.alerts.sent(caller.tenant, alert_id)


def acknowledge_alert(alert_id: str, caller: Caller, ports: AlertPorts) -> Alert:
    """Who is first stands; a second time changes nothing. Raises Unauthorised, AlertChanged, Retryable."""
    for _ in range(ATTEMPTS):
        found = _alert(alert_id, Action.MANAGE_ALERTS, caller, ports)
        if found.acknowledged_by:
            return found
        now_ms = int(ports.clock.now_ms())
        acknowledged = found.changed(acknowledged_by=caller.agent, acknowledged_at_ms=now_ms)
        try:
            ports.alerts.save(acknowledged)
        except AlertChanged:
            continue
        _note(caller, AuditAction.ALERT_ACKNOWLEDGED, f"alert/{alert_id}", ports)
        return acknowledged
    raise AlertChanged("alert: it changes all the time; try again")


def quiet_hours_of(caller: Caller, ports: AlertPorts) -> QuietHours:
    """Raises Unauthorised, Retryable."""
    if not caller.reach(Action.SET_QUIET_HOURS):
        check(caller, Action.READ_ALERTS)
    return ports.rules.quiet_hours(caller.tenant)


def save_quiet_hours(hours: QuietHours, caller: Caller, ports: AlertPorts) -> QuietHours:
    """``hours.version``: one more than the caller has read. Raises Unauthorised, BadRule, RuleChanged, Retryable."""
    if Reach.ANY not in caller.reach(Action.SET_QUIET_HOURS):
        raise Unauthorised("role: quiet hours are the whole tenant's; this role does not set them")
    hours.checked()
    _note(caller, AuditAction.ALERT_RULE_CHANGED, "alert-rule/quiet-hours", ports)
    ports.rules.save_quiet_hours(caller.tenant, hours)
    return hours


def _may_manage(rule: Rule, caller: Caller) -> None:
    check(caller, Action.MANAGE_ALERTS)
    if not reaches(caller, Action.MANAGE_ALERTS, rule.teams):
        raise Unauthorised("filters: name the teams that it looks at, of those that you supervise")


def _check_metric(rule: Rule, caller: Caller, ports: AlertPorts) -> None:
    """By asking for the figure as the caller: whoever counts knows metrics, dimensions and who sees what."""
    form = {
        "metric": rule.metric,
        "period": {"first": "2026-01-01", "last": "2026-01-01"},
        "dimensions": [rule.by] if rule.by else [],
        "filters": [{"dimension": each.dimension, "values": list(each.values)} for each in rule.filters],
    }
    claims = {
        "tenant": caller.tenant, "agent": caller.agent, "role": caller.role.value, "teams": sorted(caller.teams),
    }  # fmt: skip
    answer = ports.figures.ask({"ask": "figure", "form": form, "claims": claims})
    error = answer.get("error")
    if error is None:
        return
    if error["type"] == "Unauthorized":
        raise Unauthorised(error["message"])
    raise BadRule(error["message"])


def _alert(alert_id: str, action: Action, caller: Caller, ports: AlertPorts) -> Alert:
    check(caller, action)
    found = ports.alerts.alert(caller.tenant, alert_id)
    if found is None or not reaches(caller, action, found.teams):
        raise Unauthorised("alertId: there is no such alert among yours")
    return found


def _note(caller: Caller, action: AuditAction, record: str, ports: AlertPorts) -> None:
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, record, int(ports.clock.now_ms())))
