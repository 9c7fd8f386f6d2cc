"""What runs for days about conversations that are over: no call waits for any of it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.event_bus import Subscriptions
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.capabilities.state_machine import Machine
from infra.deployment import Cell, Region
from infra.stacks.models import ModelsStack
from sotto.core.resources import EVENTS, resources_of


class WorkflowsStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        models: ModelsStack,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        self.functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="workflows")
        needed = resources_of(cell.functions_in("workflows"))
        (spec,) = needed.state_machines
        self.machine = Machine(
            self, "Run", spec=spec, prefix=cell.prefix, functions=self.functions.by_name, log_days=region.log_days
        )
        self.subscriptions = Subscriptions(
            self,
            "Subscriptions",
            cell=cell,
            bus=EVENTS,
            rules=needed.rules_of(EVENTS),
            functions=self.functions.by_name,
            key=records.key,
        )
        self.functions.let_run_workflows(self.machine)
        self.functions.let_write_texts(models.writer or models.shard)
        if region.release == "canary":
            Releases(self, "Releases", functions=self.functions.by_name.values())
