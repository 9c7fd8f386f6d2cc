"""Unit: the directory is brought level with an instance, whatever Connect does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from sotto.call.live import DirectoryOrder
from sotto.contacts.directory import OLD_AFTER_MS, Condition, DirectoryAgent, InstanceState, Kind, Named
from sotto.contacts.directory_round import RoundPorts, directory_round
from sotto.contacts.listing import (
    InstanceUnknown,
    ListedUser,
    ListingForbidden,
    ListingUnavailable,
    PageLost,
    UserPage,
)
from sotto.contacts.synchronise import RENEW_AFTER_MS, Synchronised, SynchronisePorts, state_of, synchronise
from sotto.core.metrics.recorder import NoMetrics
from tests.fakes.clock import ClockByHand
from tests.fakes.directory import DirectoryInMemory

ONE = "11111111-2222-3333-4444-555555555555"
NOW_MS = 1_790_000_000_000
PAGE_TAKES_MS = 1_000


@dataclass
class Instance:
    """Connect's side. ``fails``: by operation, what it raises; ``before_page``: happens before a page of users."""

    clock: ClockByHand
    users_by_id: dict[str, ListedUser] = field(default_factory=dict)
    names: dict[Kind, dict[str, Named]] = field(default_factory=dict)
    fails: dict[str, Exception] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    page_size: int = 500
    pages_read: int = 0
    before_page: Callable[[int], None] = lambda number: None

    def users(self, instance: str, token: str | None) -> UserPage:
        self._fail("SearchUsers")
        self.before_page(self.pages_read)
        self.pages_read += 1
        self.clock.advance(PAGE_TAKES_MS)
        listed = [id for id in sorted(self.users_by_id) if id not in self.hidden]
        at = int(token or 0)
        end = at + self.page_size
        page = tuple(self.users_by_id[id] for id in listed[at:end])
        return UserPage(page, str(end) if end < len(listed) else None)

    def user(self, instance: str, user_id: str) -> ListedUser | None:
        self._fail("DescribeUser")
        self.clock.advance(PAGE_TAKES_MS)
        return self.users_by_id.get(user_id)

    def named(self, instance: str, kind: Kind) -> Iterator[Named]:
        self._fail(kind.value)
        yield from self.names.get(kind, {}).values()

    def add(self, *usernames: str, group: str | None = None) -> None:
        for each in usernames:
            self.users_by_id[f"u-{each}"] = ListedUser(f"u-{each}", each, each.title(), "", group, "r-1")

    def _fail(self, operation: str) -> None:
        if operation in self.fails:
            raise self.fails[operation]


class Directory:
    def __init__(self) -> None:
        self.clock = ClockByHand(NOW_MS)
        self.connect = Instance(self.clock)
        self.connect.names = {
            Kind.QUEUE: {"q-1": Named("q-1", "Loans")},
            Kind.GROUP: {"g-1": Named("g-1", "Bank", ("Bank",)), "g-2": Named("g-2", "Loans", ("Bank", "Loans"))},
            Kind.ROUTING_PROFILE: {"r-1": Named("r-1", "Basic")},
        }
        self.connect.add("emma", "noah", group="g-2")
        self.store = DirectoryInMemory()
        self.departed: list[list[str]] = []
        self.ports = SynchronisePorts(self.connect, self.store, self, self.clock)

    def left(self, tenant: str, agents: Sequence[DirectoryAgent]) -> None:
        self.departed.append([each.username for each in agents])

    def synchronise(self, *, budget_ms: float = 720_000, goes_on: bool = False) -> Synchronised:
        done = synchronise("bank", ONE, self.ports, budget_ms=budget_ms, goes_on=goes_on)
        assert done is not None
        return done

    @property
    def state(self) -> InstanceState:
        return state_of(self.store, "bank", ONE)

    def names(self) -> list[str]:
        agents = self.store.agents_of("bank", ONE)
        return sorted(each.username for each in agents if each.left_at_ms is None)


@pytest.fixture
def directory() -> Directory:
    return Directory()


def test_agents_come_with_their_groups_from_the_top_and_their_routing_profile(directory: Directory) -> None:
    done = directory.synchronise()
    emma = directory.store.agent("bank", "u-emma")
    assert emma is not None
    assert (emma.groups, emma.routing_profile, emma.title) == (("Bank", "Loans"), "Basic", "Emma")
    assert directory.store.queue_name("bank", f"arn:aws:connect:x:1:instance/{ONE}/queue/q-1") == "Loans"
    assert (done.state.condition, done.state.users) == (Condition.FINE, 2)
    assert directory.state.synchronised_at_ms == int(directory.clock.now_ms())


def test_only_what_changed_is_written(directory: Directory) -> None:
    directory.synchronise()
    directory.store.written = 0
    assert directory.synchronise().changed == 0
    assert directory.store.written == 0
    directory.connect.add("emma", group="g-1")
    assert directory.synchronise().changed == 1
    assert directory.store.written == 1


def test_a_group_that_is_renamed_renames_it_for_its_agents(directory: Directory) -> None:
    directory.synchronise()
    directory.connect.names[Kind.GROUP]["g-2"] = Named("g-2", "Mortgages", ("Bank", "Mortgages"))
    assert directory.synchronise().changed == 2
    noah = directory.store.agent_called("bank", "noah")
    assert noah is not None
    assert noah.groups == ("Bank", "Mortgages")


def test_fifty_thousand_users_are_taken_in_within_one_run(directory: Directory) -> None:
    directory.connect.add(*(f"user{number:05d}" for number in range(50_000)))
    began_ms = directory.clock.now_ms()
    done = directory.synchronise()
    assert (done.unfinished, done.state.users) == (False, 50_002)
    assert directory.clock.now_ms() - began_ms < 200_000


def test_who_runs_out_of_time_is_followed_by_one_who_goes_on(directory: Directory) -> None:
    directory.connect.add(*(f"user{number:04d}" for number in range(3_000)))
    orders: list[DirectoryOrder] = [DirectoryOrder("bank", ONE)]
    ports = RoundPorts(directory.ports, orders.append, NoMetrics())
    runs = 0
    while orders:
        directory_round([orders.pop()], ports, budget_ms=2 * PAGE_TAKES_MS)
        runs += 1
    assert runs == 4
    assert directory.connect.pages_read == 7
    assert len(directory.names()) == 3_002
    assert directory.state.condition is Condition.FINE
    assert directory.store.progress("bank", ONE) is None


def test_while_one_goes_on_no_other_begins(directory: Directory) -> None:
    directory.connect.add(*(f"user{number:04d}" for number in range(3_000)))
    assert directory.synchronise(budget_ms=PAGE_TAKES_MS).unfinished
    assert synchronise("bank", ONE, directory.ports, budget_ms=720_000) is None
    directory.clock.advance(900_001)  # he was ended
    assert not directory.synchronise().unfinished


def test_who_is_gone_has_left_and_keeps_the_name(directory: Directory) -> None:
    directory.synchronise()
    del directory.connect.users_by_id["u-emma"]
    done = directory.synchronise()
    emma = directory.store.agent("bank", "u-emma")
    assert emma is not None
    assert (done.left, emma.username, emma.left_at_ms) == (1, "emma", int(directory.clock.now_ms()))
    assert directory.names() == ["noah"]
    directory.clock.advance(1)
    directory.synchronise()
    assert directory.departed == [["emma"]], "what is closed once stays closed"


def test_who_left_in_a_run_that_came_to_no_end_departs_with_the_next(directory: Directory) -> None:
    directory.connect.add("liam")
    directory.synchronise()
    del directory.connect.users_by_id["u-emma"], directory.connect.users_by_id["u-noah"]
    look_up = directory.connect.user

    def one_then_throttled(instance: str, user_id: str) -> ListedUser | None:
        directory.connect.fails["DescribeUser"] = ListingUnavailable("throttled")
        return look_up(instance, user_id) if user_id != "u-emma" else None

    directory.connect.user = one_then_throttled  # type: ignore[method-assign]
    assert directory.synchronise().state.condition is Condition.BEHIND
    assert directory.departed == []
    directory.connect.fails.clear()
    directory.connect.user = look_up  # type: ignore[method-assign]
    directory.synchronise()
    assert directory.departed == [["emma", "noah"]]


def test_who_is_on_no_page_but_still_there_has_not_left(directory: Directory) -> None:
    directory.synchronise()
    directory.connect.hidden = {"u-emma", "u-noah"}
    assert directory.synchronise().left == 0
    assert directory.names() == ["emma", "noah"]


def test_who_comes_back_works_there_again(directory: Directory) -> None:
    directory.synchronise()
    gone = directory.connect.users_by_id.pop("u-emma")
    directory.synchronise()
    directory.connect.users_by_id["u-emma"] = gone
    directory.synchronise()
    assert directory.names() == ["emma", "noah"]


def test_a_user_list_that_is_forbidden_leaves_what_was_known(directory: Directory) -> None:
    directory.synchronise()
    synchronised_at_ms = directory.state.synchronised_at_ms
    directory.connect.fails["SearchUsers"] = ListingForbidden("SearchUsers")
    directory.connect.names[Kind.QUEUE]["q-1"] = Named("q-1", "Loans and more")
    directory.clock.advance(OLD_AFTER_MS + 1)
    done = directory.synchronise()
    assert (done.state.condition, done.state.refused) == (Condition.FORBIDDEN, ("SearchUsers",))
    assert directory.names() == ["emma", "noah"]
    assert directory.store.queue_name("bank", "q-1") == "Loans and more"
    assert directory.state.synchronised_at_ms == synchronised_at_ms
    assert directory.state.is_old(directory.clock.now_ms())


def test_groups_that_are_forbidden_move_nobody_to_another_team(directory: Directory) -> None:
    directory.synchronise()
    directory.connect.fails[Kind.GROUP.value] = ListingForbidden("SearchUserHierarchyGroups")
    assert directory.synchronise().changed == 0
    emma = directory.store.agent("bank", "u-emma")
    assert emma is not None
    assert emma.groups == ("Bank", "Loans")


def test_users_who_may_not_be_looked_up_have_not_left(directory: Directory) -> None:
    directory.synchronise()
    del directory.connect.users_by_id["u-emma"]
    directory.connect.fails["DescribeUser"] = ListingForbidden("DescribeUser")
    assert directory.synchronise().state.refused == ("DescribeUser",)
    assert directory.names() == ["emma", "noah"]


def test_an_instance_that_is_not_there_is_a_state(directory: Directory) -> None:
    directory.connect.fails[Kind.QUEUE.value] = InstanceUnknown("no such instance")
    assert directory.synchronise().state.condition is Condition.UNKNOWN


def test_an_instance_that_throttles_goes_on_next_time_where_it_stopped(directory: Directory) -> None:
    directory.connect.add(*(f"user{number:04d}" for number in range(1_500)))

    def throttle(number: int) -> None:
        if number == 2:
            raise ListingUnavailable("throttled")

    directory.connect.before_page = throttle
    assert directory.synchronise().state.condition is Condition.BEHIND
    directory.connect.before_page = lambda number: None
    assert directory.synchronise().state.condition is Condition.FINE
    assert directory.connect.pages_read == 4
    assert len(directory.names()) == 1_502


def test_a_page_that_is_lost_lets_the_next_run_begin_again(directory: Directory) -> None:
    directory.connect.add(*(f"user{number:04d}" for number in range(600)))

    def lose(number: int) -> None:
        if number == 1:
            raise PageLost("token")

    directory.connect.before_page = lose
    assert directory.synchronise().state.condition is Condition.BEHIND
    directory.connect.before_page = lambda number: None
    assert directory.synchronise().state.users == 602


def test_rows_are_renewed_before_they_expire(directory: Directory) -> None:
    directory.synchronise()
    directory.store.written = 0
    directory.clock.advance(RENEW_AFTER_MS + 1)
    directory.synchronise()
    assert directory.store.written == 2
    directory.synchronise()
    assert directory.store.written == 2


def test_a_trouble_with_one_instance_keeps_none_of_the_others(directory: Directory) -> None:
    class Torn(DirectoryInMemory):
        def put_state(self, tenant: str, state: InstanceState) -> None:
            if tenant == "garage":
                raise ListingUnavailable("no table")
            super().put_state(tenant, state)

    store = Torn()
    ports = RoundPorts(replace(directory.ports, store=store), lambda order: None, NoMetrics())
    orders = [DirectoryOrder("garage", "x"), DirectoryOrder("bank", ONE)]
    with pytest.raises(ListingUnavailable):
        directory_round(orders, ports, budget_ms=720_000)
    assert store.agent_called("bank", "emma") is not None
