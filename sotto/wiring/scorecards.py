"""What fills quality forms in, and what people do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.wiring.models import ModelParts
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.api.scorecards.access import ScorecardPorts
    from sotto.scorecards.adapters.dynamodb_evaluations import DynamoEvaluations
    from sotto.scorecards.evaluate_conversation import EvaluatePorts
    from sotto.scorecards.judge.judge import JudgeModel


class ScorecardParts(PanelParts, ModelParts):
    @built
    def evaluations(self) -> DynamoEvaluations:
        from sotto.scorecards.adapters.dynamodb_evaluations import DynamoEvaluations

        return DynamoEvaluations(*self.contact_table)

    @built
    def judge_model(self) -> JudgeModel:
        """Where the settings name providers of texts; else questions for a model are left to rules."""
        from sotto.scorecards.judge.by_model import GeneratingJudge
        from sotto.scorecards.judge.judge import NoModel

        return GeneratingJudge(self.generation_chain, self.clock) if self.generation.order else NoModel()

    @built
    def evaluate_ports(self) -> EvaluatePorts:
        from sotto.scorecards.evaluate_conversation import EvaluatePorts

        return EvaluatePorts(
            contacts=self.contacts,
            books=self.books,
            calls=self.conversations,
            consents=self.consents,
            evaluations=self.evaluations,
            model=self.judge_model,
            clock=self.clock,
        )

    @built
    def scorecard_ports(self) -> ScorecardPorts:
        from sotto.api.scorecards.access import ScorecardPorts

        return ScorecardPorts(
            contacts=self.contacts,
            books=self.books,
            evaluations=self.evaluations,
            audit=self.audit_log,
            clock=self.clock,
            redact=self.redact_typed,
        )
