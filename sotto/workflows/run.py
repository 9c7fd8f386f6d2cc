"""A run of a workflow: which definition, about which conversation, and what each of its steps has come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sotto.workflows.definition import Definition

MOST_RECORDS = 200
"""Steps of a run, each item of a map for itself."""


class RunState(StrEnum):
    RUNNING = "running"
    SLEEPING = "sleeping"
    """Waits for a time."""
    WAITING = "waiting"
    """For a person."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})


class StepState(StrEnum):
    OPEN = "open"
    """A wait that lasts, or a person who has not decided."""
    DONE = "done"
    FAILED = "failed"
    DECLINED = "declined"
    """An outward act that nobody has approved."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """``key``: of the step in this run, such as ``each[1].kept``. ``until_ms``: Unix epoch, until when it waits.
    ``by``: the person who decided, empty where time did. ``reason``: in the person's words, redacted, or what failed.
    """

    key: str
    step: str
    kind: str
    state: StepState
    at_ms: int
    until_ms: int = 0
    result: Any = None
    by: str = ""
    reason: str = ""
    opened_at_ms: int = 0


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """``id``: sorts by time. ``started_by``: a person, or the type of the event. ``token``: of the task that waits for
    a person, empty for none; it is shown to nobody. ``forked_from``: the run whose first steps it has."""

    tenant: str
    contact_id: str
    id: str
    definition: Definition
    started_by: str
    started_at_ms: int
    changed_at_ms: int
    state: RunState = RunState.RUNNING
    steps: tuple[StepRecord, ...] = ()
    token: str = ""
    forked_from: str = ""
    agent: str | None = None
    """Whose the conversation is, and of which team: who may see the run."""
    team: str | None = None
    version: int = 1
    alone: tuple[str, ...] = field(default=())
    """Outward tools that the tenant's policy lets act without a person."""

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def records(self) -> Mapping[str, StepRecord]:
        return {each.key: each for each in self.steps}

    @property
    def open_step(self) -> StepRecord | None:
        return next((each for each in self.steps if each.state is StepState.OPEN), None)

    def with_step(self, record: StepRecord, state: RunState, now_ms: int, **changes: Any) -> WorkflowRun:
        """The record takes the place of one with its key, or is added."""
        others = tuple(each for each in self.steps if each.key != record.key)
        place = next((n for n, each in enumerate(self.steps) if each.key == record.key), len(others))
        steps = (*others[:place], record, *others[place:])
        return replace(self, steps=steps, state=state, changed_at_ms=now_ms, version=self.version + 1, **changes)

    def in_state(self, state: RunState, now_ms: int, **changes: Any) -> WorkflowRun:
        return replace(self, state=state, changed_at_ms=now_ms, version=self.version + 1, **changes)
