"""Unit: which policies count for a conversation, how they merge, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sotto.call.contact import Channel, Contact
from sotto.call.customer import CustomerContext, CustomerField, CustomerState
from sotto.graph.compiled_policies import FOREVER_MS, CompiledPolicies
from sotto.tenants.book import Hours, NodeRule, Policy, TenantBook, TenantSettings, When
from sotto.tenants.compile import PolicyCache, PolicyIndex, compile_policies
from sotto.tenants.hours import state_at

CONTACT = Contact(tenant="t", contact_id="c", instance_arn="i", stream_arn="s", media_started_at_ms=0, team="sales")


def book(*policies: Policy) -> TenantBook:
    return TenantBook(tenant="t", settings=TenantSettings(title="T", instances=()), policies=policies).sealed()


def runs(model: str, deadline_ms: int = 400) -> NodeRule:
    return NodeRule(id=model, model=model, task="intent", deadline_ms=deadline_ms)


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


def test_models_and_playbooks_of_all_matching_policies_add_up() -> None:
    compiled = compile_policies(
        book(
            Policy(name="all", run=(runs("a"),), playbooks=("x",)),
            Policy(name="sales", when=When(teams=("sales",)), run=(runs("b"),), playbooks=("y", "x")),
            Policy(name="help", when=When(teams=("help",)), run=(runs("c"),), playbooks=("z",)),
        ),
        CONTACT,
        at_ms=0,
    )
    assert compiled.policies == ("all", "sales")
    assert [planned.node.id for planned in compiled.nodes] == ["a", "b"]
    assert compiled.playbooks == ("x", "y")
    assert compiled.valid_until_ms == FOREVER_MS


def test_the_more_specific_policy_wins_wherever_it_stands_in_the_file() -> None:
    by_agent = Policy(name="ann", when=When(agents=("ann",)), run=(runs("a", 100),))
    by_team = Policy(name="sales", when=When(teams=("sales",)), run=(runs("a", 200),))
    contact = replace(CONTACT, agent="ann")
    for policies in ((by_agent, by_team), (by_team, by_agent)):
        (planned,) = compile_policies(book(*policies), contact, at_ms=0).nodes
        assert (planned.node.deadline_ms, planned.node.policy) == (100, "ann")


def test_a_policy_may_be_for_one_channel() -> None:
    written = Policy(name="chats", when=When(channels=(Channel.CHAT,)), playbooks=("writing",))
    spoken = Policy(name="calls", when=When(channels=(Channel.VOICE,)), playbooks=("speaking",))
    compiled = compile_policies(book(written, spoken), replace(CONTACT, channel=Channel.CHAT), at_ms=0)
    assert (compiled.playbooks, compiled.channel) == (("writing",), Channel.CHAT)
    assert compile_policies(book(written, spoken), CONTACT, at_ms=0).playbooks == ("speaking",)


def test_of_equally_specific_policies_the_later_one_wins() -> None:
    first, second = Policy(name="1", run=(runs("a", 100),)), Policy(name="2", run=(runs("a", 200),))
    (planned,) = compile_policies(book(first, second), CONTACT, at_ms=0).nodes
    assert planned.node.deadline_ms == 200


def test_a_specific_policy_can_leave_out_what_a_general_one_brings() -> None:
    general = Policy(name="all", run=(runs("a"), runs("b")), playbooks=("x", "y"))
    special = Policy(name="s", when=When(teams=("sales",)), leave_out_models=("a",), leave_out_playbooks=("x",))
    compiled = compile_policies(book(special, general), CONTACT, at_ms=0)
    assert [planned.node.id for planned in compiled.nodes] == ["b"]
    assert compiled.playbooks == ("y",)


CUSTOMER = CustomerContext(
    CustomerState.FOUND, (CustomerField("tier", "Tier", "Gold"), CustomerField("risk", "Risk", "yes", is_shown=False))
)


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        (When(teams=("sales",), queues=("q",)), True),
        (When(teams=("sales",), queues=("other",)), False),
        (When(agents=("ann", "bob")), True),
        (When(languages=("de-DE",)), False),
        (When(attributes={"segment": ("gold", "silver")}), True),
        (When(attributes={"segment": ("iron",)}), False),
        (When(attributes={"segment": ()}), True),
        (When(attributes={"absent": ()}), False),
        (When(customer={"tier": ("Gold", "Silver")}), True),
        (When(customer={"tier": ("Iron",)}), False),
        (When(customer={"risk": ()}), True),
        (When(customer={"absent": ()}), False),
        (When(queues=("q",), agents=("cem",)), False),
    ],
)
def test_a_policy_counts_when_every_kind_of_its_conditions_fits(when: When, counts: bool) -> None:
    contact = replace(CONTACT, agent="ann", queue="q", attributes={"segment": "gold"}, customer=CUSTOMER)
    assert bool(compile_policies(book(Policy(name="p", when=when)), contact, at_ms=0).policies) is counts


def test_before_a_customer_is_looked_up_no_policy_by_customer_counts() -> None:
    policy = Policy(name="p", when=When(customer={"tier": ()}))
    assert compile_policies(book(policy), CONTACT, at_ms=0).policies == ()


def test_compiled_policies_survive_json() -> None:
    compiled = compile_policies(book(Policy(name="all", run=(runs("a"),))), CONTACT, at_ms=0)
    as_json = TypeAdapter(CompiledPolicies)
    assert as_json.validate_json(as_json.dump_json(compiled)) == compiled


NIGHT = Hours(days=(4,), from_minute=22 * 60, to_minute=6 * 60, zone="America/New_York")


@pytest.mark.parametrize(
    ("when", "active", "changes"),
    [
        ("2026-11-20T21:59:00-05:00", False, "2026-11-20T22:00:00-05:00"),
        ("2026-11-20T22:00:00-05:00", True, "2026-11-21T06:00:00-05:00"),
        ("2026-11-21T05:59:00-05:00", True, "2026-11-21T06:00:00-05:00"),
        ("2026-11-21T06:00:00-05:00", False, "2026-11-27T22:00:00-05:00"),
    ],
)
def test_an_interval_over_midnight_belongs_to_the_day_it_begins(when: str, active: bool, changes: str) -> None:
    assert state_at((NIGHT,), at(when)) == (active, at(changes))


def test_hours_are_local_on_both_sides_of_a_change_of_clocks() -> None:
    office = Hours(from_minute=9 * 60, to_minute=17 * 60, zone="Europe/Berlin")
    assert state_at((office,), at("2026-10-24T08:30:00+02:00"))[1] == at("2026-10-24T09:00:00+02:00")
    assert state_at((office,), at("2026-10-25T08:30:00+01:00"))[1] == at("2026-10-25T09:00:00+01:00")


def test_an_hour_that_occurs_twice_is_inside_from_its_first_start_to_its_last_end() -> None:
    twice = Hours(from_minute=2 * 60, to_minute=2 * 60 + 30, zone="Europe/Berlin")
    assert state_at((twice,), at("2026-10-25T02:10:00+02:00")) == (True, at("2026-10-25T02:30:00+01:00"))


def test_a_time_that_the_clocks_skip_comes_as_much_later_as_they_jump() -> None:
    skipped = Hours(from_minute=2 * 60 + 30, to_minute=12 * 60, zone="Europe/Berlin")
    assert state_at((skipped,), at("2026-03-29T00:59:00+00:00"))[1] == at("2026-03-29T03:30:00+02:00")


@settings(max_examples=150, deadline=None)
@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  made aware below
    begin=st.integers(0, 1439),
    end=st.integers(1, 1440),
    days=st.sets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_nothing_changes_before_the_time_until_which_a_state_is_valid(
    moment: datetime, begin: int, end: int, days: set[int], zone: str
) -> None:
    interval = (Hours(days=tuple(sorted(days)), from_minute=begin, to_minute=end, zone=zone),)
    at_ms = moment.replace(tzinfo=UTC).timestamp() * 1000
    active, until_ms = state_at(interval, at_ms)
    assert until_ms is not None and until_ms > at_ms
    for part in (0.25, 0.5, 0.999):
        assert state_at(interval, at_ms + (until_ms - at_ms) * part)[0] is active


def test_the_cache_compiles_again_on_transfer_with_a_new_book_and_when_the_hour_changes() -> None:
    office = Hours(from_minute=9 * 60, to_minute=17 * 60)
    hours = Policy(name="hours", when=When(teams=("sales",), hours=(office,)))
    first = book(hours, Policy(name="help", when=When(teams=("help",))))
    cache, nine = PolicyCache(), at("2026-11-20T09:00:00+00:00")
    before = cache.compiled(first, CONTACT, at_ms=nine - 1)
    assert before.policies == () and before.valid_until_ms == nine
    assert cache.compiled(first, CONTACT, at_ms=nine - 1) is before
    assert cache.compiled(first, CONTACT, at_ms=nine).policies == ("hours",)
    moved = replace(CONTACT, team="help", version=1)
    assert cache.compiled(first, moved, at_ms=nine).policies == ("help",)
    assert cache.compiled(book(Policy(name="new")), moved, at_ms=nine).policies == ("new",)


def test_the_cache_stays_within_its_bounds() -> None:
    cache = PolicyCache(conversations=2, books=1)
    one = book(Policy(name="p"))
    first = cache.compiled(one, CONTACT, at_ms=0)
    for number in range(3):
        cache.compiled(one, replace(CONTACT, contact_id=f"c{number}"), at_ms=0)
    assert cache.compiled(one, CONTACT, at_ms=0) is not first


def test_a_thousand_policies_are_narrowed_to_the_few_that_can_match() -> None:
    many = [Policy(name=f"p{n}", when=When(teams=(f"team{n % 100}",))) for n in range(1000)]
    index = PolicyIndex(book(*many))
    assert len(index.candidates(replace(CONTACT, team="team7"))) == 10


def test_policies_are_for_groups_and_routing_profiles_by_name() -> None:
    by_group = Policy(name="lending", when=When(groups=("Lending", "Cards")), playbooks=("x",))
    by_profile = Policy(name="night", when=When(routing_profiles=("Night",)), playbooks=("y",))
    policies = book(by_group, by_profile)
    loans = replace(CONTACT, groups=("Bank", "Lending", "Cards"), routing_profile="Night")
    assert compile_policies(policies, loans, at_ms=0).policies == ("lending", "night")
    assert compile_policies(policies, replace(loans, groups=("Bank",)), at_ms=0).policies == ("night",)
    assert compile_policies(policies, CONTACT, at_ms=0).policies == ()


def test_a_username_counts_whatever_its_case() -> None:
    policies = book(Policy(name="ann", when=When(agents=("Ann@Shop.example",)), playbooks=("x",)))
    assert compile_policies(policies, replace(CONTACT, agent="ann@shop.example"), at_ms=0).policies == ("ann",)
