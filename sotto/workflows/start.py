"""Runs begin, are decided on, cancelled and forked: each by one write with its event. The event, which is delivered
until it is taken, starts the machine or wakes it, so that whoever dies in between loses nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sotto.call.contact import Contact, ContactReader
from sotto.call.events import Event, OfWorkflow, WorkflowDecided, WorkflowEnded, WorkflowStarted
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.workflows.advance import answered, event_of
from sotto.workflows.definition import Choice, Definition
from sotto.workflows.expressions import holds
from sotto.workflows.interpreter import APPROVAL, APPROVALS
from sotto.workflows.run import RunState, StepState, WorkflowRun
from sotto.workflows.store import AlreadyStarted, Machine, RunChanged, Runs, WorkflowOrder
from sotto.workflows.tools import TOOLS, Toolbox, ToolOrder, checked

ATTEMPTS = 5
RUN_ID = re.compile(r"wf_\d{13}_[0-9a-f]{16}")


class UnknownWorkflow(Rejected):
    """The message names those that there are."""


class NotKept(Rejected):
    """Nothing of this conversation may be kept."""


class NotWaiting(Rejected):
    """The run does not wait for this decision: it was decided, its time is over, or it never did."""


class UnknownChoice(Rejected):
    """The message names the choices."""


class NoSuchStep(Rejected):
    """The run has not come to this step, so nothing can go on from it."""


class RunKeepsChanging(Retryable):
    """Others change it all the time."""


@dataclass(frozen=True, slots=True)
class BeginPorts:
    """``on(tenant)``: the workflows that the tenant has turned on, each with the outward tools that may act without a
    person there."""

    runs: Runs
    consents: Consents
    definitions: Callable[[], Mapping[str, Definition]]
    on: Callable[[str], Mapping[str, Sequence[str]]]
    clock: Clock


@dataclass(frozen=True, slots=True)
class StartPorts:
    """Of who takes events."""

    begin: BeginPorts
    contacts: ContactReader
    tools: Toolbox
    machine: Machine


@dataclass(frozen=True, slots=True)
class RunPorts:
    """Of who decides and cancels."""

    runs: Runs
    clock: Clock


@dataclass(frozen=True, slots=True)
class WorkflowPorts(RunPorts):
    """Of who may start them as well."""

    begin: BeginPorts


def take_event(event: Event, ports: StartPorts) -> int:
    """Starts what the event starts, or wakes the machine of the run that it is about: how many. Raises Retryable."""
    if isinstance(event, WorkflowStarted):
        return int(ports.machine.start(WorkflowOrder(event.tenant, event.contact_id, event.record)))
    if isinstance(event, WorkflowDecided | WorkflowEnded):
        run = ports.begin.runs.run(event.tenant, event.contact_id, event.record)
        return int(bool(run is not None and run.token and ports.machine.answer(run.token)))
    turned_on = ports.begin.on(event.tenant)
    known = ports.begin.definitions()
    wanted = [each for each in known.values() if each.name in turned_on and event.TYPE in each.starts_on]
    return sum(_started_by(event, each, turned_on[each.name], ports) for each in wanted)


def _started_by(event: Event, definition: Definition, alone: Sequence[str], ports: StartPorts) -> bool:
    contact = ports.contacts.contact(event.tenant, event.contact_id)
    if contact is None or contact.erased or not may_keep(contact, ports.begin.consents):
        return False
    if contact.imported:  # what was promised years ago is followed up by whoever starts a workflow by hand
        return False
    if definition.only_if is not None and not _is_wanted(definition, contact, ports):
        return False
    name = sha256(f"{event.tenant}#{event.contact_id}#{definition.name}".encode()).hexdigest()[:16]
    id = f"wf_{event.occurred_at_ms:013d}_{name}"
    try:
        _create(id, contact, definition, event.TYPE, alone, ports.begin, once=True)
    except (AlreadyStarted, RunChanged):
        return False
    return True


def _is_wanted(definition: Definition, contact: Contact, ports: StartPorts) -> bool:
    only_if = definition.only_if
    assert only_if is not None
    order = ToolOrder(contact, definition.name, int(ports.begin.clock.now_ms()))
    found = ports.tools.call(only_if.tool, checked(TOOLS[only_if.tool], only_if.arguments), order)
    return holds(only_if.condition, {"found": found})


def start_by_hand(workflow: str, contact: Contact, by: str, ports: BeginPorts) -> WorkflowRun:
    """Whether the tenant has turned it on or not. Raises UnknownWorkflow, NotKept, Retryable."""
    definition = ports.definitions().get(workflow)
    if definition is None:
        raise UnknownWorkflow(f"workflow: there is none of this name; choose {', '.join(sorted(ports.definitions()))}")
    if contact.erased or not may_keep(contact, ports.consents):
        raise NotKept("contact_id: nothing of this conversation may be kept, so no workflow runs about it")
    id = _new_id(ports.clock)
    return _create(id, contact, definition, by, ports.on(contact.tenant).get(workflow, ()), ports)


def _create(
    id: str,
    contact: Contact,
    definition: Definition,
    by: str,
    alone: Sequence[str],
    ports: BeginPorts,
    *,
    once: bool = False,
) -> WorkflowRun:
    now_ms = int(ports.clock.now_ms())
    run = WorkflowRun(
        tenant=contact.tenant,
        contact_id=contact.contact_id,
        id=id,
        definition=definition,
        started_by=by,
        started_at_ms=now_ms,
        changed_at_ms=now_ms,
        agent=contact.agent,
        team=contact.team,
        alone=tuple(alone),
    )
    ports.runs.create(run, event_of(WorkflowStarted, run), once=once)
    return run


def fork(run: WorkflowRun, step_key: str, by: str, ports: RunPorts) -> WorkflowRun:
    """A new run with what the other had come to before this step, which is done anew, and all after it. Raises
    NoSuchStep, Retryable."""
    place = next((n for n, each in enumerate(run.steps) if each.key == step_key), None)
    if place is None:
        known = ", ".join(each.key for each in run.steps[:20])
        raise NoSuchStep(f"step: the run has no step of this name yet; it has {known or 'none'}")
    now_ms = int(ports.clock.now_ms())
    kept = tuple(each for each in run.steps[:place] if each.state in (StepState.DONE, StepState.DECLINED))
    forked = replace(
        run, id=_new_id(ports.clock), steps=kept, state=RunState.RUNNING, token="", forked_from=run.id, started_by=by,
        started_at_ms=now_ms, changed_at_ms=now_ms, version=1,
    )  # fmt: skip
    ports.runs.create(forked, event_of(WorkflowStarted, forked))
    return forked


def decide(run: WorkflowRun, step_key: str, choice: str, reason: str, by: str, ports: RunPorts) -> WorkflowRun:
    """As it is stored then. The same decision of the same person again changes nothing. ``reason``: redacted. Raises
    NotWaiting, UnknownChoice, Retryable."""

    def changed(run: WorkflowRun) -> WorkflowRun:
        opened = run.records.get(step_key)
        if opened is None or opened.kind != "human":
            raise NotWaiting("step: the run does not wait for a decision on it; read the run again")
        if opened.state is not StepState.OPEN or run.is_over:
            if opened.by == by and isinstance(opened.result, Mapping) and opened.result.get("choice") == choice:
                return run
            raise NotWaiting("step: it was decided, or its time is over; read the run to see what came of it")
        known = [each.id for each in choices_of(run, opened.step)]
        if choice not in known:
            raise UnknownChoice(f"choice: choose one of {', '.join(known)}")
        now_ms = int(ports.clock.now_ms())
        if now_ms >= opened.until_ms:
            raise NotWaiting("step: its time is over; read the run to see what came of it")
        return run.with_step(answered(opened, choice, now_ms, by=by, reason=reason), RunState.RUNNING, now_ms)

    return _changed(run, changed, WorkflowDecided, ports)


def cancel(run: WorkflowRun, by: str, ports: RunPorts) -> WorkflowRun:
    """As it is stored then; one that is over stays as it is. Raises Retryable."""

    def changed(run: WorkflowRun) -> WorkflowRun:
        return run if run.is_over else run.in_state(RunState.CANCELLED, int(ports.clock.now_ms()))

    return _changed(run, changed, WorkflowEnded, ports)


def choices_of(run: WorkflowRun, step_id: str) -> tuple[Choice, ...]:
    if step_id.endswith(APPROVAL):
        return APPROVALS
    human = run.definition.human(step_id)
    return human.choices if human is not None else ()


def _changed(
    run: WorkflowRun,
    change: Callable[[WorkflowRun], WorkflowRun],
    event: type[OfWorkflow],
    ports: RunPorts,
) -> WorkflowRun:
    read: WorkflowRun | None = run
    for _ in range(ATTEMPTS):
        if read is None:
            raise NotWaiting("workflow: it is gone, with its conversation")
        after = change(read)
        if after == read:
            return read
        try:
            ports.runs.replace(after, event_of(event, after))
        except RunChanged:
            read = ports.runs.run(run.tenant, run.contact_id, run.id)
            continue
        return after
    raise RunKeepsChanging("the run changed at each of our attempts")


def _new_id(clock: Clock) -> str:
    return f"wf_{int(clock.now_ms()):013d}_{secrets.token_hex(8)}"
