"""From an utterance to guidance: orchestrate_utterance and deliver_annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built, built_per_name
from sotto.core.settings import GuideMachineArn
from sotto.wiring.models import ModelParts
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.call.utterance import Utterance
    from sotto.guidance.deliver import DeliverPorts
    from sotto.inference.orchestrate import GraphRunner, OrchestratePorts


class GuidanceParts(PanelParts, ModelParts):
    @built
    def orchestrate_ports(self) -> OrchestratePorts:
        from sotto.graph.compiled_policies import Runner
        from sotto.inference.orchestrate import OrchestratePorts

        return OrchestratePorts(
            contacts=self.contacts,
            books=self.books,
            policies=self.policies,
            runners={Runner.DIRECT: self.direct_runner, Runner.STEP_FUNCTIONS: self.machine_runner},
            clock=self.clock,
            is_superseded=self._is_superseded,
            metrics=self.metrics,
        )

    @built
    def machine_runner(self) -> GraphRunner:
        from sotto.inference.adapters.step_functions import StepFunctionsRunner

        return StepFunctionsRunner(self.client("stepfunctions"), self.settings.of(GuideMachineArn).arn)

    @built
    def direct_runner(self) -> GraphRunner:
        """What it asks is never written, so the router that writes is not needed."""
        from sotto.guidance.direct_runner import DirectPorts, DirectRunner

        return DirectRunner(
            DirectPorts(
                router=self.router,
                deliver=self.deliver_ports("orchestrate_utterance"),
                machine=self.machine_runner,
                comparisons=self.comparisons,
                observe=self.observe,
                clock=self.clock,
            )
        )

    def _is_superseded(self, utterance: Utterance) -> bool:
        from sotto.guidance.call_events import is_superseded
        from sotto.guidance.deliver import conversation_of

        ports = self.deliver_ports("orchestrate_utterance")
        return is_superseded(utterance, conversation_of(utterance.tenant, utterance.contact_id, ports).state)

    @built_per_name
    def deliver_ports(self, service: str) -> DeliverPorts:
        """``service``: the function that delivers."""
        from sotto.guidance.deliver import DeliverPorts

        return DeliverPorts(
            contacts=self.contacts,
            books=self.books,
            policies=self.policies,
            conversations=self.conversations,
            panel=self.panel(service),
            clock=self.clock,
            metrics=self.metrics,
        )
