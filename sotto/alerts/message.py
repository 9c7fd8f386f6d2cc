"""What an e-mail says of alerts: the rule's name, a figure, a link. Names of teams, calls and people stay behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.alerts.alert import Alert
from sotto.alerts.rule import Kind

LONGEST_SUBJECT = 100
"""SNS: ASCII, on one line. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str


def message_of(alerts: Sequence[Alert], address: str | None) -> Message:
    """``alerts``: at least one. ``address``: of the manager's app."""
    (first, *others) = alerts
    title = f"{len(alerts)} alerts from quiet hours" if others else f"Alert: {first.rule_name}"
    lines = [_line(each, address) for each in alerts]
    return Message(_ascii(title)[:LONGEST_SUBJECT], "\n\n".join(lines) + "\n")


def _line(alert: Alert, address: str | None) -> str:
    link = f"\n{address}#/alerts/{alert.id}" if address else ""
    return f"{alert.rule_name}\n{figure_of(alert)}{link}"


def figure_of(alert: Alert) -> str:
    """In English."""
    value, before = _number(alert.value), None if alert.before is None else _number(alert.before)
    match alert.kind:
        case Kind.MOMENT:
            return "Noticed on a call"
        case Kind.ANOMALY:
            return f"{value} conversations, usually {before}"
        case Kind.DRIFT:
            return f"Calls are unlike the weeks before: expected accuracy {value}, {before} before"
        case Kind.CHANGE:
            return f"{value}, {before} in the period before"
        case Kind.THRESHOLD:
            return f"{value}, {'above' if alert.above else 'below'} {_number(alert.level)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()
