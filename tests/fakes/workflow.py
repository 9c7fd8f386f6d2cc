"""The work after a call, noted instead of run."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.after_call_work import StepOrder


@dataclass
class WorkflowInMemory:
    """A Workflow whose executions have ended as soon as they begin."""

    started: dict[str, StepOrder] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def start(self, name: str, order: StepOrder, asked: str | None = None) -> bool:
        if name in self.started:
            return False
        self.started[name] = order
        self.asked.append(asked)
        return True
