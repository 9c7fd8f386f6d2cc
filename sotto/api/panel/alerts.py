"""Alerts on the manager's app. Who may see and write which is asked by each use case (sotto.api.alerts)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from sotto.alerts.alert import Alert
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import BadRule, Channel, InQuietHours, Kind, Rule, RuleChanged, RuleFilter
from sotto.alerts.store import Place, Sent
from sotto.api.alerts import use_cases
from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, RequestModel
from sotto.realtime.shapes import Shape

Text = Annotated[str, StringConstraints(min_length=1, max_length=256)]
_PLACE = re.compile(r"(\d{1,15})-(alert-[0-9a-f]{32})")


class WrittenFilter(RequestModel):
    dimension: Text
    values: Annotated[tuple[Text, ...], Field(max_length=50)]


class WrittenRule(RequestModel):
    """``version``: as it was read, 0 for a new rule."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
    version: Annotated[int, Field(ge=0)] = 0
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
    kind: Kind
    metric: Annotated[str, Field(max_length=100)] = ""
    filters: Annotated[tuple[WrittenFilter, ...], Field(max_length=10)] = ()
    by: Annotated[str, Field(max_length=100)] = ""
    days: int = 1
    above: bool = True
    level: float = 0.0
    at_least: int = 20
    moments: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    severity: Annotated[str, Field(max_length=20)] = "high"
    channels: frozenset[Channel] = frozenset()
    in_quiet_hours: InQuietHours = InQuietHours.DIGEST
    is_on: bool = True

    @field_validator("kind", "severity", "in_quiet_hours", mode="before")
    @classmethod
    def _as_kept(cls, written: Any) -> Any:
        return written.lower() if isinstance(written, str) else written

    @field_validator("channels", mode="before")
    @classmethod
    def _all_as_kept(cls, written: Any) -> Any:
        return [each.lower() for each in written] if isinstance(written, list) else (written or ())

    @field_validator("metric", "by", "filters", "moments", mode="before")
    @classmethod
    def _left_out(cls, written: Any, field: Any) -> Any:
        return cls.model_fields[field.field_name].default if written is None else written

    def rule(self, tenant: str) -> Rule:
        return Rule(
            tenant=tenant,
            id=self.id,
            name=self.name,
            kind=self.kind,
            changed_by="",
            changed_at_ms=0,
            metric=self.metric,
            filters=tuple(RuleFilter(each.dimension, each.values) for each in self.filters),
            by=self.by,
            days=self.days,
            above=self.above,
            level=self.level,
            at_least=self.at_least,
            moments=self.moments,
            severity=self.severity,
            channels=self.channels,
            in_quiet_hours=self.in_quiet_hours,
            is_on=self.is_on,
            version=self.version + 1,
        )


class SavedRule(RequestModel):
    rule: WrittenRule


class AboutRule(RequestModel):
    rule_id: Id


class AboutAlert(RequestModel):
    alert_id: Id


class AlertsRequest(RequestModel):
    first: Annotated[int, Field(ge=1, le=100)] = 25
    after: Annotated[str, Field(max_length=200)] | None = None
    only_waiting: bool = False


class WrittenHours(RequestModel):
    zone: Text
    begins: Text
    ends: Text
    days: Annotated[tuple[int, ...], Field(max_length=7)]
    version: Annotated[int, Field(ge=0)]


class SavedHours(RequestModel):
    hours: WrittenHours


@contextmanager
def _with_the_reason() -> Iterator[None]:
    try:
        yield
    except (BadRule, RuleChanged) as error:
        raise BadRequest(str(error)) from None


def alert_rules(asked: RequestModel, caller: Caller, ports: AgentPorts) -> list[Shape]:
    return [rule_shape(each) for each in use_cases.rules_of(caller, ports.alerts)]


def save_alert_rule(asked: SavedRule, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return rule_shape(use_cases.save_rule(asked.rule.rule(caller.tenant), caller, ports.alerts))


def remove_alert_rule(asked: AboutRule, caller: Caller, ports: AgentPorts) -> str:
    use_cases.remove_rule(asked.rule_id, caller, ports.alerts)
    return asked.rule_id


def alerts(asked: AlertsRequest, caller: Caller, ports: AgentPorts) -> Shape:
    before = None if asked.after is None else _place(asked.after)
    found = use_cases.list_alerts(
        caller, ports.alerts, limit=asked.first, before=before, only_waiting=asked.only_waiting
    )
    goes_on = found.goes_on
    return {
        "alerts": [alert_shape(each) for each in found.alerts],
        "cursor": None if goes_on is None else f"{goes_on.raised_at_ms}-{goes_on.id}",
    }


def alert(asked: AboutAlert, caller: Caller, ports: AgentPorts) -> Shape:
    found, sent = use_cases.one_alert(asked.alert_id, caller, ports.alerts)
    return alert_shape(found, sent)


def acknowledge_alert(asked: AboutAlert, caller: Caller, ports: AgentPorts) -> Shape:
    done = use_cases.acknowledge_alert(asked.alert_id, caller, ports.alerts)
    return alert_shape(done, ports.alerts.alerts.sent(caller.tenant, done.id))


def quiet_hours(asked: RequestModel, caller: Caller, ports: AgentPorts) -> Shape:
    return hours_shape(use_cases.quiet_hours_of(caller, ports.alerts))


def save_quiet_hours(asked: SavedHours, caller: Caller, ports: AgentPorts) -> Shape:
    given = asked.hours
    hours = QuietHours(given.zone, given.begins, given.ends, given.days, given.version + 1)
    with _with_the_reason():
        return hours_shape(use_cases.save_quiet_hours(hours, caller, ports.alerts))


def rule_shape(rule: Rule) -> Shape:
    return {
        "id": rule.id,
        "version": rule.version,
        "name": rule.name,
        "kind": rule.kind.value.upper(),
        "metric": rule.metric or None,
        "filters": [{"dimension": each.dimension, "values": list(each.values)} for each in rule.filters],
        "by": rule.by or None,
        "days": rule.days,
        "above": rule.above,
        "level": rule.level,
        "atLeast": rule.at_least,
        "moments": list(rule.moments),
        "severity": rule.severity.upper(),
        "channels": sorted(each.value.upper() for each in rule.channels),
        "inQuietHours": rule.in_quiet_hours.value.upper(),
        "isOn": rule.is_on,
        "changedBy": rule.changed_by,
        "changedAtMs": rule.changed_at_ms,
    }


def alert_shape(found: Alert, sent: Sequence[Sent] = ()) -> Shape:
    return {
        "id": found.id,
        "ruleId": found.rule_id,
        "ruleName": found.rule_name,
        "kind": found.kind.value.upper(),
        "metric": found.metric or None,
        "level": found.level,
        "above": found.above,
        "dimension": found.dimension or None,
        "name": found.name or None,
        "teams": list(found.teams),
        "filters": [{"dimension": name, "values": list(of)} for name, of in (found.filters or {}).items()],
        "value": found.value,
        "before": found.before,
        "counted": found.counted,
        "first": found.first or None,
        "last": found.last or None,
        "moments": [
            {
                "contactId": each.contact_id,
                "annotationId": each.annotation_id,
                "utteranceId": each.utterance_id,
                "name": each.name,
                "atMs": each.at_ms,
            }
            for each in found.moments
        ],
        "raisedAtMs": found.raised_at_ms,
        "lookedAtMs": found.looked_at_ms,
        "updates": found.updates,
        "overAtMs": found.over_at_ms,
        "acknowledgedBy": found.acknowledged_by or None,
        "acknowledgedAtMs": found.acknowledged_at_ms,
        "sent": [
            {"channel": each.channel.value.upper(), "outcome": each.outcome.value.upper(), "atMs": each.at_ms}
            for each in sent
        ],
    }


def hours_shape(hours: QuietHours) -> Shape:
    return {
        "zone": hours.zone,
        "begins": hours.begins,
        "ends": hours.ends,
        "days": list(hours.days),
        "version": hours.version,
    }


def _place(cursor: str) -> Place:
    """Names a place and gives no right: what may be seen is asked anew with each page."""
    found = _PLACE.fullmatch(cursor)
    if found is None:
        raise BadRequest("after: no cursor of ours; ask for the first page without one")
    return Place(int(found[1]), found[2])


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.alertRules": (RequestModel, alert_rules),
    "Query.alerts": (AlertsRequest, alerts),
    "Query.alert": (AboutAlert, alert),
    "Query.quietHours": (RequestModel, quiet_hours),
    "Mutation.saveAlertRule": (SavedRule, save_alert_rule),
    "Mutation.removeAlertRule": (AboutRule, remove_alert_rule),
    "Mutation.acknowledgeAlert": (AboutAlert, acknowledge_alert),
    "Mutation.saveQuietHours": (SavedHours, save_quiet_hours),
}
