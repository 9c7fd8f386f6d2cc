"""Unit: agents' panels are told which contacts are theirs."""

from __future__ import annotations

from sotto.realtime.assignments import PanelAssignments
from sotto.realtime.channel import AssignmentState, ChannelUnavailable, PanelUnreachable
from sotto.realtime.panel_publisher import PanelPublisher
from tests.contract.test_delivery_to_the_panel import any_contact
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand


def test_a_panel_that_does_not_take_the_message_keeps_no_release_back() -> None:
    channel, failed = ChannelInMemory(message_failure=PanelUnreachable("slow")), list[str]()
    assignments = PanelAssignments(PanelPublisher(channel, failed.append), ClockByHand(0))
    assignments.contact_changed(any_contact(agent="bob"), previous_agent="ann")
    assert [(each.agent, each.state) for each in channel.assignments] == [
        ("ann", AssignmentState.RELEASED),
        ("bob", AssignmentState.ASSIGNED),
    ]
    assert failed == ["assignment"]


def test_a_channel_that_is_down_harms_nothing_and_is_counted() -> None:
    failed = list[str]()
    down = ChannelInMemory(failure=ChannelUnavailable("down"))
    PanelAssignments(PanelPublisher(down, failed.append), ClockByHand(0)).contact_changed(
        any_contact(), previous_agent=None
    )
    assert failed == ["assignment", "assignment"]
