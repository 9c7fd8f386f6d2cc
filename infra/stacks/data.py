"""What outlives every deployment: records, books, keys."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.building_blocks.alarm import AlarmTopic
from infra.capabilities.event_bus import ConversationEvents
from infra.capabilities.records import CallRecords
from infra.deployment import Cell
from sotto.core.resources import EVENT_OUTBOX


class DataStack(Stack):
    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, emails: tuple[str, ...], replicas: tuple[str, ...], **stack: Any
    ) -> None:
        super().__init__(scope, id, **stack)
        self.records = CallRecords(self, "Records", cell=cell, replicas=replicas)
        self.events = ConversationEvents(self, "Events", cell=cell, records=self.records, spec=EVENT_OUTBOX)
        self.alarms = AlarmTopic(self, "Alarms", key=self.records.key, emails=emails, account=cell.account)
