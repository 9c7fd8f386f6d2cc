"""Runs of workflows are looked at, started, decided on, cancelled and forked, by the table of roles.

A run shows something of its conversation, so who may see which follows from whose the conversation is; whoever looks
into one that is not theirs is in the audit log. Who may not is answered as if there were no such run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts, note_look
from sotto.api.roles import Action, Reach
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction, AuditEntry
from sotto.workflows.definition import Definition
from sotto.workflows.run import WorkflowRun
from sotto.workflows.start import RUN_ID, cancel, decide, fork, start_by_hand
from sotto.workflows.store import NoSuchRun, RunRow

AT_ONCE = 100
MOST_LOOKED_AT = 1_000
"""Of a tenant's runs, to find those of a page that the caller may see."""


@dataclass(frozen=True, slots=True)
class ListedRuns:
    """``goes_on``: the id before which the next page begins; empty after the last."""

    rows: tuple[RunRow, ...]
    goes_on: str


def definitions(caller: Caller, ports: AgentPorts) -> tuple[Sequence[Definition], Mapping[str, Sequence[str]]]:
    """Those that there are, and those that the tenant has turned on. Raises Unauthorised, Retryable."""
    _check(caller, Action.READ_WORKFLOWS)
    known = ports.workflows.begin.definitions()
    return [known[name] for name in sorted(known)], ports.workflows.begin.on(caller.tenant)


def list_runs(caller: Caller, ports: AgentPorts, *, waiting: bool, before: str = "", limit: int = 20) -> ListedRuns:
    """The latest started first. ``waiting``: those that wait for a person. Raises Unauthorised, Retryable."""
    _check(caller, Action.READ_WORKFLOWS)
    found: list[RunRow] = []
    for _ in range(MOST_LOOKED_AT // AT_ONCE):
        page = ports.workflows.runs.listed(caller.tenant, waiting=waiting, before=before, limit=AT_ONCE)
        for each in page:
            before = each.id
            if not caller.reaches(Action.READ_WORKFLOWS, agent=each.agent, team=each.team):
                continue
            found.append(each)
            if len(found) == limit:
                return ListedRuns(tuple(found), before)
        if len(page) < AT_ONCE:
            return ListedRuns(tuple(found), "")
    return ListedRuns(tuple(found), before)


def one_run(caller: Caller, run_id: str, ports: AgentPorts) -> WorkflowRun:
    """Raises NoSuchRun, Unauthorised, Retryable."""
    run, contact = _run(caller, run_id, Action.READ_WORKFLOWS, ports)
    note_look(contact, caller, ports)
    return run


def start(caller: Caller, workflow: str, contact_id: str, ports: AgentPorts) -> WorkflowRun:
    """Raises Unauthorised, UnknownWorkflow, NotKept, Retryable."""
    _check(caller, Action.RUN_WORKFLOWS)
    contact = ports.conversations.contact(caller.tenant, contact_id)
    if contact is None or not caller.may(Action.RUN_WORKFLOWS, contact):
        raise Unauthorised("contact_id: there is no such contact among yours")
    run = start_by_hand(workflow, contact, caller.agent, ports.workflows.begin)
    _note(caller, AuditAction.WORKFLOW_STARTED, run.id, ports)
    return run


def continue_run(caller: Caller, run_id: str, step: str, choice: str, reason: str, ports: AgentPorts) -> WorkflowRun:
    """``step``: the key of the step that waits; ``reason``: as it was typed. Raises NoSuchRun, NotWaiting,
    UnknownChoice, Unauthorised, Retryable."""
    run, _ = _run(caller, run_id, Action.DECIDE_WORKFLOWS, ports)
    redacted = ports.redact(caller.tenant, reason) if reason else ""
    decided = decide(run, step, choice, redacted, caller.agent, ports.workflows)
    _note(caller, AuditAction.WORKFLOW_DECIDED, run_id, ports)
    return decided


def cancel_run(caller: Caller, run_id: str, ports: AgentPorts) -> WorkflowRun:
    """Twice is as good as once. Raises NoSuchRun, Unauthorised, Retryable."""
    run, _ = _run(caller, run_id, Action.RUN_WORKFLOWS, ports)
    gone = cancel(run, caller.agent, ports.workflows)
    if gone != run:
        _note(caller, AuditAction.WORKFLOW_CANCELLED, run_id, ports)
    return gone


def fork_run(caller: Caller, run_id: str, step: str, ports: AgentPorts) -> WorkflowRun:
    """Raises NoSuchRun, NoSuchStep, Unauthorised, Retryable."""
    run, _ = _run(caller, run_id, Action.RUN_WORKFLOWS, ports)
    forked = fork(run, step, caller.agent, ports.workflows)
    _note(caller, AuditAction.WORKFLOW_STARTED, forked.id, ports)
    return forked


def _check(caller: Caller, action: Action) -> None:
    if not caller.reach(action) & (Reach.ANY | Reach.TEAM):
        raise Unauthorised("role: this role has no part in workflows")


def _run(caller: Caller, run_id: str, action: Action, ports: AgentPorts) -> tuple[WorkflowRun, Contact]:
    _check(caller, action)
    contact_id = ports.workflows.runs.contact_of(caller.tenant, run_id) if RUN_ID.fullmatch(run_id) else None
    run = ports.workflows.runs.run(caller.tenant, contact_id, run_id) if contact_id else None
    contact = ports.conversations.contact(caller.tenant, contact_id) if run is not None and contact_id else None
    if run is None or contact is None or not caller.may(action, contact):
        raise NoSuchRun("workflow: there is no such run among yours")
    return run, contact


def _note(caller: Caller, action: AuditAction, run_id: str, ports: AgentPorts) -> None:
    at_ms = int(ports.clock.now_ms())
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, f"workflow/{run_id}", at_ms))
