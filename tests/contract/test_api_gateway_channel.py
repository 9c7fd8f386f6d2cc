"""Contract tests: ApiGatewayChannel against the management API's answers, good and bad, by boto3's own client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from sotto.aws.table import StorageUnavailable
from sotto.core.errors import Rejected
from sotto.realtime.adapters.api_gateway import ApiGatewayChannel, ManagedConnections, management_url
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    ChannelUnavailable,
    MessageTooLarge,
    PanelUnreachable,
    utterance_message,
)
from sotto.realtime.connections import ANYONE, Subscriber, Topic
from tests.contract.test_appsync_channel import any_messages
from tests.contract.test_delivery_to_the_panel import any_contact, any_utterance
from tests.fakes.clock import ClockByHand
from tests.fakes.connections import ConnectionsInMemory

NOW_S = 1_763_000_000
C1 = Topic("bank", contact_id="c1")


class Gateway:
    """Stands behind boto3's client: keeps each post, and answers as a test says. No answer left: accepted."""

    def __init__(self, answer: Callable[[str], int] = lambda connection: 200) -> None:
        self.answer = answer
        self.posts: list[tuple[str, bytes]] = []
        self.waited_s: list[float] = []
        self.connections = ConnectionsInMemory()
        self.clock = ClockByHand(NOW_S * 1000)

    def channel(self) -> ApiGatewayChannel:
        client = boto3.client(
            "apigatewaymanagementapi",
            region_name="eu-west-2",
            endpoint_url="https://gateway.test/live",
            aws_access_key_id="AKIALOCAL",
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-send", self._answered)
        return ApiGatewayChannel(self.connections, ManagedConnections(client, wait_s=self.waited_s.append), self.clock)

    def listen(self, connection: str, topic: Topic = C1, *, expires_at: int = NOW_S + 1, ends_with: str = "") -> None:
        self.connections.add(Subscriber(topic, connection, "s1", expires_at, ends_with or None))

    def frames(self, connection: str) -> list[Any]:
        return [json.loads(post) for to, post in self.posts if to == connection]

    def _answered(self, request: Any, **_: Any) -> AWSResponse:
        connection = request.url.rpartition("/")[2]
        self.posts.append((connection, request.body))
        status = self.answer(connection)
        kinds = {410: "GoneException", 429: "LimitExceededException", 403: "ForbiddenException"}
        return AWSResponse(request.url, status, {"x-amzn-errortype": kinds.get(status, "")}, Raw(b"{}"))


class Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def test_several_messages_travel_in_one_frame_in_their_order() -> None:
    gateway = Gateway()
    gateway.listen("one")
    gateway.channel().publish(any_messages(3))
    (frame,) = gateway.frames("one")
    assert [each["seq"] for each in frame["messages"]] == [1, 2, 3]
    assert (frame["type"], frame["id"]) == ("data", "s1")


def test_nobody_who_listens_costs_no_post() -> None:
    gateway = Gateway()
    gateway.channel().publish(any_messages(1))
    assert gateway.posts == []


def test_no_frame_is_longer_than_32_kb_and_its_parts_make_the_whole() -> None:
    gateway = Gateway()
    gateway.listen("one")
    said = 'a "quoted" ä\n' * 4_000
    gateway.channel().publish([*any_messages(1), utterance_message(any_utterance(2, text=said), at_ms=2)])
    assert max(len(post) for _, post in gateway.posts) <= 32 * 1024
    first, *parts = gateway.frames("one")
    assert [each["seq"] for each in first["messages"]] == [1]
    assert {each["type"] for each in parts} == {"part"}
    assert [(each["at"], each["count"]) for each in parts] == [(at, len(parts)) for at in range(len(parts))]
    (whole,) = json.loads("".join(each["text"] for each in parts))["messages"]
    assert whole["utterance"]["text"] == said


def test_many_messages_are_spread_over_frames_that_need_no_parts() -> None:
    gateway = Gateway()
    gateway.listen("one")
    gateway.channel().publish(any_messages(100, text="x" * 1_000))
    frames = gateway.frames("one")
    assert len(frames) > 1
    assert {each["type"] for each in frames} == {"data"}
    assert [each["seq"] for frame in frames for each in frame["messages"]] == list(range(1, 101))


def test_what_is_too_large_is_refused_and_the_others_are_sent() -> None:
    gateway = Gateway()
    gateway.listen("one")
    messages = [utterance_message(any_utterance(1, text="ä" * 70_000), at_ms=1), *any_messages(1)]
    with pytest.raises(MessageTooLarge, match="API Gateway delivers at most 131072"):
        gateway.channel().publish(messages)
    assert [each["seq"] for each in gateway.frames("one")[0]["messages"]] == [1]


def test_a_connection_that_is_gone_is_forgotten_and_the_others_receive() -> None:
    gateway = Gateway(lambda connection: 410 if connection == "gone" else 200)
    for name in ("gone", "here"):
        gateway.listen(name)
    gateway.channel().publish(any_messages(1))
    assert [each.connection_id for each in gateway.connections.listeners(C1)] == ["here"]
    assert len(gateway.frames("here")) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    answers = [status, 200]
    gateway = Gateway(lambda _: answers.pop(0))
    gateway.listen("one")
    gateway.channel().publish(any_messages(1))
    assert len(gateway.posts) == 2 and len(gateway.waited_s) == 1


def test_attempts_end_and_whoever_can_be_reached_is() -> None:
    gateway = Gateway(lambda connection: 429 if connection == "slow" else 200)
    for name in ("slow", "quick"):
        gateway.listen(name)
    with pytest.raises(PanelUnreachable, match="429 LimitExceededException"):
        gateway.channel().publish(any_messages(1))
    assert len(gateway.frames("slow")) == 3 and len(gateway.frames("quick")) == 1
    assert len(gateway.connections) == 2


def test_a_refused_caller_is_not_tried_again() -> None:
    gateway = Gateway(lambda _: 403)
    gateway.listen("one")
    with pytest.raises(ChannelUnavailable, match="let its role manage the connections"):
        gateway.channel().publish(any_messages(1))
    assert len(gateway.posts) == 1


def test_who_came_with_a_token_that_has_run_out_receives_no_more() -> None:
    gateway = Gateway()
    gateway.listen("one", expires_at=NOW_S + 60)
    channel = gateway.channel()
    channel.publish(any_messages(1))
    gateway.clock.advance(60_000)
    channel.publish(any_messages(1))
    assert len(gateway.posts) == 1


def test_a_release_ends_what_the_agent_and_supervisors_follow_and_nothing_else() -> None:
    gateway = Gateway()
    gateway.listen("ann", ends_with="ann")
    gateway.listen("bob", ends_with="bob")
    gateway.listen("sue", ends_with=ANYONE)
    gateway.listen("anns-own", Topic("bank", agent="ann"))
    gateway.channel().assign([AgentAssignment("ann", AssignmentState.RELEASED, any_contact(agent="bob"))])
    assert gateway.frames("ann") == gateway.frames("sue") == [{"id": "s1", "type": "complete"}]
    assert gateway.frames("bob") == []
    assert [frame["assignment"]["state"] for frame in gateway.frames("anns-own")] == ["RELEASED"]
    assert [each.connection_id for each in gateway.connections.listeners(C1)] == ["bob"]


def test_a_table_that_fails_at_one_contact_keeps_no_release_of_another_back() -> None:
    gateway = Gateway()
    gateway.listen("ann", Topic("bank", contact_id="c2"), ends_with="ann")
    listeners = gateway.connections.listeners

    def failing(topic: Topic) -> Any:
        if topic == C1:
            raise StorageUnavailable("throttled")
        return listeners(topic)

    gateway.connections.listeners = failing  # type: ignore[method-assign]
    released = [AgentAssignment("ann", AssignmentState.RELEASED, any_contact(each)) for each in ("c1", "c2")]
    with pytest.raises(ChannelUnavailable, match="connection table"):
        gateway.channel().assign(released)
    assert gateway.frames("ann") == [{"id": "s1", "type": "complete"}]


def test_an_unreachable_gateway_is_a_degradation() -> None:
    client = boto3.client(
        "apigatewaymanagementapi",
        region_name="eu-west-2",
        endpoint_url="http://127.0.0.1:1/live",
        aws_access_key_id="AKIALOCAL",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ChannelUnavailable, match="not reachable: EndpointConnectionError"):
        ManagedConnections(client, wait_s=lambda _: None).post("one", b"x")


def test_the_management_api_is_where_the_stage_is() -> None:
    assert management_url("wss://x.execute-api.eu-west-2.amazonaws.com/live") == (
        "https://x.execute-api.eu-west-2.amazonaws.com/live"
    )
    assert management_url("ws://127.0.0.1:1/live") == "http://127.0.0.1:1/live"
    with pytest.raises(Rejected, match="SOTTO_WEBSOCKET_URL"):
        management_url("https://x")
