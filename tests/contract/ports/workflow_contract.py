"""What everything that runs the work after a call must do. A subclass gives ``workflow`` (a fixture)."""

from __future__ import annotations

from sotto.after_call.workflow.start import Workflow
from sotto.call.after_call_work import StepOrder


class WorkflowContract:
    def test_another_name_is_another_execution_of_the_same_contact(self, workflow: Workflow) -> None:
        assert workflow.start("c1-1", StepOrder("bank", "c1"), "conversation.ended") is True
        assert workflow.start("c1-2", StepOrder("bank", "c1"), "conversation.ended") is True

    def test_a_name_that_is_taken_for_another_contact_starts_nothing(self, workflow: Workflow) -> None:
        assert workflow.start("same", StepOrder("bank", "c1"), "conversation.ended") is True
        assert workflow.start("same", StepOrder("bank", "c2"), "conversation.ended") is False
