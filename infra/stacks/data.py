"""What outlives every deployment: records, books, keys."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.capabilities.records import CallRecords
from infra.deployment import Cell


class DataStack(Stack):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, **stack: Any) -> None:
        super().__init__(scope, id, **stack)
        self.records = CallRecords(self, "Records", cell=cell)
