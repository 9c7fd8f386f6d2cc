"""What learns from calls, when they are over: no call waits for any of it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.call_functions import CallFunctions
from infra.capabilities.event_bus import Subscriptions
from infra.capabilities.records import CallRecords
from infra.capabilities.releases import Releases
from infra.capabilities.shard import ShardEndpoint
from infra.capabilities.timetable import Timetable
from infra.deployment import Cell, Region
from sotto.core.resources import EVENTS, resources_of


class LearningStack(Stack):
    """``functions`` may do what they need of records, and ask models."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        shard: ShardEndpoint,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        self.functions = CallFunctions(self, "Functions", cell=cell, region=region, records=records, stack="learning")
        self.functions.let_sweep()
        self.functions.let_ask_models(shard)
        Timetable(self, "Timetable", prefix=cell.prefix, functions=self.functions.by_name.values())
        self.subscriptions = Subscriptions(
            self,
            "Subscriptions",
            cell=cell,
            bus=EVENTS,
            rules=resources_of(cell.functions_in("learning")).rules_of(EVENTS),
            functions=self.functions.by_name,
            key=records.key,
        )
        if region.release == "canary":
            Releases(self, "Releases", functions=self.functions.by_name.values())
