"""How far the work after a call is: stored, counted, and shown to the agent who does theirs meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Protocol

from pydantic import ConfigDict, Field

from sotto.after_call.stored_call import Consents, LeaseReader, is_transcribed, may_keep
from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.contact import Contact, ContactReader, ContactStatus
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.metrics.measure import AFTER_CALL_FAILED, AFTER_CALL_STEPS
from sotto.core.metrics.recorder import Metrics
from sotto.core.validation import silent
from sotto.realtime.channel import after_call_message
from sotto.realtime.panel_publisher import PanelPublisher

ATTEMPTS = 8
"""Branches end side by side, and each notes it."""
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]


class WorkChanged(Exception):
    """The record has another version than the one that was read."""


class WorkRecords(Protocol):
    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None: ...

    def replace(self, work: AfterCallWork, *, expected_version: int) -> None:
        """0: there is none yet. Raises WorkChanged and StorageUnavailable."""
        ...


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
    consents: Consents
    records: WorkRecords
    panel: PanelPublisher
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
        _change(contact, ports, lambda work, at_ms: _planned(work, order.steps, at_ms))
    return is_whole


def note(report: StepReport, ports: TrackPorts) -> None:
    """Raises StorageUnavailable."""
    ports.metrics.add(AFTER_CALL_STEPS, tenant=report.tenant, step=report.step, outcome=report.outcome.value)
    if report.outcome is StepOutcome.FAILED:
        ports.metrics.add(AFTER_CALL_FAILED, tenant=report.tenant, step=report.step)
    contact = ports.contacts.contact(report.tenant, report.contact_id)
    if contact is not None:
        _change(contact, ports, lambda work, at_ms: work.with_step(report.step, report.outcome, at_ms))


def _planned(work: AfterCallWork, steps: tuple[str, ...], at_ms: int) -> AfterCallWork:
    """What is done stays done: it is there, whatever a further run makes of it."""
    for step in steps:
        if work.outcome_of(step) is not StepOutcome.DONE:
            work = work.with_step(step, StepOutcome.PENDING, at_ms)
    return work


def _change(contact: Contact, ports: TrackPorts, change: Callable[[AfterCallWork, int], AfterCallWork]) -> None:
    """Nothing of a contact that may not be kept: what was erased does not come back."""
    for _ in range(ATTEMPTS):
        if not may_keep(contact, ports.consents):
            return
        now_ms = ports.clock.now_ms()
        known = ports.records.work(contact.tenant, contact.contact_id)
        before = known or AfterCallWork(contact.tenant, contact.contact_id)
        after = change(before, int(now_ms))
        if after == before:
            return
        after = replace(after, version=before.version + 1)
        try:
            ports.records.replace(after, expected_version=before.version)
        except WorkChanged:
            continue
        call_ms = max(0, int(now_ms - contact.media_started_at_ms))
        ports.panel.publish([after_call_message(after, at_ms=call_ms)], what="after_call")
        return
    raise WorkKeepsChanging("the after-call work changed at each of our attempts")


class WorkKeepsChanging(Retryable):
    """Others change it all the time."""
