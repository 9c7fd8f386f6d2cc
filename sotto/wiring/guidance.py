"""From an utterance to guidance: orchestrate_utterance and deliver_annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import GuideMachineArn
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.guidance.deliver import DeliverPorts
    from sotto.inference.orchestrate import OrchestratePorts


class GuidanceParts(PanelParts):
    @built
    def orchestrate_ports(self) -> OrchestratePorts:
        from sotto.inference.adapters.step_functions import StepFunctionsRunner
        from sotto.inference.orchestrate import OrchestratePorts
        from sotto.tenants.compile import PolicyCache

        runner = StepFunctionsRunner(self.client("stepfunctions"), self.settings.of(GuideMachineArn).arn)
        return OrchestratePorts(self.contacts, self.books, PolicyCache(), runner, self.clock, self.metrics)

    @built
    def deliver_ports(self) -> DeliverPorts:
        from sotto.guidance.deliver import DeliverPorts
        from sotto.tenants.compile import PolicyCache

        return DeliverPorts(
            contacts=self.contacts,
            books=self.books,
            policies=PolicyCache(),
            conversations=self.conversations,
            panel=self.panel("deliver_annotations"),
            clock=self.clock,
            metrics=self.metrics,
        )
