"""A region: its cells, each in stacks by how long they live."""

from __future__ import annotations

from typing import Any

from aws_cdk import Environment, Stage
from constructs import Construct

from infra.deployment import Cell, Deployment
from infra.stacks.alerts import AlertsStack
from infra.stacks.call_path import CallPathStack
from infra.stacks.data import DataStack
from infra.stacks.imports import ImportsStack
from infra.stacks.learning import LearningStack
from infra.stacks.media_gateway import MediaGatewayStack
from infra.stacks.models import ModelsStack
from infra.stacks.observability import ObservabilityStack
from infra.stacks.panel_fields import PanelFieldsStack
from infra.stacks.replica import ReplicaStack
from infra.stacks.rest_api import RestApiStack
from infra.stacks.siprec import SiprecStack
from infra.stacks.workflows import WorkflowsStack


class RegionStage(Stage):
    """Stands alone: nothing in it refers to another region, but for the copies that the deployment file asks for."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, region: str) -> None:
        super().__init__(scope, id, env=Environment(account=deployment.account, region=region))
        self.cells = {cell.title: CellStacks(self, cell, deployment, region) for cell in deployment.cells(region)}


class CellStacks:
    def __init__(self, stage: Stage, cell: Cell, deployment: Deployment, region: str) -> None:
        settings = deployment.regions[region]
        self.data = DataStack(
            stage,
            f"{cell.title}-data",
            cell=cell,
            emails=deployment.alarm_emails,
            replicas=settings.replicas,
            **_named(cell, "data", lasting=True),
        )
        for replica in settings.replicas:
            there = ReplicaStack(
                stage,
                f"{cell.title}-replica-{replica}",
                cell=cell,
                env=Environment(account=deployment.account, region=replica),
                **_named(cell, f"replica-of-{region}", lasting=True),
            )
            self.data.add_stack_dependency(there)
        records, topic = self.data.records, self.data.alarms
        self.models = ModelsStack(
            stage,
            f"{cell.title}-models",
            cell=cell,
            region=settings,
            records=records,
            topic=topic,
            **_named(cell, "models"),
        )
        self.call_path = CallPathStack(
            stage,
            f"{cell.title}-call-path",
            cell=cell,
            region=settings,
            records=records,
            shard=self.models.shard,
            writer=self.models.writer,
            recogniser=self.models.recogniser,
            **_named(cell, "call-path"),
        )
        self.panel_fields = PanelFieldsStack(
            stage, f"{cell.title}-panel-fields", call_path=self.call_path, **_named(cell, "panel-fields")
        )
        if cell.rest_api:
            RestApiStack(
                stage,
                f"{cell.title}-rest-api",
                cell=cell,
                region=settings,
                records=records,
                models=self.models,
                call_path=self.call_path,
                topic=topic,
                **_named(cell, "rest-api"),
            )
        if cell.voice_connectors:
            SiprecStack(
                stage,
                f"{cell.title}-siprec",
                cell=cell,
                region=settings,
                records=records,
                call_path=self.call_path,
                topic=topic,
                **_named(cell, "siprec"),
            )
        if cell.imports:
            ImportsStack(
                stage,
                f"{cell.title}-imports",
                cell=cell,
                region=settings,
                records=records,
                models=self.models,
                call_path=self.call_path,
                topic=topic,
                **_named(cell, "imports"),
            )
        if cell.media_gateway is not None:
            MediaGatewayStack(
                stage,
                f"{cell.title}-media-gateway",
                cell=cell,
                region=settings,
                settings=cell.media_gateway,
                records=records,
                call_path=self.call_path,
                topic=topic,
                **_named(cell, "media-gateway"),
            )
        self.learning = LearningStack(
            stage,
            f"{cell.title}-learning",
            cell=cell,
            region=settings,
            records=records,
            shard=self.models.shard,
            **_named(cell, "learning"),
        )
        self.alerts = AlertsStack(
            stage,
            f"{cell.title}-alerts",
            cell=cell,
            region=settings,
            records=records,
            manager_url=self.call_path.manager_url,
            **_named(cell, "alerts"),
        )
        self.workflows = WorkflowsStack(
            stage,
            f"{cell.title}-workflows",
            cell=cell,
            region=settings,
            records=records,
            models=self.models,
            **_named(cell, "workflows"),
        )
        self.observability = ObservabilityStack(
            stage,
            f"{cell.title}-observability",
            cell=cell,
            region=settings,
            call_path=self.call_path,
            learning=self.learning,
            alerts=self.alerts,
            workflows=self.workflows,
            events=self.data.events,
            topic=topic,
            **_named(cell, "observability"),
        )
        self.models.add_stack_dependency(self.data)
        self.call_path.add_stack_dependency(self.models)
        for after_calls in (self.learning, self.alerts, self.workflows):
            after_calls.add_stack_dependency(self.call_path)  # where the tenants' roles are


def _named(cell: Cell, lifecycle: str, *, lasting: bool = False) -> dict[str, Any]:
    return {
        "stack_name": f"{cell.deployment}-{cell.title}-{lifecycle}",
        "description": f"Sotto, {cell.title}: {lifecycle.replace('-', ' ')}",
        "termination_protection": lasting,
        "tags": {"sotto:deployment": cell.deployment, "sotto:cell": cell.title},
    }
