"""Unit: the list of conversations as the manager's app asks for it."""

from __future__ import annotations

from sotto.api.caller import Caller
from sotto.api.panel.history import ConversationsRequest, conversations
from sotto.api.roles import Role
from sotto.history.conversation import ConversationRow, Leg
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk

NOW_MS = 1_790_000_000_000
ADA = Caller("bank", "ada", Role.ANALYST)


def test_a_list_without_a_period_goes_on_where_it_was_while_time_passes() -> None:
    clock = ClockByHand(NOW_MS)
    desk = Desk(clock)
    for number in range(3):
        at_ms = NOW_MS - number * 60_000
        leg = Leg(f"c{number}", at_ms, at_ms + 30_000, True, "en-US", "Loans", "emma", team="service")
        desk.history.replace(ConversationRow("bank", f"c{number}", (leg,), 1), before=None)
    first = conversations(ConversationsRequest(first=2), ADA, desk.ports())
    clock.advance(5_000)
    rest = conversations(ConversationsRequest(first=2, after=first["cursor"]), ADA, desk.ports())
    assert [row["conversationId"] for page in (first, rest) for row in page["conversations"]] == ["c0", "c1", "c2"]
