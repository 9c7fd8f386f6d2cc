"""What answers the inference graph, and what recognises speech; replaced by canary, on their own schedule."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.capabilities.recogniser import RecogniserEndpoint
from infra.capabilities.records import CallRecords
from infra.capabilities.shard import ShardEndpoint
from infra.deployment import Cell, Region


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
        self.recogniser: RecogniserEndpoint | None = None
        own = region.recogniser
        if own is not None and own.url is None and cell.recognises_with("self_hosted"):
            self.recogniser = RecogniserEndpoint(
                self, "Recogniser", cell=cell, settings=own, log_days=region.log_days, topic=topic
            )
