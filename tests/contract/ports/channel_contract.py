"""What every way to the panels must do, as a class of tests to inherit.

A subclass gives ``channel``; ``arrived``, which says the numbers of the messages that a panel of contact c1 has been
given; ``assigned``, which says the agents of the assignments that agents' panels have been given and what became of
them; and ``take_down``, after which nothing is accepted (fixtures).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    ChannelUnavailable,
    MessageTooLarge,
    PanelChannel,
    PanelMessage,
    utterance_message,
)
from tests.contract.test_delivery_to_the_panel import any_contact, any_utterance

Arrived = Callable[[], list[int]]
Assigned = Callable[[], list[tuple[str, str]]]
TakeDown = Callable[[], None]
TOO_LONG = "ä" * 250_000


def any_message(seq: int, text: str = "hello") -> PanelMessage:
    return utterance_message(any_utterance(seq, text=text), at_ms=seq)


def any_assignment(agent: str, state: AssignmentState = AssignmentState.ASSIGNED) -> AgentAssignment:
    return AgentAssignment(agent, state, any_contact())


class ChannelContract:
    def test_messages_arrive_in_their_order_however_many(self, channel: PanelChannel, arrived: Arrived) -> None:
        channel.publish([any_message(seq) for seq in range(1, 46)])
        channel.publish([any_message(46)])
        assert arrived() == list(range(1, 47))

    def test_nothing_to_publish_is_no_trouble(
        self, channel: PanelChannel, arrived: Arrived, assigned: Assigned
    ) -> None:
        channel.publish([])
        channel.assign([])
        assert arrived() == [] and assigned() == []

    def test_assignments_reach_their_agents_in_their_order(self, channel: PanelChannel, assigned: Assigned) -> None:
        channel.assign([any_assignment("ann", AssignmentState.RELEASED), any_assignment("bob")])
        assert assigned() == [("ann", "RELEASED"), ("bob", "ASSIGNED")]

    def test_a_message_that_is_too_large_is_refused_after_all_that_fit_have_arrived(
        self, channel: PanelChannel, arrived: Arrived
    ) -> None:
        with pytest.raises(MessageTooLarge) as refused:
            channel.publish([any_message(1), any_message(2, TOO_LONG), any_message(3)])
        assert arrived() == [1, 3]
        assert "ää" not in str(refused.value)

    def test_a_channel_that_is_down_says_so(self, channel: PanelChannel, arrived: Arrived, take_down: TakeDown) -> None:
        take_down()
        with pytest.raises(ChannelUnavailable):
            channel.publish([any_message(1)])
        with pytest.raises(ChannelUnavailable):
            channel.assign([any_assignment("ann")])
