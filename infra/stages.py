"""A region: its cells, each in stacks by how long they live."""

from __future__ import annotations

from typing import Any

from aws_cdk import Environment, Stage
from constructs import Construct

from infra.deployment import Cell, Deployment, Region
from infra.stacks.call_path import CallPathStack
from infra.stacks.data import DataStack
from infra.stacks.models import ModelsStack


class RegionStage(Stage):
    """Stands alone: nothing in it refers to another region."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, region: str) -> None:
        super().__init__(scope, id, env=Environment(account=deployment.account, region=region))
        self.cells = {
            cell.title: CellStacks(self, cell, deployment.regions[region]) for cell in deployment.cells(region)
        }


class CellStacks:
    def __init__(self, stage: Stage, cell: Cell, region: Region) -> None:
        self.data = DataStack(stage, f"{cell.title}-data", cell=cell, **_named(cell, "data", protected=True))
        records = self.data.records
        self.models = ModelsStack(
            stage, f"{cell.title}-models", cell=cell, region=region, records=records, **_named(cell, "models")
        )
        self.call_path = CallPathStack(
            stage,
            f"{cell.title}-call-path",
            cell=cell,
            region=region,
            records=records,
            shard=self.models.shard,
            **_named(cell, "call-path"),
        )
        self.models.add_stack_dependency(self.data)
        self.call_path.add_stack_dependency(self.models)


def _named(cell: Cell, lifecycle: str, *, protected: bool = False) -> dict[str, Any]:
    return {
        "stack_name": f"{cell.deployment}-{cell.title}-{lifecycle}",
        "description": f"Sotto, {cell.title}: {lifecycle.replace('-', ' ')}",
        "termination_protection": protected,
        "tags": {"sotto:deployment": cell.deployment, "sotto:cell": cell.title},
    }
