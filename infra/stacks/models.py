"""What answers the inference graph, and what recognises speech; replaced by canary, on their own schedule."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble
from infra.building_blocks.measured import CellMetrics
from infra.capabilities.recogniser import RecogniserEndpoint
from infra.capabilities.records import CallRecords
from infra.capabilities.shard import ShardEndpoint
from infra.deployment import Cell, Region
from sotto.core.metrics import measure
from sotto.core.metrics.measure import BUDGET_PERCENTS as ALARMS


class ModelsStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        records: CallRecords,
        topic: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        common: Any = {"cell": cell, "records": records, "log_days": region.log_days, "topic": topic}
        self.shard = ShardEndpoint(self, "Shard", settings=region.shard, **common)
        writer = region.writer
        self.writer = ShardEndpoint(self, "Writer", settings=writer, kind="writer", **common) if writer else None
        for group, percent in enumerate(ALARMS):
            crossed = Trouble(
                page="budget-spent",
                says=f"A tenant's budget for language models has come to {percent} percent.",
                metric=CellMetrics(cell).of(measure.BUDGET_CROSSED, percent=str(percent)),
                from_=1,
                minutes=1,
                of_minutes=1,
                group=group,
            )
            RunbookAlarm(self, crossed.name, prefix=cell.prefix, trouble=crossed, topic=topic)
        self.recogniser: RecogniserEndpoint | None = None
        own = region.recogniser
        if own is not None and own.url is None and cell.recognises_with("self_hosted"):
            self.recogniser = RecogniserEndpoint(
                self, "Recogniser", cell=cell, settings=own, log_days=region.log_days, topic=topic
            )
