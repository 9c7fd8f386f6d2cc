"""What workflows keep of a conversation goes with it. A run that waits finds nothing when it wakes, and ends."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.core.subject_data import ErasureStep
from sotto.workflows.store import Runs


class WorkflowEraser:
    """An Eraser."""

    name = "workflows"
    step = ErasureStep.INDEXES

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"runs of workflows": self._runs.forget(tenant, contact_id)}

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self._runs.of_contact(tenant, contact_id))
