"""Contract tests: the ways to the panels, in memory, and over HTTP to answers such as AppSync's and API Gateway's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sotto.realtime.channel import PanelChannel
from sotto.realtime.connections import Topic
from sotto.realtime.tenant_channels import ANY_TENANT, TenantChannels
from tests.contract.ports.channel_contract import Arrived, Assigned, ChannelContract, TakeDown
from tests.contract.test_api_gateway_channel import Gateway
from tests.contract.test_appsync_channel import GOOD, Api, answering
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand


class InMemory:
    @pytest.fixture
    def memory(self) -> ChannelInMemory:
        return ChannelInMemory()

    @pytest.fixture
    def arrived(self, memory: ChannelInMemory) -> Arrived:
        return lambda: [each.seq for each in memory.messages]

    @pytest.fixture
    def assigned(self, memory: ChannelInMemory) -> Assigned:
        return lambda: [(each.agent, each.state.value) for each in memory.assignments]

    @pytest.fixture
    def take_down(self, memory: ChannelInMemory) -> TakeDown:
        return memory.go_down


class TestChannelInMemory(InMemory, ChannelContract):
    @pytest.fixture
    def channel(self, memory: ChannelInMemory) -> PanelChannel:
        return memory


class TestTenantChannels(InMemory, ChannelContract):
    @pytest.fixture
    def channel(self, memory: ChannelInMemory) -> PanelChannel:
        return TenantChannels({"only": memory}, {ANY_TENANT: ("only",)}, ClockByHand(0))


class TestAppSyncChannel(ChannelContract):
    @pytest.fixture
    def api(self) -> Iterator[Api]:
        with answering(GOOD) as api:
            yield api

    @pytest.fixture
    def channel(self, api: Api) -> Iterator[PanelChannel]:
        channel = api.channel()
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, api: Api) -> Arrived:
        return lambda: [each["seq"] for each in inputs(api) if "seq" in each]

    @pytest.fixture
    def assigned(self, api: Api) -> Assigned:
        return lambda: [(each["agent"], each["state"]) for each in inputs(api) if "state" in each]

    @pytest.fixture
    def take_down(self, api: Api) -> TakeDown:
        def down() -> None:
            api.answers[:] = [(503, {})]

        return down


def inputs(api: Api) -> list[dict[str, Any]]:
    return [each for request in api.requests for each in request["variables"].values()]


class TestApiGatewayChannel(ChannelContract):
    @pytest.fixture
    def gateway(self) -> Gateway:
        gateway = Gateway()
        gateway.listen("panel", Topic("bank", contact_id="c1"))
        for agent in ("ann", "bob"):
            gateway.listen(agent, Topic("bank", agent=agent))
        return gateway

    @pytest.fixture
    def channel(self, gateway: Gateway) -> Iterator[PanelChannel]:
        channel = gateway.channel()
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, gateway: Gateway) -> Arrived:
        return lambda: [each["seq"] for frame in gateway.frames("panel") for each in frame.get("messages", ())]

    @pytest.fixture
    def assigned(self, gateway: Gateway) -> Assigned:
        return lambda: [
            (frame["assignment"]["agent"], frame["assignment"]["state"])
            for agent in ("ann", "bob")
            for frame in gateway.frames(agent)
        ]

    @pytest.fixture
    def take_down(self, gateway: Gateway) -> TakeDown:
        def down() -> None:
            gateway.answer = lambda connection: 503

        return down
