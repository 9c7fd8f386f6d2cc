"""Unit: what starts the work after a call, and how far it is, under a turned clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.workflow.records import WorkChanged, WorkKeepsChanging, WorkPorts
from sotto.after_call.workflow.start import execution_name, start_after_call
from sotto.after_call.workflow.track import BeginOrder, StepReport, TrackPorts, begin, note
from sotto.call.after_call_work import AfterCallWork, StepOrder, StepOutcome
from sotto.call.contact import ContactStatus, Speaker
from sotto.call.events import ConversationEnded, Event, TranscriptCompleted
from sotto.consent.rules import ConsentDecision, record_of
from sotto.core.metrics.measure import Measure
from sotto.realtime.channel import MessageKind
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.transcription.lease.lease import Lease
from tests.fakes.call_records import WorkInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.turned_clock import TurnedClock
from tests.fakes.workflow import WorkflowInMemory
from tests.unit.after_call.any_call import CONTACT_ID, TENANT, any_contact

ENDED = ConversationEnded(TENANT, CONTACT_ID, "contact", 2, 1_790_000_000_000)
COMPLETED = TranscriptCompleted.of(TENANT, CONTACT_ID, last_seq=4, at_ms=1_790_000_001_000)
STEPS = ("summarise_call", "score_call")
BEGIN = BeginOrder(TENANT, CONTACT_ID, STEPS)


@dataclass
class Counted:
    """Metrics."""

    values: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def add(self, measure: Measure, value: float = 1, *, tenant: str | None = None, **by: str) -> None:
        self.values.append((measure.name, by))


@dataclass
class Tracking:
    clock: TurnedClock = field(default_factory=TurnedClock)
    contacts: ContactsInMemory = field(
        default_factory=lambda: ContactsInMemory(any_contact(status=ContactStatus.ENDED))
    )
    lease: Lease | None = None
    consents: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    records: WorkInMemory = field(default_factory=WorkInMemory)
    channel: ChannelInMemory = field(default_factory=ChannelInMemory)
    metrics: Counted = field(default_factory=Counted)

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self.lease

    @property
    def ports(self) -> TrackPorts:
        panel = PanelPublisher(self.channel, lambda what: None)
        work = WorkPorts(self.consents, self.records, panel, self.clock)
        return TrackPorts(self.contacts, self, work, self.metrics, self.clock)

    def outcomes(self) -> dict[str, str]:
        work = self.records.work(TENANT, CONTACT_ID)
        return {each.step: each.outcome.value for each in work.steps} if work else {}


def report(step: str, outcome: str) -> StepReport:
    return StepReport(TENANT, CONTACT_ID, step, StepOutcome(outcome))


def test_each_event_starts_one_execution_however_often_it_comes() -> None:
    workflow = WorkflowInMemory()
    assert [start_after_call(each, workflow) for each in (ENDED, COMPLETED, ENDED, COMPLETED)] == [
        True,
        True,
        False,
        False,
    ]
    assert set(workflow.started.values()) == {StepOrder(TENANT, CONTACT_ID)}


def test_a_name_is_one_that_step_functions_takes_and_of_one_tenants_contact_alone() -> None:
    odd = replace(ENDED, contact_id="a/b c" * 30)
    names = {execution_name(each) for each in (ENDED, replace(ENDED, tenant="garage"), COMPLETED, odd)}
    assert len(names) == 4
    assert all(re.fullmatch(r"[0-9A-Za-z_-]{1,80}", name) for name in names)
    assert execution_name(ENDED).startswith(f"{CONTACT_ID}-")


def test_a_conversation_is_whole_when_it_has_ended_and_nobody_transcribes_it() -> None:
    at = Tracking()
    assert begin(BEGIN, at.ports)
    assert at.outcomes() == {"summarise_call": "pending", "score_call": "pending"}
    (message,) = at.channel.messages
    assert (message.kind, message.seq) == (MessageKind.AFTER_CALL, 1)


@pytest.mark.parametrize(
    "not_yet",
    [
        lambda at: setattr(at, "lease", Lease(TENANT, CONTACT_ID, "worker", 1, int(at.clock.now_ms()) + 10_000)),
        lambda at: setattr(at, "contacts", ContactsInMemory(any_contact(status=ContactStatus.CONNECTED))),
        lambda at: setattr(at, "contacts", ContactsInMemory()),
    ],
    ids=["a worker transcribes", "the call is on", "nobody knows it"],
)
def test_until_then_nothing_is_planned(not_yet: Callable[[Tracking], None]) -> None:
    at = Tracking()
    not_yet(at)
    assert not begin(BEGIN, at.ports)
    assert at.outcomes() == {} and at.channel.messages == []


def test_each_step_is_noted_once_counted_each_time_and_what_is_done_stays_done() -> None:
    at = Tracking()
    begin(BEGIN, at.ports)
    for _ in range(2):
        note(report("summarise_call", "done"), at.ports)
    note(report("score_call", "failed"), at.ports)
    assert at.outcomes() == {"summarise_call": "done", "score_call": "failed"}
    assert len(at.channel.messages) == 3
    assert [by for name, by in at.metrics.values if name == "AfterCallFailed"] == [{"step": "score_call"}]
    begin(BEGIN, at.ports)
    assert at.outcomes() == {"summarise_call": "done", "score_call": "pending"}


def test_of_a_call_that_may_not_stay_nothing_is_noted() -> None:
    at = Tracking()
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    at.consents.record(
        record_of(refused, tenant=TENANT, contact_id=CONTACT_ID, decided_at_ms=5, speaker=Speaker.CUSTOMER)
    )
    begin(BEGIN, at.ports)
    note(report("summarise_call", "done"), at.ports)
    assert at.outcomes() == {} and at.channel.messages == []


class Contended(WorkInMemory):
    """Others change the record so many times before each write."""

    others: int = 0

    def replace(self, work: AfterCallWork, *, expected_version: int, event: Event | None = None) -> None:
        if self.others > 0:
            self.others -= 1
            raise WorkChanged
        super().replace(work, expected_version=expected_version, event=event)


def test_steps_that_end_at_once_are_all_noted_and_endless_contention_is_tried_again_later() -> None:
    at = Tracking(records=Contended())
    at.records.others = 3
    note(report("summarise_call", "done"), at.ports)
    assert at.outcomes() == {"summarise_call": "done"}
    at.records.others = 99
    with pytest.raises(WorkKeepsChanging):
        note(report("score_call", "done"), at.ports)
