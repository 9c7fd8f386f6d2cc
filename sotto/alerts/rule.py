"""What a tenant wants to be alerted to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sotto.core.errors import Rejected, Retryable

SEVERITIES = ("low", "medium", "high")
MOST_DAYS, MOST_FILTERS, MOST_VALUES, MOST_MOMENTS = 90, 5, 50, 50
MOST_RULES = 100
LONGEST_NAME = 120
ANOMALY_DIMENSIONS = ("queue", "team", "disposition")
"""Of which the detector of sotto.analytics keeps series."""
DRIFT_DIMENSIONS = ("queue", "team", "language")
"""By which it tells calls apart."""
OF_PERSONS = frozenset({"agent"})
"""No rule looks at one person: an alert goes to many, and by e-mail."""
_TIMES = frozenset({"day", "week", "month", "hour", "weekday"})


class BadRule(Rejected):
    """A field of a rule is wrong; the message names it and never repeats its value."""


class RuleChanged(Retryable):
    """Somebody changed the rule in the same moment."""


class Kind(StrEnum):
    """``THRESHOLD``: a metric is above or below a level. ``CHANGE``: it has risen or fallen by so many per cent against
    as many days before. ``ANOMALY``: there are many more or fewer conversations than usual at these hours. ``DRIFT``:
    what customers say is unlike the weeks before. ``MOMENT``: something is noticed on a call."""

    THRESHOLD = "threshold"
    CHANGE = "change"
    ANOMALY = "anomaly"
    DRIFT = "drift"
    MOMENT = "moment"


class InQuietHours(StrEnum):
    """What becomes of e-mails and webhooks that fall in them: one digest afterwards, or nothing."""

    DIGEST = "digest"
    DROP = "drop"


class Channel(StrEnum):
    """Beside the manager's app, which shows every alert."""

    EMAIL = "email"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class RuleFilter:
    dimension: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """``by``: an alert for each value of this dimension; empty: one over all. ``days``: the last so many, today
    included, in UTC. ``above``: the level is exceeded, or has risen; else it is fallen short of. ``level``: in the
    metric's unit, or per cent of a CHANGE. ``at_least``: rows that a figure must rest on. ``moments``: by name, empty:
    any; ``severity``: at least. ``version``: rises with each change, 1 for a new one."""

    tenant: str
    id: str
    name: str
    kind: Kind
    changed_by: str
    changed_at_ms: int
    metric: str = ""
    filters: tuple[RuleFilter, ...] = ()
    by: str = ""
    days: int = 1
    above: bool = True
    level: float = 0.0
    at_least: int = 20
    moments: tuple[str, ...] = ()
    severity: str = "high"
    channels: frozenset[Channel] = frozenset()
    in_quiet_hours: InQuietHours = InQuietHours.DIGEST
    is_on: bool = True
    version: int = 1

    def values_of(self, dimension: str) -> tuple[str, ...]:
        """Empty: any."""
        return tuple(value for each in self.filters if each.dimension == dimension for value in each.values)

    @property
    def teams(self) -> tuple[str, ...]:
        """Whose calls it looks at; empty: the whole tenant's."""
        return self.values_of("team")

    def next_version(self) -> Rule:
        return replace(self, version=self.version + 1)


def checked(rule: Rule) -> Rule:
    """The same. Whether its metric knows its dimensions is asked where figures are counted. Raises BadRule."""
    for message in _mistakes(rule):
        raise BadRule(message)
    return rule


def _mistakes(rule: Rule) -> Iterable[str]:
    if not rule.name.strip() or len(rule.name) > LONGEST_NAME or not rule.name.isprintable():
        yield f"name: 1 to {LONGEST_NAME} printable characters, on one line"
    if not 1 <= rule.days <= MOST_DAYS:
        yield f"days: 1 to {MOST_DAYS}"
    if rule.at_least < 1:
        yield "atLeast: 1 or more"
    if len(rule.filters) > MOST_FILTERS:
        yield f"filters: at most {MOST_FILTERS}"
    if len({each.dimension for each in rule.filters}) != len(rule.filters):
        yield "filters: name each dimension once"
    if any(not 1 <= len(each.values) <= MOST_VALUES for each in rule.filters):
        yield f"filters: 1 to {MOST_VALUES} values each"
    named = {each.dimension for each in rule.filters} | {rule.by}
    if named & OF_PERSONS:
        yield "filters, by: an alert is about no single agent; choose a team, a queue or another dimension"
    if named & _TIMES:
        yield "filters, by: days are given by 'days'; choose another dimension"
    yield from _OF_KIND[rule.kind](rule)


def _of_figure(rule: Rule) -> Iterable[str]:
    if not rule.metric:
        yield "metric: choose one"
    if rule.kind is Kind.CHANGE and not 0 < rule.level <= 1_000:
        yield "level: per cent, above 0 and at most 1,000"
    if rule.level != rule.level or abs(rule.level) > 1e12:
        yield "level: a number"


def _of_anomaly(rule: Rule) -> Iterable[str]:
    if rule.by and rule.by not in ANOMALY_DIMENSIONS:
        yield f"by: what is usual is known by {', '.join(ANOMALY_DIMENSIONS)}"


def _of_drift(rule: Rule) -> Iterable[str]:
    if rule.by and rule.by not in DRIFT_DIMENSIONS:
        yield f"by: calls are told apart by {', '.join(DRIFT_DIMENSIONS)}"
    if any(each.dimension not in DRIFT_DIMENSIONS for each in rule.filters):
        yield f"filters: calls are told apart by {', '.join(DRIFT_DIMENSIONS)}"


def _of_moment(rule: Rule) -> Iterable[str]:
    if rule.severity not in SEVERITIES:
        yield f"severity: one of {', '.join(SEVERITIES)}"
    if len(rule.moments) > MOST_MOMENTS:
        yield f"moments: at most {MOST_MOMENTS}"
    if rule.by or any(each.dimension not in ("team", "queue") for each in rule.filters):
        yield "filters: a call under way is known by team and queue"


_OF_KIND = {
    Kind.THRESHOLD: _of_figure,
    Kind.CHANGE: _of_figure,
    Kind.ANOMALY: _of_anomaly,
    Kind.DRIFT: _of_drift,
    Kind.MOMENT: _of_moment,
}
