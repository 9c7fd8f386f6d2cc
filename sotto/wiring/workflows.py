"""Workflows: start_workflows, advance_workflow, who shows runs and decides on them, and run_erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import WorkflowMachineArn
from sotto.wiring.filing import FilingParts
from sotto.wiring.subject_data import eraser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sotto.api.workflows.tools import ConversationTools
    from sotto.workflows.adapters.dynamodb_runs import DynamoRuns
    from sotto.workflows.advance import AdvancePorts
    from sotto.workflows.definition import Definition
    from sotto.workflows.eraser import WorkflowEraser
    from sotto.workflows.start import BeginPorts, StartPorts, WorkflowPorts


def _shipped() -> Mapping[str, Definition]:
    """Read when first asked for: who only shows runs needs no reader of YAML."""
    from sotto.workflows.reading import shipped

    return shipped()


class WorkflowParts(FilingParts):
    @built
    def workflow_runs(self) -> DynamoRuns:
        from sotto.workflows.adapters.dynamodb_runs import DynamoRuns

        return DynamoRuns(*self.contact_table)

    @built
    def workflow_tools(self) -> ConversationTools:
        from sotto.api.workflows.tools import ConversationTools

        return ConversationTools(self.conversations, self.summaries, self.filings, self.call_notes, self.books)

    @built
    def managed_workflows(self) -> WorkflowPorts:
        from sotto.workflows.start import WorkflowPorts

        return WorkflowPorts(self.workflow_runs, self.clock, self.workflow_begin_ports)

    @built
    def workflow_start_ports(self) -> StartPorts:
        from sotto.workflows.adapters.step_functions import StepFunctionsMachine
        from sotto.workflows.start import StartPorts

        machine = StepFunctionsMachine(self.client("stepfunctions"), self.settings.of(WorkflowMachineArn).arn)
        return StartPorts(self.workflow_begin_ports, self.contacts, self.workflow_tools, machine)

    @built
    def workflow_begin_ports(self) -> BeginPorts:
        from sotto.workflows.start import BeginPorts

        return BeginPorts(self.workflow_runs, self.consents, _shipped, self.workflows_on, self.clock)

    def workflows_on(self, tenant: str) -> Mapping[str, Sequence[str]]:
        turned_on = self.books.current(tenant).settings.workflows
        return {name: use.acts_alone for name, use in turned_on.items()}

    @built
    def workflow_ports(self) -> AdvancePorts:
        from sotto.api.workflows.agents import RecallingAgents
        from sotto.workflows.adapters.step_functions import StepFunctionsMachine
        from sotto.workflows.advance import AdvancePorts

        agents = RecallingAgents(self.conversations, self.feedback, self.writer)
        machine = StepFunctionsMachine(self.client("stepfunctions"), "")
        return AdvancePorts(
            self.workflow_runs, self.contacts, self.consents, self.workflow_tools, agents, machine, self.clock
        )

    @eraser
    def workflow_eraser(self) -> WorkflowEraser:
        from sotto.workflows.eraser import WorkflowEraser

        return WorkflowEraser(self.workflow_runs)
