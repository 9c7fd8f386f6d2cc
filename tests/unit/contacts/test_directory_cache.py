"""Unit: what the directory said lately is not asked again."""

from __future__ import annotations

from dataclasses import replace

from sotto.contacts.directory import DirectoryAgent, Kind, Named
from sotto.contacts.directory_cache import KNOWN_FOR_MS, UNKNOWN_FOR_MS, CachedDirectory
from tests.fakes.clock import ClockByHand
from tests.fakes.directory import DirectoryInMemory

EMMA = DirectoryAgent("u-1", "emma", "Emma", "Baker")


def cached() -> tuple[CachedDirectory, DirectoryInMemory, ClockByHand]:
    clock, store = ClockByHand(1_790_000_000_000), DirectoryInMemory()
    return CachedDirectory(store, clock), store, clock


def test_a_change_is_noticed_within_a_minute() -> None:
    directory, store, clock = cached()
    store.put_agents("bank", "one", [EMMA])
    assert directory.agent("bank", "u-1") == EMMA
    gone = replace(EMMA, left_at_ms=5)
    store.put_agents("bank", "one", [gone])
    assert directory.agent("bank", "u-1") == EMMA
    clock.advance(KNOWN_FOR_MS)
    assert directory.agent("bank", "u-1") == gone


def test_somebody_new_is_looked_for_again_soon() -> None:
    directory, store, clock = cached()
    assert directory.agent_called("bank", "emma") is None
    store.put_agents("bank", "one", [EMMA])
    clock.advance(UNKNOWN_FOR_MS)
    assert directory.agent_called("bank", "emma") == EMMA


def test_tenants_and_kinds_are_kept_apart() -> None:
    directory, store, _ = cached()
    store.put_named("bank", "one", Kind.QUEUE, [Named("u-1", "Loans")])
    store.put_agents("garage", "two", [EMMA])
    assert directory.queue_name("bank", "u-1") == "Loans"
    assert directory.agent("bank", "u-1") is None
    assert directory.agent("garage", "u-1") == EMMA
