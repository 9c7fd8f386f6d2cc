"""Rules and alerts: evaluate_alerts, alert_on_moment, and who shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import AlertTopics
from sotto.wiring.analytics import AnalyticsParts
from sotto.wiring.stores import StoreParts

if TYPE_CHECKING:
    from sotto.alerts.adapters.dynamodb_alerts import DynamoAlertRules, DynamoAlerts
    from sotto.alerts.adapters.sns_topics import SnsTopics
    from sotto.alerts.deliver import DeliverPorts
    from sotto.alerts.evaluate import EvaluatePorts, RaisePorts
    from sotto.alerts.moments import MomentPorts


class AlertStoreParts(StoreParts):
    """Without what counts."""

    @built
    def alert_rules(self) -> DynamoAlertRules:
        from sotto.alerts.adapters.dynamodb_alerts import DynamoAlertRules

        return DynamoAlertRules(self.contact_table[0])

    @built
    def alerts(self) -> DynamoAlerts:
        from sotto.alerts.adapters.dynamodb_alerts import DynamoAlerts

        return DynamoAlerts(*self.contact_table)

    @built
    def raise_ports(self) -> RaisePorts:
        from sotto.alerts.evaluate import RaisePorts

        return RaisePorts(self.alert_rules, self.alerts, self.audit_log, self.clock)

    @built
    def moment_alert_ports(self) -> MomentPorts:
        from sotto.alerts.moments import MomentPorts

        return MomentPorts(self.raise_ports, self.conversations, self.contacts)

    @built
    def alert_topics(self) -> SnsTopics:
        """By a client that never tries again by itself: a topic would take the message twice."""
        from botocore.config import Config

        from sotto.alerts.adapters.sns_topics import SnsTopics

        known = self.settings.of(AlertTopics)
        once = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10)
        return SnsTopics(self.session.client("sns", config=once), known.topic, known.manager)

    @built
    def deliver_alert_ports(self) -> DeliverPorts:
        from sotto.alerts.deliver import DeliverPorts
        from sotto.core.metrics.measure import ALERTS_SENT

        def noted(channel: str, outcome: str) -> None:
            self.metrics.add(ALERTS_SENT, channel=channel, outcome=outcome)

        return DeliverPorts(self.alerts, self.alerts, self.alert_topics, self.clock, noted)


class AlertParts(AlertStoreParts, AnalyticsParts):
    @built
    def evaluate_alert_ports(self) -> EvaluatePorts:
        from sotto.alerts.evaluate import EvaluatePorts
        from sotto.wiring.alert_readings import FigureReadings

        metrics = self.metrics_catalogue

        def skipped(rule_id: str, error: str) -> None:
            self.logger("evaluate_alerts").warning("rule skipped", extra={"rule": rule_id, "error": error})

        return EvaluatePorts(self.raise_ports, FigureReadings(lambda tenant: metrics, self.figure_query), skipped)
