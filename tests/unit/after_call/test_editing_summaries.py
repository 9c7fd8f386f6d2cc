"""Unit: an agent corrects a summary."""

from __future__ import annotations

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.edit import EditedLine, EditPorts, NotEditable, edit_summary
from sotto.call.contact import Speaker
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.consent.rules import ConsentDecision, record_of
from sotto.realtime.channel import MessageKind
from sotto.realtime.panel_publisher import PanelPublisher
from tests.fakes.call_records import SummariesInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.turned_clock import TurnedClock
from tests.unit.after_call.any_call import CONTACT_ID, TENANT, any_contact

MADE = CallSummary(
    TENANT,
    CONTACT_ID,
    (
        SummaryLine(SummaryPart.REASON, "I want to leave.", ("u1",)),
        SummaryLine(SummaryPart.PROMISE, "I will call on Friday.", ("u2",), Speaker.AGENT, "2026-11-27"),
    ),
    Origin.QUOTED,
    "",
    2,
    1,
    9,
)


class Desk:
    def __init__(self) -> None:
        self.summaries = SummariesInMemory()
        self.summaries.store(MADE)
        self.channel = ChannelInMemory()
        self.consents = ConsentsInMemory()
        self.clock = TurnedClock()

    def edit(self, *lines: EditedLine, version: int = 1, agent: str = "ann") -> CallSummary:
        panel = PanelPublisher(self.channel, lambda what: None)
        redact = lambda tenant, text: text.replace("4111", "[card]")  # noqa: E731
        ports = EditPorts(self.consents, self.summaries, redact, panel, self.clock)
        return edit_summary(any_contact(), version, lines, agent, ports)


def test_an_edit_is_a_new_version_with_who_and_when_and_keeps_the_evidence_of_its_lines() -> None:
    at = Desk()
    stored = at.edit(
        EditedLine(SummaryPart.REASON, "Wants to leave over the fee, card 4111.", 0),
        EditedLine(SummaryPart.PROMISE, "I will call on Friday.", 1),
        EditedLine(SummaryPart.OUTCOME, "Will think about it."),
    )
    assert (stored.version, stored.origin, stored.edited_by) == (2, Origin.EDITED, "ann")
    assert stored.made_at_ms == int(at.clock.now_ms())
    assert stored.lines == (
        SummaryLine(SummaryPart.REASON, "Wants to leave over the fee, card [card].", ("u1",)),
        MADE.lines[1],
        SummaryLine(SummaryPart.OUTCOME, "Will think about it."),
    )
    assert [each.lines for each in at.summaries.versions(TENANT, CONTACT_ID)] == [MADE.lines]
    assert [(each.kind, each.seq) for each in at.channel.messages] == [(MessageKind.SUMMARY, 2)]


@pytest.mark.parametrize("version", [2, 9])
def test_another_version_than_the_one_that_is_there_is_refused(version: int) -> None:
    at = Desk()
    with pytest.raises(NotEditable):
        at.edit(EditedLine(SummaryPart.REASON, "Else.", 0), version=version)
    assert at.channel.messages == []


def test_of_a_call_that_may_not_stay_nothing_is_edited() -> None:
    at = Desk()
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    at.consents.record(
        record_of(refused, tenant=TENANT, contact_id=CONTACT_ID, decided_at_ms=5, speaker=Speaker.CUSTOMER)
    )
    with pytest.raises(NotEditable):
        at.edit(EditedLine(SummaryPart.REASON, "Else.", 0))


def test_a_line_of_a_place_that_there_is_not_is_a_new_one() -> None:
    stored = Desk().edit(EditedLine(SummaryPart.FACT, "Else.", 7))
    assert stored.lines == (SummaryLine(SummaryPart.FACT, "Else."),)
