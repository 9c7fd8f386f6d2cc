"""Insights of customers: serve_api and run_erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import HistoryRecords
from sotto.wiring.agents import AgentParts
from sotto.wiring.erasure import ErasureParts
from sotto.wiring.subject_data import eraser

if TYPE_CHECKING:
    from sotto.api.insights.ports import InsightPorts
    from sotto.insights.adapters.dynamodb_insights import DynamoInsights
    from sotto.insights.eraser import InsightEraser


class InsightParts(AgentParts, ErasureParts):
    @built
    def insight_store(self) -> DynamoInsights:
        from sotto.aws.table import Table
        from sotto.insights.adapters.dynamodb_insights import DynamoInsights

        table = Table(self.records("dynamodb"), self.settings.of(HistoryRecords).table)
        return DynamoInsights(table, self.record_retention, self.clock)

    @built
    def insight_ports(self) -> InsightPorts:
        from sotto.api.insights.ports import InsightPorts

        return InsightPorts(self.agent_ports, self.identity_index, self.contacts, self.insight_store)

    @eraser
    def insight_eraser(self) -> InsightEraser:
        from sotto.insights.eraser import InsightEraser

        return InsightEraser(self.insight_store)
