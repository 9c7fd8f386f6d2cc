"""Rules are evaluated: what their figures are now raises alerts, updates them, and ends them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sotto.alerts.alert import Alert, NoticedMoment, Reading, after_moment, after_nothing, after_reading
from sotto.alerts.rule import SEVERITIES, BadRule, Channel, InQuietHours, Kind, Rule
from sotto.alerts.store import AlertChanged, AlertStore, RuleStore, Sending
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.errors import Rejected

ATTEMPTS = 4
US = "sotto/alerts"
DROPPED = 0
"""Where a sending would be due, of a rule that wants nothing of quiet hours."""


class Readings(Protocol):
    def of(self, rule: Rule, now_ms: int) -> Sequence[Reading]:
        """What the rule looks at is now; of each value of its dimension at most one. Raises Rejected for a metric or a
        dimension that is not known any more, and Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class RaisePorts:
    rules: RuleStore
    alerts: AlertStore
    audit: AuditLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class EvaluatePorts:
    """``skipped``: learns the id of a rule that could not be evaluated, and the kind of error."""

    raising: RaisePorts
    readings: Readings
    skipped: Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Evaluated:
    rules: int
    raised: int


def evaluate(tenant: str, ports: EvaluatePorts) -> Evaluated:
    """All rules of the tenant that are on. One that cannot be evaluated holds up no other. Raises Retryable."""
    now_ms, raised = int(ports.raising.clock.now_ms()), 0
    rules = [each for each in ports.raising.rules.rules(tenant) if each.is_on]
    for rule in rules:
        if rule.kind is Kind.MOMENT:
            _end_unlisted(rule, (), now_ms, ports.raising)
            continue
        try:
            readings = ports.readings.of(rule, now_ms)
        except Rejected as error:
            ports.skipped(rule.id, type(error).__name__)
            continue
        raised += sum(apply_reading(rule, each, now_ms, ports.raising) for each in readings)
        _end_unlisted(rule, readings, now_ms, ports.raising)
    return Evaluated(len(rules), raised)


def apply_reading(rule: Rule, reading: Reading, now_ms: int, ports: RaisePorts) -> bool:
    """Whether it raised an alert: not if another evaluation has. Raises AlertChanged, Retryable."""

    def after(known: Alert | None) -> Alert | None:
        return after_reading(known, rule, reading, now_ms)

    return _apply(rule, reading.subject, after, now_ms, ports)


def apply_moment(rule: Rule, moment: NoticedMoment, now_ms: int, ports: RaisePorts) -> bool:
    """As ``apply_reading``, of a rule that the moment matches."""

    def after(known: Alert | None) -> Alert | None:
        return after_moment(known, rule, moment)

    return _apply(rule, moment.contact_id, after, now_ms, ports)


def matches(rule: Rule, moment: NoticedMoment) -> bool:
    if not rule.is_on or rule.kind is not Kind.MOMENT or moment.severity not in SEVERITIES:
        return False
    teams, queues = rule.values_of("team"), rule.values_of("queue")
    return (
        SEVERITIES.index(moment.severity) >= SEVERITIES.index(rule.severity)
        and (not rule.moments or moment.name in rule.moments)
        and (not teams or moment.team in teams)
        and (not queues or moment.queue in queues)
    )


def _apply(
    rule: Rule, subject: str, after: Callable[[Alert | None], Alert | None], now_ms: int, ports: RaisePorts
) -> bool:
    for _ in range(ATTEMPTS):
        known = ports.alerts.latest(rule.tenant, rule.id, subject)
        now = after(known)
        if now is None or now is known:
            return False
        is_new = now.version == 1
        try:
            ports.alerts.save(now, _sendings(now, rule, now_ms, ports.rules) if is_new else ())
        except AlertChanged:
            continue
        if is_new:
            entry = AuditEntry(rule.tenant, US, AuditAction.ALERT_RAISED, f"alert/{now.id}", now.raised_at_ms)
            ports.audit.append(entry)
        return is_new
    raise AlertChanged(f"{ATTEMPTS} attempts met a change each time")


def _sendings(alert: Alert, rule: Rule, now_ms: int, rules: RuleStore) -> list[Sending]:
    if not rule.channels:
        return []
    try:
        quiet_until_ms = rules.quiet_hours(alert.tenant).until_ms(now_ms)
    except BadRule:
        quiet_until_ms = None  # written by an older version: an alert too many is better than one too few
    in_digest = quiet_until_ms is not None
    due_at_ms = now_ms if quiet_until_ms is None else quiet_until_ms
    if in_digest and rule.in_quiet_hours is InQuietHours.DROP:
        due_at_ms = DROPPED
    return [
        Sending(alert.tenant, alert.id, channel, due_at_ms, in_digest)
        for channel in sorted(rule.channels, key=list(Channel).index)
    ]


def _end_unlisted(rule: Rule, readings: Sequence[Reading], now_ms: int, ports: RaisePorts) -> None:
    """Values of the rule's dimension of which nothing was counted, and calls of which no moment comes any more."""
    listed = {each.subject for each in readings}
    for known in ports.alerts.latest_of(rule.tenant, rule.id):
        if known.subject in listed or (now := after_nothing(known, now_ms)) is known:
            continue
        with suppress(AlertChanged):  # the next evaluation looks again
            ports.alerts.save(now)
