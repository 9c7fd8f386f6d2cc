"""How far the work after a call is: stored, counted, and shown to the agent who does theirs meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field

from sotto.after_call.stored_call import LeaseReader, is_transcribed
from sotto.after_call.workflow.records import WorkPorts, changed
from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.contact import ContactReader, ContactStatus
from sotto.core.clock import Clock
from sotto.core.metrics.measure import AFTER_CALL_FAILED, AFTER_CALL_STEPS
from sotto.core.metrics.recorder import Metrics
from sotto.core.validation import silent

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]


@dataclass(frozen=True, slots=True)
class BeginOrder:
    """The machine begins, with these steps planned, in their order."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    steps: Annotated[tuple[Name, ...], Field(max_length=40)]


@dataclass(frozen=True, slots=True)
class StepReport:
    """A step has ended. What it failed with stays in the machine's history, and in the step's own log."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]
    step: Name
    outcome: StepOutcome


TRACKED = silent(BeginOrder | StepReport)


@dataclass(frozen=True, slots=True)
class TrackPorts:
    contacts: ContactReader
    leases: LeaseReader
    work: WorkPorts
    metrics: Metrics
    clock: Clock


def begin(order: BeginOrder, ports: TrackPorts) -> bool:
    """Whether the conversation is whole: it has ended, and no worker is transcribing it. Then every step runs; what was
    done early, or by an execution before, is done again. Raises StorageUnavailable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None:
        return False
    is_whole = contact.status is ContactStatus.ENDED and is_transcribed(contact, ports.leases, ports.clock)
    if is_whole:
        changed(contact, lambda work, at_ms: _planned(work, order.steps, at_ms), ports.work)
    return is_whole


def note(report: StepReport, ports: TrackPorts) -> None:
    """Raises StorageUnavailable."""
    ports.metrics.add(AFTER_CALL_STEPS, tenant=report.tenant, step=report.step, outcome=report.outcome.value)
    if report.outcome is StepOutcome.FAILED:
        ports.metrics.add(AFTER_CALL_FAILED, tenant=report.tenant, step=report.step)
    contact = ports.contacts.contact(report.tenant, report.contact_id)
    if contact is not None:
        changed(contact, lambda work, at_ms: _noted(work, report, at_ms), ports.work)


def _noted(work: AfterCallWork, report: StepReport, at_ms: int) -> AfterCallWork:
    """What is still to come for one execution, another has done meanwhile."""
    if report.outcome is StepOutcome.PENDING and work.outcome_of(report.step) is StepOutcome.DONE:
        return work
    return work.with_step(report.step, report.outcome, at_ms)


def _planned(work: AfterCallWork, steps: tuple[str, ...], at_ms: int) -> AfterCallWork:
    """What is done stays done: it is there, whatever a further run makes of it."""
    for step in steps:
        if work.outcome_of(step) is not StepOutcome.DONE:
            work = work.with_step(step, StepOutcome.PENDING, at_ms)
    return work
