"""An alert, and what an evaluation makes of it: raised once, updated while its condition lasts, over when it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sotto.alerts.rule import Kind, Rule

STILL_MS = 3_600_000
"""A condition that comes back within so long has not been over: figures waver around a level."""
UNKNOWN_MS = 26 * 3_600_000
"""What nothing is known of for so long is over: a day in which nothing was counted, and the time of its files."""
MOST_CALLS = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule's metric is at one evaluation, over all or of one value (``name``) of ``dimension``. ``holds``: None
    where it rests on too little to say. ``before``: as many days before, or what is usual. ``first``, ``last``: days in
    UTC, both included."""

    holds: bool | None
    value: float
    counted: int
    first: str
    last: str
    dimension: str = ""
    name: str = ""
    before: float | None = None

    @property
    def subject(self) -> str:
        """Of a rule's readings each has its own."""
        return f"{self.dimension}={self.name}" if self.dimension else ""


@dataclass(frozen=True, slots=True)
class NoticedMoment:
    """``at_ms``: in the call; ``occurred_at_ms``: Unix epoch."""

    contact_id: str
    annotation_id: str
    name: str
    severity: str
    at_ms: int
    occurred_at_ms: int
    team: str | None = None
    queue: str | None = None
    utterance_id: str | None = None


@dataclass(frozen=True, slots=True)
class CallMoment:
    """Where to look in a call."""

    contact_id: str
    annotation_id: str
    name: str
    at_ms: int
    utterance_id: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """``number``: of the alerts of this rule and subject, from 1. ``rule_name``, ``kind``, ``metric``, ``level``,
    ``above``: of the rule when it was raised. ``teams``: whose calls it is about; empty: the tenant's.
    ``false_since_ms``: its condition has not held since; ``over_at_ms``: it is over since. ``looked_at_ms``: by the
    latest evaluation that counted. All times Unix epoch."""

    tenant: str
    id: str
    rule_id: str
    subject: str
    number: int
    rule_name: str
    kind: Kind
    raised_at_ms: int
    looked_at_ms: int
    teams: tuple[str, ...] = ()
    metric: str = ""
    level: float = 0.0
    above: bool = True
    dimension: str = ""
    name: str = ""
    value: float = 0.0
    before: float | None = None
    counted: int = 0
    first: str = ""
    last: str = ""
    filters: Mapping[str, tuple[str, ...]] | None = None
    moments: tuple[CallMoment, ...] = ()
    updates: int = 0
    false_since_ms: int | None = None
    over_at_ms: int | None = None
    acknowledged_by: str = ""
    acknowledged_at_ms: int | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        return self.over_at_ms is not None

    def changed(self, **fields: object) -> Alert:
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]


def after_reading(known: Alert | None, rule: Rule, reading: Reading, now_ms: int) -> Alert | None:
    """The alert of the rule and subject after an evaluation at ``now_ms``; the same object where nothing changes, None
    where there is none. ``known``: the latest one. What was looked at later already, and a replay, change nothing."""
    if known is None:
        return _raised(rule, reading, now_ms, 1) if reading.holds else None
    if now_ms <= known.looked_at_ms:
        return known
    if known.is_over:
        return _raised(rule, reading, now_ms, known.number + 1) if reading.holds else known
    if reading.holds is None:
        return after_nothing(known, now_ms)
    if not reading.holds:
        since_ms = known.false_since_ms if known.false_since_ms is not None else now_ms
        over_at_ms = now_ms if now_ms - since_ms >= STILL_MS else None
        return known.changed(looked_at_ms=now_ms, false_since_ms=since_ms, over_at_ms=over_at_ms)
    return known.changed(
        looked_at_ms=now_ms,
        false_since_ms=None,
        updates=known.updates + 1,
        value=reading.value,
        before=reading.before,
        counted=reading.counted,
        first=min(known.first, reading.first),
        last=reading.last,
    )


def after_nothing(known: Alert, now_ms: int) -> Alert:
    """Of what an evaluation could not judge, or no longer lists: as it was, for a while."""
    if known.is_over or now_ms - known.looked_at_ms < UNKNOWN_MS:
        return known
    return known.changed(looked_at_ms=now_ms, over_at_ms=now_ms)


def after_moment(known: Alert | None, rule: Rule, moment: NoticedMoment) -> Alert:
    """One alert of a rule and call, however many moments come, in whatever order and how often; the same object where
    nothing changes."""
    seen = CallMoment(moment.contact_id, moment.annotation_id, moment.name, moment.at_ms, moment.utterance_id)
    if known is None:
        raised = _begun(rule, moment.contact_id, 1, moment.occurred_at_ms, (moment.team,) if moment.team else ())
        return replace(raised, moments=(seen,), counted=1)
    if any(each.annotation_id == moment.annotation_id for each in known.moments) or len(known.moments) >= MOST_CALLS:
        return known
    return known.changed(
        moments=tuple(sorted((*known.moments, seen), key=lambda each: (each.at_ms, each.annotation_id))),
        counted=known.counted + 1,
        updates=known.updates + 1,
        looked_at_ms=max(known.looked_at_ms, moment.occurred_at_ms),
    )


def alert_id(rule_id: str, subject: str, number: int) -> str:
    """The same for whoever raises it: of two evaluations at once the second finds that it is there."""
    return "alert-" + hashlib.sha256(f"{rule_id}\n{subject}\n{number}".encode()).hexdigest()[:32]


def _raised(rule: Rule, reading: Reading, now_ms: int, number: int) -> Alert:
    teams = (reading.name,) if reading.dimension == "team" else rule.teams
    begun = _begun(rule, reading.subject, number, now_ms, teams)
    return replace(
        begun,
        dimension=reading.dimension,
        name=reading.name,
        value=reading.value,
        before=reading.before,
        counted=reading.counted,
        first=reading.first,
        last=reading.last,
    )


def _begun(rule: Rule, subject: str, number: int, at_ms: int, teams: tuple[str, ...]) -> Alert:
    return Alert(
        tenant=rule.tenant,
        id=alert_id(rule.id, subject, number),
        rule_id=rule.id,
        subject=subject,
        number=number,
        rule_name=rule.name,
        kind=rule.kind,
        raised_at_ms=at_ms,
        looked_at_ms=at_ms,
        teams=teams,
        metric=rule.metric,
        level=rule.level,
        above=rule.above,
        filters={each.dimension: each.values for each in rule.filters},
    )
