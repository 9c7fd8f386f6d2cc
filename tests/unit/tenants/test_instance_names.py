"""Unit: agents, groups, routing profiles and queues are written by name, and compared with what Connect has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sotto.contacts.directory import OLD_AFTER_MS, Condition, DirectoryAgent, InstanceState, Kind, Named
from sotto.contacts.directory_names import names_of
from sotto.tenants.reading.publish_checks import DirectoryNames
from sotto.wiring.publishing import book_from, load_tenant
from tests.fakes.directory import DirectoryInMemory
from tests.unit.tenants.tenant_files import TENANT, write_tenant

DIRECTORY = DirectoryNames(
    usernames=frozenset({"Ann@shop.example", "bob", "ann", "cem"}),
    groups=frozenset({"Shop", "Sales"}),
    routing_profiles=frozenset({"Basic"}),
    queues=frozenset({"Loans", "Cards"}),
)
SHOP = "11111111-2222-3333-4444-555555555555"
NOW_MS = 1_790_000_000_000


def mistakes(folder: Path, directory: DirectoryNames | None = DIRECTORY) -> list[str]:
    return [str(mistake) for mistake in load_tenant(folder, directory).mistakes]


def policy(when: str) -> str:
    return f"version: 1\npolicies:\n  - name: a\n    when: {when}\n    playbooks: basics\n"


def team(members: str) -> str:
    """The tenant with another team, of these members."""
    return TENANT.replace("teams:\n", f"teams:\n  others: {members}\n")


@pytest.mark.parametrize(
    "when",
    ["{groups: [Sales]}", "{routing_profiles: Basic}", "{queues: [Loans, Cards]}", "{agents: ann@SHOP.example}"],
)
def test_what_connect_has_is_fine(tmp_path: Path, when: str) -> None:
    assert mistakes(write_tenant(tmp_path, policies=policy(when))) == []


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{groups: [Saless]}", "policies.yaml:4:21: unknown hierarchy group 'Saless'; did you mean 'Sales'?"),
        ("{routing_profiles: Basc}", "unknown routing profile 'Basc'; did you mean 'Basic'?"),
        ("{queues: Lones}", "unknown queue 'Lones'; did you mean 'Loans'?"),
        ("{agents: bobb}", "unknown agent 'bobb'; did you mean 'bob'?"),
        (f"{{agents: {SHOP}}}", "is an id; write the agent's username"),
        (f"{{queues: 'arn:aws:connect:us-east-1:1:instance/x/queue/{SHOP}'}}", "is an id; write the queue's name"),
        (f"{{groups: {SHOP}}}", "is an id; write the hierarchy group's name"),
    ],
)
def test_what_connect_has_not_is_a_mistake_with_what_was_probably_meant(
    tmp_path: Path, when: str, message: str
) -> None:
    assert any(message in found for found in mistakes(write_tenant(tmp_path, policies=policy(when))))


def test_without_a_directory_names_are_taken_as_they_are_and_ids_are_not(tmp_path: Path) -> None:
    assert mistakes(write_tenant(tmp_path, policies=policy("{queues: Lones, groups: Saless}")), None) == []
    (tmp_path / "b").mkdir()
    assert mistakes(write_tenant(tmp_path / "b", policies=policy(f"{{queues: {SHOP}}}")), None) != []


def test_a_team_can_be_whoever_is_in_a_group_or_has_a_routing_profile(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path, tenant=team("{groups: [Sales], routing_profiles: [Basic]}")), DIRECTORY)
    assert (book.settings.teams["others"].groups, book.settings.teams["others"].agents) == (("Sales",), ())
    assert book.settings.team_of("zoe", ("Shop", "Sales")) == "others"
    assert book.settings.team_of("zoe", (), "Basic") == "others"
    assert book.settings.team_of("BOB", ("Shop", "Sales")) == "sales"
    assert book.settings.team_of("zoe", ("Shop",)) is None


def test_with_such_a_team_policies_may_name_anybody_where_no_directory_is_there(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path, tenant=team("{groups: [Sales]}"), policies=policy("{agents: zoe}"))
    assert mistakes(folder, None) == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ("{title: Nobody}", "say who is in the team: agents (usernames), groups or routing_profiles"),
        ("{agents: [BOB]}", "agent 'bob' is already in team 'others'"),
        ("{groups: Sails}", "unknown hierarchy group 'Sails'; did you mean 'Sales'?"),
        (f"{{agents: [{SHOP}]}}", "is an id; write the agent's username"),
    ],
)
def test_a_team_of_nobody_or_of_others_is_refused(tmp_path: Path, members: str, message: str) -> None:
    found = mistakes(write_tenant(tmp_path, tenant=team(members)))
    assert any(message in each for each in found), found


def test_names_are_those_of_all_instances_of_a_tenant() -> None:
    store = DirectoryInMemory()
    gone = DirectoryAgent("u-2", "noah", left_at_ms=1)
    store.put_agents("shop", SHOP, [DirectoryAgent("u-1", "emma"), gone])
    store.put_named("shop", SHOP, Kind.QUEUE, [Named("q", "Loans")])
    fine = InstanceState(SHOP, Condition.FINE, synchronised_at_ms=NOW_MS)
    store.put_state("shop", fine)
    names = names_of(store, "shop", [f"arn:aws:connect:x:1:instance/{SHOP}"], NOW_MS)
    assert names == DirectoryNames(frozenset({"emma"}), frozenset(), frozenset(), frozenset({"Loans"}))
    assert names_of(store, "shop", [SHOP, "another"], NOW_MS) is None
    assert names_of(store, "shop", [SHOP], NOW_MS + OLD_AFTER_MS + 1) is None
    store.put_state("shop", replace(fine, condition=Condition.FORBIDDEN))
    assert names_of(store, "shop", [SHOP], NOW_MS) is None
