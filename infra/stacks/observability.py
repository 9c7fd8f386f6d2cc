"""Metrics, alarms and dashboards; may be replaced at any time."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.aws_metrics import AwsMetrics
from infra.capabilities.call_alarms import CallAlarms
from infra.capabilities.dashboards import CellDashboard, TenantDashboard
from infra.capabilities.desktop_api import STAGE
from infra.capabilities.event_bus import ConversationEvents
from infra.deployment import Cell, Region
from infra.stacks.alerts import AlertsStack
from infra.stacks.call_path import CallPathStack
from infra.stacks.learning import LearningStack
from infra.stacks.workflows import WorkflowsStack


class ObservabilityStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        call_path: CallPathStack,
        learning: LearningStack,
        alerts: AlertsStack,
        workflows: WorkflowsStack,
        events: ConversationEvents,
        topic: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        aside = (learning, alerts, workflows)
        functions = [each for stack in (call_path, *aside) for each in stack.functions.by_name.values()]
        failures = [each.failures for each in functions if each.failures is not None]
        queues = (*failures, *call_path.given_up.values())
        desktops = (call_path.desktops.api.api_id, STAGE) if call_path.desktops is not None else None
        subscribed = [each for stack in (call_path, *aside) for each in stack.subscriptions.undelivered.values()]
        undelivered = (events.undelivered, *subscribed)
        after_calls = (call_path.after_call.arn, call_path.review.arn, workflows.machine.arn)
        aws = AwsMetrics(cell, call_path.machine.arn, after_calls, call_path.api.id, queues, undelivered, desktops)
        CallAlarms(self, "Calls", cell=cell, region=region, aws=aws, topic=topic)
        CellDashboard(self, "Dashboard", cell=cell, aws=aws)
        for tenant in cell.tenants:
            TenantDashboard(self, f"Tenant-{tenant}", cell=cell, tenant=tenant)
