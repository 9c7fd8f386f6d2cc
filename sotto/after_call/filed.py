"""Where a call is filed is part of the work after it: kept with it, and shown to its agent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sotto.after_call.workflow.records import WorkPorts, changed
from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.contact import Contact
from sotto.call.filing import FiledCall, FilingState

STEP = "file_conversation"


@dataclass(frozen=True, slots=True)
class FiledOnPanel:
    """A FiledPanel of sotto.filing."""

    work: WorkPorts

    def show(self, contact: Contact, filed: FiledCall) -> None:
        def change(work: AfterCallWork, at_ms: int) -> AfterCallWork:
            after = work.with_filed(_with_persons(filed, work.filed_in(filed.system)))
            if after.outcome_of(STEP) is not None and all(each.state in _TAKEN for each in after.filed):
                after = after.with_step(STEP, StepOutcome.DONE, at_ms)  # by the sweep: the step had ended before
            return after

        changed(contact, change, self.work)


_TAKEN = (FilingState.FILED, FilingState.AMBIGUOUS)


def _with_persons(filed: FiledCall, known: FiledCall | None) -> FiledCall:
    """Among whom the agent chooses was found once, and stays to be chosen from while nothing is settled."""
    if known is None or filed.state is not FilingState.AMBIGUOUS or filed.persons:
        return filed
    return replace(filed, persons=known.persons, has_more=known.has_more)
