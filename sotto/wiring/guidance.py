"""From an utterance to guidance: orchestrate_utterance and deliver_annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import GuideMachineArn
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.guidance.deliver import DeliverPorts
    from sotto.inference.orchestrate import OrchestratePorts
    from sotto.tenants.compile import Instant, PolicyCache


class GuidanceParts(PanelParts):
    @built
    def policy_instant(self) -> Instant:
        from sotto.tenants.compile import by_the_clock

        return by_the_clock

    @built
    def policies(self) -> PolicyCache:
        from sotto.tenants.compile import PolicyCache

        return PolicyCache(instant=self.policy_instant)

    @built
    def orchestrate_ports(self) -> OrchestratePorts:
        from sotto.inference.adapters.step_functions import StepFunctionsRunner
        from sotto.inference.orchestrate import OrchestratePorts

        runner = StepFunctionsRunner(self.client("stepfunctions"), self.settings.of(GuideMachineArn).arn)
        return OrchestratePorts(self.contacts, self.books, self.policies, runner, self.clock, self.metrics)

    @built
    def deliver_ports(self) -> DeliverPorts:
        from sotto.guidance.deliver import DeliverPorts

        return DeliverPorts(
            contacts=self.contacts,
            books=self.books,
            policies=self.policies,
            conversations=self.conversations,
            panel=self.panel("deliver_annotations"),
            clock=self.clock,
            metrics=self.metrics,
        )
