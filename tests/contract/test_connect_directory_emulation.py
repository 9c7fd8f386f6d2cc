"""Contract: our adapter and the emulated Amazon Connect, by an unmodified SDK client over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws.connect_directory.api import ConnectDirectory
from local.aws.connect_directory.instance import EmulatedInstance, queue_id, user_id
from local.aws.web_server import WebServer
from sotto.contacts.adapters.connect_listing import ATTEMPTS, ConnectListing
from sotto.contacts.directory import Kind, Named
from sotto.contacts.listing import InstanceUnknown, ListingForbidden, ListingUnavailable, PageLost
from tests.fakes.clock import ClockByHand

ARN = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
ONE = ARN.rpartition("/")[2]


class Connect:
    """Both sides turn one clock: whoever waits lets the service's buckets fill."""

    def __init__(self, api: ConnectDirectory, clock: ClockByHand, url: str) -> None:
        self.api, self.clock = api, clock
        self.instance = api.instances[ONE]
        self.waited_ms: list[float] = []
        self.client: Any = boto3.Session("testing", "testing", region_name="us-east-1").client(
            "connect", endpoint_url=url, config=Config(retries={"total_max_attempts": 1})
        )
        self.listing = ConnectListing(self.client, clock, self._wait)

    def _wait(self, ms: float) -> None:
        self.waited_ms.append(ms)
        self.clock.advance(ms)

    def everybody(self) -> list[str]:
        page = self.listing.users(ONE, None)
        found = [each.username for each in page.users]
        while page.token:
            page = self.listing.users(ONE, page.token)
            found += [each.username for each in page.users]
        return found


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    clock = ClockByHand(1_790_000_000_000)
    api = ConnectDirectory(clock=clock)
    api.instances[ONE] = EmulatedInstance(ARN)
    with WebServer(api.app, name="connect") as server:
        yield Connect(api, clock, server.url)


def test_users_come_with_what_the_directory_needs(connect: Connect) -> None:
    id = connect.instance.add_user("emma@bank.example", groups=("Bank", "Loans"))
    (emma,) = connect.listing.users(ONE, None).users
    assert emma == connect.listing.user(ONE, id)
    assert (emma.id, emma.username, emma.first_name) == (user_id(ONE, "emma@bank.example"), "emma@bank.example", "Emma")
    groups = {each.id: each.path for each in connect.listing.named(ONE, Kind.GROUP)}
    assert groups[emma.group_id or ""] == ("Bank", "Loans")
    profiles = {each.id: each.name for each in connect.listing.named(ONE, Kind.ROUTING_PROFILE)}
    assert profiles[emma.routing_profile_id or ""] == "Basic Routing Profile"


def test_queues_have_names_and_agents_own_are_left_out(connect: Connect) -> None:
    connect.instance.add_user("emma")
    connect.instance.add_queue("Loans")
    assert list(connect.listing.named(ONE, Kind.QUEUE)) == [Named(queue_id("Loans"), "Loans")]
    everything = connect.client.list_queues(InstanceId=ONE)["QueueSummaryList"]
    assert {each["QueueType"] for each in everything} == {"STANDARD", "AGENT"}


def test_every_listing_is_paged(connect: Connect) -> None:
    for number in range(1_203):
        connect.instance.add_user(f"user{number}")
        connect.instance.add_queue(f"queue {number}")
    for number in range(130):
        connect.instance.add_group("Bank", f"team {number}")
    assert sorted(connect.everybody()) == sorted(f"user{number}" for number in range(1_203))
    assert len(list(connect.listing.named(ONE, Kind.QUEUE))) == 1_203
    assert len(list(connect.listing.named(ONE, Kind.GROUP))) == 131
    assert connect.api.asked == {"SearchUsers": 3, "ListQueues": 2, "SearchUserHierarchyGroups": 2}


def test_the_summaries_of_users_and_groups_agree_with_the_searches(connect: Connect) -> None:
    id = connect.instance.add_user("emma", groups=("Bank", "Loans"))
    assert [each["Id"] for each in connect.client.list_users(InstanceId=ONE)["UserSummaryList"]] == [id]
    (bank, loans) = sorted(
        connect.client.list_user_hierarchy_groups(InstanceId=ONE)["UserHierarchyGroupSummaryList"],
        key=lambda each: each["Name"],
    )
    described = connect.client.describe_user_hierarchy_group(InstanceId=ONE, HierarchyGroupId=loans["Id"])
    path = described["HierarchyGroup"]["HierarchyPath"]
    assert {level: each["Name"] for level, each in path.items()} == {"LevelOne": "Bank", "LevelTwo": "Loans"}
    assert bank["Name"] == "Bank"


def test_more_than_two_requests_a_second_are_refused_after_five_at_once(connect: Connect) -> None:
    connect.instance.add_user("emma")
    for _ in range(5):
        connect.client.search_users(InstanceId=ONE)
    with pytest.raises(ClientError) as refused:
        connect.client.search_users(InstanceId=ONE)
    assert refused.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    connect.client.list_queues(InstanceId=ONE)  # has a bucket of its own
    connect.clock.advance(500)
    connect.client.search_users(InstanceId=ONE)


def test_the_adapter_takes_half_of_that_and_is_never_refused(connect: Connect) -> None:
    for number in range(6_000):
        connect.instance.add_user(f"user{number}")
    began_ms = connect.clock.now_ms()
    assert len(connect.everybody()) == 6_000
    assert connect.api.asked == {"SearchUsers": 12}
    assert connect.clock.now_ms() - began_ms == 10_000


def test_who_is_throttled_by_others_waits_longer_each_time_and_goes_on(connect: Connect) -> None:
    connect.instance.add_user("emma")
    for _ in range(5):
        connect.client.search_users(InstanceId=ONE)
    assert connect.everybody() == ["emma"]
    assert connect.waited_ms == [1_000]


def test_who_is_throttled_for_good_says_so(connect: Connect) -> None:
    connect.api._throttle = _always  # type: ignore[method-assign]
    with pytest.raises(ListingUnavailable):
        connect.everybody()
    assert connect.api.asked == {"SearchUsers": ATTEMPTS}
    assert max(connect.waited_ms) == 32_000


def _always(operation: str) -> None:
    from local.aws.connect_directory.api import ConnectRefused

    raise ConnectRefused(429, "TooManyRequestsException", "Too Many Requests")


def test_what_is_forbidden_names_the_operation(connect: Connect) -> None:
    connect.api.forbidden = {"SearchUsers"}
    with pytest.raises(ListingForbidden) as forbidden:
        connect.everybody()
    assert forbidden.value.operation == "SearchUsers"


def test_an_instance_that_is_not_there_is_unknown_and_a_user_that_is_not_is_none(connect: Connect) -> None:
    elsewhere = "99999999-2222-3333-4444-555555555555"
    with pytest.raises(InstanceUnknown):
        connect.listing.users(elsewhere, None)
    with pytest.raises(InstanceUnknown):
        list(connect.listing.named(elsewhere, Kind.QUEUE))
    assert connect.listing.user(ONE, elsewhere) is None


def test_a_token_of_another_listing_is_a_page_lost(connect: Connect) -> None:
    with pytest.raises(PageLost):
        connect.listing.users(ONE, "not-a-token")


def test_a_user_whom_the_index_has_not_yet_is_described_all_the_same(connect: Connect) -> None:
    id = connect.instance.add_user("emma")
    connect.instance.hidden.add(id)
    assert connect.everybody() == []
    assert connect.listing.user(ONE, id) is not None


def test_a_service_that_cannot_be_reached_is_unavailable() -> None:
    clock = ClockByHand(0)
    client = boto3.Session("testing", "testing", region_name="us-east-1").client(
        "connect",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    began_s = time.monotonic()
    with pytest.raises(ListingUnavailable):
        ConnectListing(client, clock, clock.advance).users(ONE, None)
    assert time.monotonic() - began_s < 5
