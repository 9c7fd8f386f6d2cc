"""What every directory must do, as a class of tests to inherit. A subclass gives ``directory`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from sotto.contacts.agent_events import LatestAgents
from sotto.contacts.directory import (
    Condition,
    Directory,
    DirectoryAgent,
    DirectoryStore,
    InstanceState,
    Kind,
    Named,
    Progress,
)


class Latest(DirectoryStore, LatestAgents, Protocol): ...


ONE, OTHER = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
ARN = f"arn:aws:connect:us-east-1:111122223333:instance/{ONE}"
EMMA = DirectoryAgent("u-1", "emma", "Emma", "Baker", ("Harbour Bank", "Loans"), "Basic")
NOAH = DirectoryAgent("u-2", "noah@bank.example", "Noah", "")


class DirectoryContract:
    def test_an_agent_is_found_by_arn_id_and_username(self, directory: DirectoryStore) -> None:
        directory.put_agents("bank", ONE, [EMMA, NOAH])
        assert directory.agent("bank", f"{ARN}/agent/u-1") == EMMA
        assert directory.agent("bank", "u-2") == NOAH
        assert directory.agent_called("bank", "Noah@Bank.example") == NOAH

    def test_whoever_is_not_there_is_none(self, directory: DirectoryStore) -> None:
        directory.put_agents("bank", ONE, [EMMA])
        asked: Directory = directory
        assert asked.agent("bank", "u-2") is None
        assert asked.agent_called("bank", "noah") is None
        assert asked.queue_name("bank", f"{ARN}/queue/q-1") is None

    def test_one_tenant_does_not_see_anothers(self, directory: DirectoryStore) -> None:
        directory.put_agents("bank", ONE, [EMMA])
        directory.put_named("bank", ONE, Kind.QUEUE, [Named("q-1", "Loans")])
        assert directory.agent("garage", "u-1") is None
        assert directory.agent_called("garage", "emma") is None
        assert directory.queue_name("garage", "q-1") is None
        assert list(directory.agents_of("garage", ONE)) == []

    def test_a_queue_is_called_as_its_instance_says(self, directory: DirectoryStore) -> None:
        directory.put_named("bank", ONE, Kind.QUEUE, [Named("q-1", "Loans"), Named("q-2", "Cards")])
        directory.put_named("bank", ONE, Kind.QUEUE, [Named("q-1", "Loans and mortgages")], ["q-2"])
        assert directory.queue_name("bank", f"{ARN}/queue/q-1") == "Loans and mortgages"
        assert directory.queue_name("bank", f"{ARN}/queue/q-2") is None

    def test_what_has_a_name_is_listed_by_kind_and_instance(self, directory: DirectoryStore) -> None:
        group = Named("g-2", "Loans", ("Harbour Bank", "Loans"))
        directory.put_named("bank", ONE, Kind.GROUP, [group])
        directory.put_named("bank", ONE, Kind.ROUTING_PROFILE, [Named("r-1", "Basic")])
        directory.put_named("bank", OTHER, Kind.GROUP, [Named("g-9", "Elsewhere", ("Elsewhere",))])
        assert directory.named("bank", ONE, Kind.GROUP) == {"g-2": group}
        assert directory.named("bank", ONE, Kind.ROUTING_PROFILE) == {"r-1": Named("r-1", "Basic")}

    def test_agents_are_listed_by_instance(self, directory: DirectoryStore) -> None:
        directory.put_agents("bank", ONE, [EMMA])
        directory.put_agents("bank", OTHER, [NOAH])
        assert list(directory.agents_of("bank", ONE)) == [EMMA]

    def test_who_has_left_keeps_the_name(self, directory: DirectoryStore) -> None:
        gone = replace(EMMA, left_at_ms=1_790_000_000_000)
        directory.put_agents("bank", ONE, [EMMA])
        directory.put_agents("bank", ONE, [gone])
        assert directory.agent("bank", "u-1") == directory.agent_called("bank", "emma") == gone

    def test_a_username_that_was_given_anew_finds_who_has_it_now(self, directory: DirectoryStore) -> None:
        new = replace(EMMA, id="u-7")
        directory.put_agents("bank", ONE, [EMMA])
        directory.put_agents("bank", ONE, [new])
        directory.put_agents("bank", ONE, [replace(EMMA, left_at_ms=1)])
        assert directory.agent_called("bank", "emma") == new

    def test_what_is_older_than_what_is_known_of_an_agent_changes_nothing(self, directory: Latest) -> None:
        later, at_ms = replace(EMMA, groups=("Cards",)), 1_800_000_000_000
        assert directory.put_agent_as_of("bank", ONE, later, at_ms)
        assert not directory.put_agent_as_of("bank", ONE, EMMA, at_ms)
        assert not directory.put_agent_as_of("bank", ONE, EMMA, at_ms - 1)
        assert directory.agent("bank", "u-1") == directory.agent_called("bank", "emma") == later
        assert directory.put_agent_as_of("bank", ONE, EMMA, at_ms + 1)
        assert directory.agent("bank", "u-1") == EMMA

    def test_more_agents_than_one_transaction_takes(self, directory: DirectoryStore) -> None:
        many = [DirectoryAgent(f"u-{number:03d}", f"user{number}") for number in range(230)]
        directory.put_agents("bank", ONE, many)
        assert sorted(directory.agents_of("bank", ONE), key=lambda each: each.id) == many

    def test_the_state_of_each_instance_is_the_last_one_put(self, directory: DirectoryStore) -> None:
        fine = InstanceState(ONE, Condition.FINE, 5, 5, users=2)
        directory.put_state("bank", InstanceState(ONE, Condition.BEHIND))
        directory.put_state("bank", fine)
        directory.put_state("bank", InstanceState(OTHER, Condition.FORBIDDEN, refused=("SearchUsers",)))
        assert {each.instance: each.condition for each in directory.states("bank")} == {
            ONE: Condition.FINE,
            OTHER: Condition.FORBIDDEN,
        }
        assert fine in directory.states("bank")
        assert directory.states("garage") == []

    def test_progress_comes_back_as_it_was_left_and_can_be_forgotten(self, directory: DirectoryStore) -> None:
        seen = frozenset(f"{number:036d}" for number in range(20_000))
        progress = Progress(1_790_000_000_000, "next", seen)
        directory.put_progress("bank", ONE, progress)
        assert directory.progress("bank", ONE) == progress
        assert directory.progress("bank", OTHER) is None
        shorter = Progress(1_790_000_000_000, None, frozenset({"u-1"}))
        directory.put_progress("bank", ONE, shorter)
        assert directory.progress("bank", ONE) == shorter
        directory.put_progress("bank", ONE, None)
        assert directory.progress("bank", ONE) is None
