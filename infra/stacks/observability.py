"""What tells us how calls fare; may be replaced at any time."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_sns import ITopic
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from infra.capabilities.call_watch import CallWatch
from infra.deployment import Cell, Region
from infra.stacks.call_path import CallPathStack
from infra.stacks.models import ModelsStack


class ObservabilityStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cell: Cell,
        region: Region,
        call_path: CallPathStack,
        models: ModelsStack,
        tell: ITopic,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id, **stack)
        functions = call_path.functions.by_name.items()
        queues: dict[str, IQueue] = {name: each.failures for name, each in functions if each.failures is not None}
        self.watch = CallWatch(
            self,
            "Calls",
            cell=cell,
            region=region,
            machine_arn=call_path.machine.arn,
            api_id=call_path.api.id,
            shard=models.shard,
            queues=queues | call_path.given_up,
            tell=tell,
        )
