"""What is made after a conversation: start_after_call, track_after_call and the steps, and write_handover_note."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sotto.core.built import built, built_per_name
from sotto.core.settings import AfterCallMachineArn, ReviewMachineArn
from sotto.wiring.models import ModelParts
from sotto.wiring.panels import PanelParts

if TYPE_CHECKING:
    from sotto.after_call.disposition.file import FilePorts
    from sotto.after_call.disposition.suggest import SuggestPorts
    from sotto.after_call.edit import EditPorts
    from sotto.after_call.hand_over import HandoverPorts
    from sotto.after_call.review.request import RequestPorts
    from sotto.after_call.review.reviews import ReviewPorts
    from sotto.after_call.summarise import SummaryPorts
    from sotto.after_call.workflow.records import WorkPorts
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
            work=self.work_ports("track_after_call"),
            metrics=self.metrics,
            clock=self.clock,
        )

    @built_per_name
    def work_ports(self, service: str) -> WorkPorts:
        from sotto.after_call.workflow.records import WorkPorts

        return WorkPorts(self.consents, self.after_call_work, self.panel(service), self.clock)

    @built
    def suggest_ports(self) -> SuggestPorts:
        from sotto.after_call.disposition.by_model import RoutedCodes
        from sotto.after_call.disposition.suggest import SuggestPorts

        return SuggestPorts(
            contacts=self.contacts,
            books=self.books,
            calls=self.conversations,
            feedback=self.feedback,
            model=RoutedCodes(self.router),
            work=self.work_ports("suggest_disposition"),
        )

    @built
    def file_ports(self) -> FilePorts:
        from sotto.after_call.adapters.connect_dispositions import ConnectDispositions
        from sotto.after_call.disposition.file import FilePorts

        target = ConnectDispositions(self.connect_api)
        return FilePorts(self.contacts, target, self.work_ports("file_disposition"))

    @built
    def request_review_ports(self) -> RequestPorts:
        from sotto.after_call.adapters.step_functions import StepFunctionsWorkflow
        from sotto.after_call.review.request import RequestPorts

        machine = StepFunctionsWorkflow(self.client("stepfunctions"), self.settings.of(ReviewMachineArn).arn)
        return RequestPorts(self.contacts, self.consents, self.summaries, machine)

    @built
    def review_ports(self) -> ReviewPorts:
        from sotto.after_call.adapters.step_functions_tasks import StepFunctionsTasks
        from sotto.after_call.review.reviews import ReviewPorts

        tasks = StepFunctionsTasks(self.client("stepfunctions"))
        return ReviewPorts(self.contacts, self.consents, self.reviews, tasks, self.clock)

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
    def edit_ports(self) -> EditPorts:
        from sotto.after_call.edit import EditPorts

        return EditPorts(self.consents, self.summaries, self.redact_typed, self.panel("serve_agent"), self.clock)

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
