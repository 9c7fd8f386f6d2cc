"""Unit: agents' panels are told which contacts are theirs."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.realtime.assignments import PanelAssignments
from sotto.realtime.channel import AgentAssignment, AssignmentState, ChannelUnavailable, PanelMessage, PanelUnreachable
from sotto.realtime.panel_publisher import PanelPublisher
from tests.contract.test_delivery_to_the_panel import any_contact
from tests.fakes.clock import ClockByHand


class Failing:
    def __init__(self, of_message: Exception | None, of_assignment: Exception | None) -> None:
        self._failures = (of_message, of_assignment)
        self.assigned: list[tuple[str, AssignmentState]] = []

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        if self._failures[0]:
            raise self._failures[0]

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        if self._failures[1]:
            raise self._failures[1]
        self.assigned += [(each.agent, each.state) for each in assignments]


def test_a_panel_that_does_not_take_the_message_keeps_no_release_back() -> None:
    channel, failed = Failing(PanelUnreachable("slow"), None), list[str]()
    assignments = PanelAssignments(PanelPublisher(channel, failed.append), ClockByHand(0))
    assignments.contact_changed(any_contact(agent="bob"), previous_agent="ann")
    assert channel.assigned == [("ann", AssignmentState.RELEASED), ("bob", AssignmentState.ASSIGNED)]
    assert failed == ["assignment"]


def test_a_channel_that_is_down_harms_nothing_and_is_counted() -> None:
    failed = list[str]()
    down = Failing(ChannelUnavailable("down"), ChannelUnavailable("down"))
    PanelAssignments(PanelPublisher(down, failed.append), ClockByHand(0)).contact_changed(
        any_contact(), previous_agent=None
    )
    assert failed == ["assignment", "assignment"]
