"""What is made after a conversation: start_after_call, track_after_call and the steps, and write_handover_note."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import AfterCallMachineArn
from sotto.wiring.models import ModelParts
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.after_call.hand_over import HandoverPorts
    from sotto.after_call.summarise import SummaryPorts
    from sotto.after_call.workflow.start import Workflow
    from sotto.after_call.workflow.track import TrackPorts


class AfterCallParts(PanelParts, ModelParts):
    @built
    def workflow(self) -> Workflow:
        from sotto.after_call.adapters.step_functions import StepFunctionsWorkflow

        return StepFunctionsWorkflow(self.client("stepfunctions"), self.settings.of(AfterCallMachineArn).arn)

    @built
    def track_ports(self) -> TrackPorts:
        from sotto.after_call.workflow.track import TrackPorts

        return TrackPorts(
            contacts=self.contacts,
            leases=self.leases,
            consents=self.consents,
            records=self.after_call_work,
            panel=self.panel("track_after_call"),
            metrics=self.metrics,
            clock=self.clock,
        )

    @built
    def summary_ports(self) -> SummaryPorts:
        from sotto.after_call.summarise import SummaryPorts

        return SummaryPorts(
            contacts=self.contacts,
            leases=self.leases,
            consents=self.consents,
            calls=self.conversations,
            feedback=self.feedback,
            writer=self.writer,
            summaries=self.summaries,
            panel=self.panel("summarise_call"),
            clock=self.clock,
            wait=lambda ms: time.sleep(ms / 1000),
        )

    @built
    def handover_ports(self) -> HandoverPorts:
        from sotto.after_call.hand_over import HandoverPorts

        return HandoverPorts(
            contacts=self.contacts,
            consents=self.consents,
            calls=self.conversations,
            feedback=self.feedback,
            notes=self.handover_notes,
            panel=self.panel("write_handover_note"),
            clock=self.clock,
        )
