"""A rule and a reading, as tests want them, and a desk at which rules are evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sotto.alerts.alert import Reading
from sotto.alerts.deliver import DeliverPorts, deliver_due
from sotto.alerts.evaluate import EvaluatePorts, RaisePorts, evaluate
from sotto.alerts.rule import Channel, Kind, Rule
from tests.fakes.alerts import AlertRulesInMemory, AlertsInMemory, ReadingsByHand, TopicsInMemory
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand

NOW = 1_790_000_000_000
MINUTE = 60_000


def any_rule(**changed: Any) -> Rule:
    both = frozenset(Channel)
    made = Rule("bank", "r1", "Long calls", Kind.THRESHOLD, "ann", NOW, "average_handle_time", channels=both)
    return replace(made, **changed)


def reading(holds: bool | None, value: float = 500.0, name: str = "") -> Reading:
    return Reading(holds, value, 40, "2026-09-21", "2026-09-21", "queue" if name else "", name)


@dataclass
class AlertDesk:
    """Rules, alerts, a clock and channels, in memory."""

    clock: ClockByHand = field(default_factory=lambda: ClockByHand(NOW))
    rules: AlertRulesInMemory = field(default_factory=AlertRulesInMemory)
    alerts: AlertsInMemory = field(default_factory=AlertsInMemory)
    readings: ReadingsByHand = field(default_factory=ReadingsByHand)
    topic: TopicsInMemory = field(default_factory=TopicsInMemory)
    audit: AuditLogInMemory = field(default_factory=AuditLogInMemory)
    skipped: list[str] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def raising(self) -> RaisePorts:
        return RaisePorts(self.rules, self.alerts, self.audit, self.clock)

    def look(self, *found: Reading) -> int:
        """One evaluation and delivery; how many alerts it raised."""
        self.readings.now = list(found)
        raised = self.evaluate()
        self.deliver()
        return raised

    def evaluate(self) -> int:
        ports = EvaluatePorts(self.raising, self.readings, lambda rule, error: self.skipped.append(rule))
        return evaluate("bank", ports).raised

    def deliver(self) -> int:
        def noted(channel: str, outcome: str) -> None:
            self.noted.append((channel, outcome))

        return deliver_due("bank", DeliverPorts(self.alerts, self.alerts, self.topic, self.clock, noted))
