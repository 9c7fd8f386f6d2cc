"""Where runs are kept: ports of the subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sotto.call.events import Event
from sotto.core.errors import Rejected
from sotto.workflows.run import RunState, WorkflowRun


class RunChanged(Exception):
    """The run has another version than the one that was read, or is there already."""


class AlreadyStarted(Exception):
    """An event has started this workflow for this conversation before."""


class NoSuchRun(Rejected):
    """There is no run with this id that the caller may see."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """What lists show of a run without reading it: ids, names and times. ``waits_since_ms``: for a person, else 0."""

    id: str
    contact_id: str
    workflow: str
    state: RunState
    started_at_ms: int
    agent: str | None = None
    team: str | None = None
    waits_since_ms: int = 0
    title: Mapping[str, str] = field(default_factory=dict)
    """Of the workflow, by language."""


@dataclass(frozen=True, slots=True)
class WorkflowOrder:
    """What a machine holds of a run: where to read it."""

    tenant: str
    contact_id: str
    run_id: str


class Runs(Protocol):
    """Raises StorageUnavailable throughout, and ContactErased on writing about a conversation that is erased."""

    def run(self, tenant: str, contact_id: str, run_id: str) -> WorkflowRun | None: ...

    def contact_of(self, tenant: str, run_id: str) -> str | None:
        """The conversation that a run is about; None where there is no such run."""
        ...

    def create(self, run: WorkflowRun, event: Event, *, once: bool = False) -> None:
        """With its event, or not at all. ``once``: this workflow runs once for this conversation. Raises RunChanged
        where the id is taken, AlreadyStarted."""
        ...

    def replace(self, run: WorkflowRun, event: Event | None = None) -> None:
        """``run.version`` is one more than what was read. With its event, or not at all. Raises RunChanged."""
        ...

    def listed(self, tenant: str, *, waiting: bool, before: str, limit: int) -> Sequence[RunRow]:
        """The latest started first, those before the id ``before`` (empty: from the latest on). ``waiting``: only those
        that wait for a person."""
        ...

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[str]:
        """Ids of its runs, also where the runs themselves can no longer be read."""
        ...

    def forget(self, tenant: str, contact_id: str) -> int:
        """Nothing of the runs about this conversation is left: how many there were."""
        ...


class Machine(Protocol):
    def start(self, order: WorkflowOrder) -> bool:
        """False where it was started before. Raises Retryable."""
        ...

    def answer(self, token: str) -> bool:
        """The task that waits goes on. False where it does not wait any more. Raises Retryable."""
        ...
