"""What watches figures and moments by the tenants' rules, and sends alerts: no call waits for any of it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.alert_topics import AlertTopics
from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.event_bus import Subscriptions
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.capabilities.timetable import Timetable
from infra.deployment import Cell, Region
from sotto.core.needs import SendsAlerts
from sotto.core.resources import EVENTS, resources_of


class AlertsStack(Stack):
    """``manager_url``: the address of the manager's app."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        manager_url: str,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        self.functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="alerts")
        Timetable(self, "Timetable", prefix=cell.prefix, functions=self.functions.by_name.values())
        self.subscriptions = Subscriptions(
            self,
            "Subscriptions",
            cell=cell,
            bus=EVENTS,
            rules=resources_of(cell.functions_in("alerts")).rules_of(EVENTS),
            functions=self.functions.by_name,
            key=records.key,
        )
        topics = AlertTopics(self, "Topics", cell=cell, records=records)
        topics.let_publish(self.functions.that_need(SendsAlerts), manager_url)
        self.functions.let_sweep()
        if region.release == "canary":
            Releases(self, "Releases", functions=self.functions.by_name.values())
