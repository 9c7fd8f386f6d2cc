"""Unit: each tenant's messages over the channels that were chosen for it."""

from __future__ import annotations

import pytest

from sotto.core.settings import MissingSetting, Panels, Settings
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    ChannelUnavailable,
    MessageTooLarge,
    PanelUnreachable,
    utterance_message,
)
from sotto.realtime.tenant_channels import REST_MS, TenantChannels
from tests.contract.test_delivery_to_the_panel import any_contact, any_utterance
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand


class Two:
    def __init__(self) -> None:
        self.clock = ClockByHand(0)
        self.appsync, self.websocket = ChannelInMemory(), ChannelInMemory()
        chosen = {"*": ("appsync",), "garage": ("websocket",), "both": ("appsync", "websocket")}
        self.channel = TenantChannels({"appsync": self.appsync, "websocket": self.websocket}, chosen, self.clock)

    def publish(self, *tenants: str) -> None:
        messages = [
            utterance_message(any_utterance(at + 1, tenant=tenant), at_ms=1) for at, tenant in enumerate(tenants)
        ]
        self.channel.publish(messages)


def arrived(channel: ChannelInMemory) -> list[tuple[str, int]]:
    return [(each.tenant, each.seq) for each in channel.messages]


def test_each_tenant_is_published_to_by_its_own_channel() -> None:
    two = Two()
    two.publish("bank", "garage", "both", "bank")
    assert arrived(two.appsync) == [("bank", 1), ("bank", 4), ("both", 3)]
    assert arrived(two.websocket) == [("garage", 2), ("both", 3)]
    two.channel.assign([AgentAssignment("ann", AssignmentState.ASSIGNED, any_contact(tenant="garage"))])
    assert [each.contact.tenant for each in two.websocket.assignments] == ["garage"]


@pytest.mark.parametrize("failure", [ChannelUnavailable("down"), MessageTooLarge("long")])
def test_one_that_fails_is_reported_and_does_not_keep_the_other_from_its_message(failure: Exception) -> None:
    two = Two()
    two.appsync.failure = failure
    with pytest.raises(type(failure)):
        two.publish("both")
    assert arrived(two.websocket) == [("both", 1)]


def test_one_that_fails_is_left_out_for_a_while_so_that_its_timeouts_delay_nobody() -> None:
    two = Two()
    two.appsync.failure = ChannelUnavailable("down")
    for _ in range(3):
        with pytest.raises(ChannelUnavailable):
            two.publish("both")
    assert two.appsync.asked == 1
    assert len(arrived(two.websocket)) == 3
    two.appsync.failure = None
    two.clock.advance(REST_MS)
    two.publish("both")
    assert arrived(two.appsync) == [("both", 1)]


def test_a_slow_panel_is_no_reason_to_leave_its_channel_out() -> None:
    two = Two()
    two.websocket.failure = PanelUnreachable("slow")
    for _ in range(2):
        with pytest.raises(PanelUnreachable):
            two.publish("both")
    assert two.websocket.asked == 2


def test_a_release_is_tried_also_over_one_that_has_just_failed() -> None:
    two = Two()
    two.websocket.failure = ChannelUnavailable("down")
    with pytest.raises(ChannelUnavailable):
        two.publish("both")
    two.websocket.failure = None
    two.channel.assign([AgentAssignment("ann", AssignmentState.RELEASED, any_contact(tenant="both"))])
    assert [each.contact.tenant for each in two.websocket.assignments] == ["both"]


def test_the_only_channel_of_a_tenant_is_always_asked() -> None:
    two = Two()
    two.appsync.failure = ChannelUnavailable("down")
    for _ in range(3):
        with pytest.raises(ChannelUnavailable):
            two.publish("bank")
    assert two.appsync.asked == 3


@pytest.mark.parametrize("written", ["[]", "{", '{"*": []}', '{"*": ["pigeon"]}', '{"*": 7}'])
def test_channels_that_make_no_sense_stop_the_function(written: str) -> None:
    with pytest.raises(MissingSetting, match="SOTTO_CHANNELS"):
        Settings({"SOTTO_CHANNELS": written, "SOTTO_GRAPHQL_URL": "https://any"}).of(Panels)


def test_without_a_choice_everybody_is_on_appsync() -> None:
    assert Settings({"SOTTO_GRAPHQL_URL": "https://any"}).of(Panels).channels == {"*": ("appsync",)}


@pytest.mark.parametrize(
    ("channel", "variable"), [("appsync", "SOTTO_GRAPHQL_URL"), ("websocket", "SOTTO_WEBSOCKET_URL")]
)
def test_a_channel_without_its_address_stops_the_function(channel: str, variable: str) -> None:
    with pytest.raises(MissingSetting, match=variable):
        Settings({"SOTTO_CHANNELS": f'{{"*": ["{channel}"]}}'}).of(Panels)
