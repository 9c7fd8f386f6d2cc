"""Runs of workflows, the machine that carries them on and their tools, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sotto.call.contact import Contact
from sotto.call.events import Event
from sotto.workflows.definition import NamedAgent
from sotto.workflows.run import RunState, WorkflowRun
from sotto.workflows.store import AlreadyStarted, RunChanged, RunRow, WorkflowOrder
from sotto.workflows.tools import AgentAnswer, NoteInCrm, ToolOrder


def nothing() -> None:
    pass


@dataclass
class WorkflowRunsInMemory:
    """A Runs. ``step``: called before and after each write, and may raise."""

    kept: dict[tuple[str, str, str], WorkflowRun] = field(default_factory=dict)
    once: set[tuple[str, str, str]] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    step: Callable[[], None] = nothing

    def run(self, tenant: str, contact_id: str, run_id: str) -> WorkflowRun | None:
        return self.kept.get((tenant, contact_id, run_id))

    def contact_of(self, tenant: str, run_id: str) -> str | None:
        return next((key[1] for key in self.kept if (key[0], key[2]) == (tenant, run_id)), None)

    def create(self, run: WorkflowRun, event: Event, *, once: bool = False) -> None:
        self.step()
        key, noted = (run.tenant, run.contact_id, run.id), (run.tenant, run.contact_id, run.definition.name)
        if once and noted in self.once:
            raise AlreadyStarted
        if key in self.kept:
            raise RunChanged
        self.kept[key] = run
        self.once |= {noted} if once else set()
        self.events.append(event)
        self.step()

    def replace(self, run: WorkflowRun, event: Event | None = None) -> None:
        self.step()
        key = (run.tenant, run.contact_id, run.id)
        known = self.kept.get(key)
        if known is None or known.version != run.version - 1:
            raise RunChanged
        self.kept[key] = run
        self.events += [event] if event is not None else []
        self.step()

    def listed(self, tenant: str, *, waiting: bool, before: str, limit: int) -> Sequence[RunRow]:
        runs = [run for key, run in self.kept.items() if key[0] == tenant and (not before or run.id < before)]
        wanted = [run for run in runs if not waiting or run.state is RunState.WAITING]
        return [row_of(run) for run in sorted(wanted, key=lambda run: run.id, reverse=True)[:limit]]

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[str]:
        return sorted(key[2] for key in self.kept if key[:2] == (tenant, contact_id))

    def forget(self, tenant: str, contact_id: str) -> int:
        gone = [key for key in self.kept if key[:2] == (tenant, contact_id)]
        for key in gone:
            del self.kept[key]
        return len(gone)


def row_of(run: WorkflowRun) -> RunRow:
    opened = run.open_step if run.state is RunState.WAITING else None
    since_ms = opened.opened_at_ms if opened else 0
    title = dict(run.definition.title)
    return RunRow(
        run.id, run.contact_id, run.definition.name, run.state, run.started_at_ms, run.agent, run.team, since_ms, title
    )


@dataclass
class MachineInMemory:
    """A Machine whose executions a test carries on: ``started``, and the tokens that wait."""

    started: list[WorkflowOrder] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    step: Callable[[], None] = nothing

    def start(self, order: WorkflowOrder) -> bool:
        self.step()
        if order in self.started:
            return False
        self.started.append(order)
        self.step()
        return True

    def answer(self, token: str) -> bool:
        self.step()
        if token not in self.tokens:
            return False
        self.tokens.discard(token)
        self.step()
        return True


@dataclass
class ToolsInMemory:
    """A Toolbox that answers with ``gives``; what acts outside is done once for each key, as its target does it."""

    gives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    done: dict[str, NoteInCrm] = field(default_factory=dict)
    tries: int = 0
    step: Callable[[], None] = nothing

    def call(self, tool: str, arguments: Any, order: ToolOrder) -> Mapping[str, Any]:
        self.calls.append((tool, order.key))
        if isinstance(arguments, NoteInCrm):
            self.step()
            self.tries += 1
            self.done.setdefault(order.key, arguments)
            self.step()
        return self.gives.get(tool, {"count": 0, "items": []})


@dataclass
class AgentsInMemory:
    """Agents that say their prompt."""

    asked: list[tuple[str, bool]] = field(default_factory=list)

    def answer(self, agent: NamedAgent, contact: Contact, found: Mapping[str, Any], *, by_model: bool) -> AgentAnswer:
        self.asked.append((agent.name, by_model))
        return AgentAnswer(agent.prompt, "model" if by_model else "quoted")
