"""Carries a run on, step by step, until it waits or is over. The machine calls it, and again after each wait.

Each step's result is stored, on the condition that nobody else has changed the run, before the next step begins. Who
dies between a step and its result is followed by somebody who does the step again under the same key: what reads may be
read twice, and what acts outside does nothing more for a key that it has.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from sotto.call.contact import Contact, ContactReader
from sotto.call.events import Event, OfWorkflow, WorkflowEnded, WorkflowWaiting
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.core.validation import silent
from sotto.workflows.definition import OUTWARD, Human, Use
from sotto.workflows.interpreter import AskAgent, AskPerson, CallTool, Decline, Finish, Sleep, next_act
from sotto.workflows.run import MOST_RECORDS, RunState, StepRecord, StepState, WorkflowRun
from sotto.workflows.store import Machine, RunChanged, Runs
from sotto.workflows.tools import LARGEST_RESULT, TOOLS, Agents, Toolbox, ToolOrder, checked

MOST_AT_ONCE = 25
"""Steps for which one process answers; the machine asks again for more."""


class Then(StrEnum):
    AGAIN = "again"
    SLEEP = "sleep"
    PERSON = "person"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Advanced:
    """``wait_s``: how long to sleep, or to wait for a person; at least 1."""

    then: Then
    wait_s: int = 1


@dataclass(frozen=True, slots=True)
class AdvanceOrder:
    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    run_id: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class HandOffOrder:
    """The machine begins to wait for a person. ``token``: by which it is answered."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    run_id: Annotated[str, Field(min_length=1)]
    token: Annotated[str, Field(min_length=1, max_length=2048)]


@dataclass(frozen=True, slots=True)
class GiveUpOrder:
    """What a step needs did not answer, however often it was asked."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    run_id: Annotated[str, Field(min_length=1)]
    gave_up: bool


ORDERS = silent(GiveUpOrder | HandOffOrder | AdvanceOrder)


@dataclass(frozen=True, slots=True)
class AdvancePorts:
    runs: Runs
    contacts: ContactReader
    consents: Consents
    tools: Toolbox
    agents: Agents
    machine: Machine
    clock: Clock


def advance(order: AdvanceOrder, ports: AdvancePorts) -> Advanced:
    """Raises Retryable: then the machine asks again."""
    for _ in range(MOST_AT_ONCE):
        read = _read(order, ports)
        if read is None:
            return Advanced(Then.OVER)
        try:
            waits = _step(*read, ports)
        except RunChanged:  # somebody decided, cancelled, or advances it too: what is stored counts
            continue
        if waits is not None:
            return waits
    return Advanced(Then.AGAIN)


def hand_off(order: HandOffOrder, ports: AdvancePorts) -> None:
    """Keeps the token by which the machine is answered; where nothing waits any more it is answered at once. Raises
    Retryable."""
    while True:
        run = ports.runs.run(order.tenant, order.contact_id, order.run_id)
        if run is None or run.state is not RunState.WAITING:
            ports.machine.answer(order.token)
            return
        try:
            ports.runs.replace(replace(run, token=order.token, version=run.version + 1))
        except RunChanged:
            continue
        return


def give_up(order: GiveUpOrder, ports: AdvancePorts) -> None:
    """The run has failed where it stood, and can be forked from there. Raises Retryable."""
    while True:
        run = ports.runs.run(order.tenant, order.contact_id, order.run_id)
        if run is None or run.is_over:
            return
        now_ms = int(ports.clock.now_ms())
        try:
            act = next_act(run, OUTWARD)
            if isinstance(act, Finish):
                return
            step = act.human.id if isinstance(act, AskPerson) else act.step.id
            record = StepRecord(act.key, step, "use", StepState.FAILED, now_ms, reason="unavailable")
            _store(run.with_step(record, RunState.FAILED, now_ms), ports)
        except RunChanged:
            continue
        return


def _read(order: AdvanceOrder, ports: AdvancePorts) -> tuple[WorkflowRun, Contact] | None:
    """None where the run is over, and where nothing of the conversation may be kept any more."""
    run = ports.runs.run(order.tenant, order.contact_id, order.run_id)
    if run is None or run.is_over:
        return None
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None or contact.erased or not may_keep(contact, ports.consents):
        return None
    return run, contact


def _step(run: WorkflowRun, contact: Contact, ports: AdvancePorts) -> Advanced | None:
    """What it waits for; None where it goes on. Raises RunChanged."""
    now_ms = int(ports.clock.now_ms())
    if len(run.steps) >= MOST_RECORDS:
        _store(run.in_state(RunState.FAILED, now_ms), ports)
        return None
    act = next_act(run, OUTWARD)
    if isinstance(act, Finish):
        _store(run.in_state(RunState.DONE, now_ms), ports)
    elif isinstance(act, Sleep):
        return _slept(run, act, now_ms, ports)
    elif isinstance(act, AskPerson):
        return _asked(run, act, now_ms, ports)
    elif isinstance(act, Decline):
        record = StepRecord(act.key, act.step.id, "use", StepState.DECLINED, now_ms)
        _store(run.with_step(record, RunState.RUNNING, now_ms), ports)
    else:
        _worked(run, act, contact, now_ms, ports)
    return None


def _worked(run: WorkflowRun, act: CallTool | AskAgent, contact: Contact, now_ms: int, ports: AdvancePorts) -> None:
    key, kind = act.key, "use" if isinstance(act, CallTool) else "ask"
    order = ToolOrder(contact, f"{run.id}/{key}", now_ms)
    try:
        result = _bounded(
            _called(act, order, ports) if isinstance(act, CallTool) else _answered(run, act, order, ports)
        )
    except Rejected as error:
        # The class alone: its message may quote what a system answered.
        record = StepRecord(key, act.step.id, kind, StepState.FAILED, now_ms, reason=type(error).__name__)
        _store(run.with_step(record, RunState.FAILED, now_ms), ports)
        return
    record = StepRecord(key, act.step.id, kind, StepState.DONE, int(ports.clock.now_ms()), result=result)
    _store(run.with_step(record, RunState.RUNNING, record.at_ms), ports)


class ResultTooLarge(Rejected):
    """A tool gave more than a run keeps."""


def _bounded(result: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(json.dumps(result)) > LARGEST_RESULT:
        raise ResultTooLarge(f"result: more than {LARGEST_RESULT} bytes; have the tool give less")
    return result


def _called(act: CallTool, order: ToolOrder, ports: AdvancePorts) -> Mapping[str, Any]:
    step: Use = act.step
    return ports.tools.call(step.tool, checked(TOOLS[step.tool], act.arguments), order)


def _answered(run: WorkflowRun, act: AskAgent, order: ToolOrder, ports: AdvancePorts) -> Mapping[str, Any]:
    agent = run.definition.agents[act.step.agent]
    found = {name: ports.tools.call(name, checked(TOOLS[name], {}), order) for name in agent.tools}
    answer = ports.agents.answer(agent, order.contact, found, by_model=act.texts < agent.most_texts)
    return {"agent": agent.name, "text": answer.text, "origin": answer.origin, "rests_on": list(answer.rests_on)}


def _slept(run: WorkflowRun, act: Sleep, now_ms: int, ports: AdvancePorts) -> Advanced | None:
    if act.opened is None:
        latest = now_ms + act.step.at_most_ms
        until = latest if act.until_ms is None else min(act.until_ms, latest)
        record = StepRecord(
            act.key, act.step.id, "wait", StepState.OPEN, now_ms, until_ms=max(until, now_ms), opened_at_ms=now_ms
        )
        _store(run.with_step(record, RunState.SLEEPING, now_ms), ports)
        return None
    if now_ms < act.opened.until_ms:
        return Advanced(Then.SLEEP, _seconds(act.opened.until_ms - now_ms))
    done = replace(act.opened, state=StepState.DONE, at_ms=now_ms, result={"at_ms": now_ms})
    _store(run.with_step(done, RunState.RUNNING, now_ms), ports)
    return None


def _asked(run: WorkflowRun, act: AskPerson, now_ms: int, ports: AdvancePorts) -> Advanced | None:
    human: Human = act.human
    if act.opened is None:
        until_ms, shown = now_ms + human.within_ms, {"shown": dict(act.shown)}
        record = StepRecord(act.key, human.id, "human", StepState.OPEN, now_ms, until_ms, shown, opened_at_ms=now_ms)
        _store(run.with_step(record, RunState.WAITING, now_ms, token=""), ports)
        return None
    if now_ms < act.opened.until_ms:
        return Advanced(Then.PERSON, _seconds(act.opened.until_ms - now_ms))
    closed = answered(act.opened, human.otherwise, now_ms, by="", reason="")
    _store(run.with_step(closed, RunState.RUNNING, now_ms, token=""), ports)
    return None


def answered(opened: StepRecord, choice: str, now_ms: int, *, by: str, reason: str) -> StepRecord:
    """``by``: empty where the time was over."""
    shown = opened.result["shown"] if isinstance(opened.result, Mapping) else {}
    result = {"choice": choice, "reason": reason, "by": by, "is_answered": bool(by), "shown": shown}
    return replace(opened, state=StepState.DONE, at_ms=now_ms, result=result, by=by, reason=reason)


def _store(run: WorkflowRun, ports: AdvancePorts) -> None:
    ports.runs.replace(run, _event(run))


def _event(run: WorkflowRun) -> Event | None:
    kind = WorkflowEnded if run.is_over else WorkflowWaiting if run.state is RunState.WAITING else None
    return None if kind is None else event_of(kind, run)


def event_of(kind: type[OfWorkflow], run: WorkflowRun) -> Event:
    return kind.of(run.tenant, run.contact_id, run=run.id, version=run.version, at_ms=run.changed_at_ms)


def _seconds(ms: int) -> int:
    return max(1, math.ceil(ms / 1000))
