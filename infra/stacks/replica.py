"""What outlives even the region that it is a copy of."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.replica import ReplicaHome
from infra.deployment import Cell


class ReplicaStack(Stack):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, **stack: Any) -> None:
        super().__init__(scope, id, **stack)
        ReplicaHome(self, "Replica", cell=cell, region=self.region)
