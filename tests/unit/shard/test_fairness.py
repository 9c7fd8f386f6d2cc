"""Unit: turns between tenants."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_containers.shard.fairness import FairQueue, Full


def test_a_flood_of_one_tenant_delays_another_by_one_turn() -> None:
    queue: FairQueue[str] = FairQueue(quantum=1)
    for n in range(50):
        queue.put("loud", f"loud {n}")
    queue.put("quiet", "quiet")
    assert queue.take(2) == ["loud 0", "quiet"]


def test_costly_items_take_turns_by_cost() -> None:
    queue: FairQueue[str] = FairQueue(quantum=10)
    for n in range(4):
        queue.put("costly", f"costly {n}", cost=20)
        queue.put("cheap", f"cheap {n}", cost=5)
    first = queue.take(5)
    assert first.count("costly 0") == 1 and len([item for item in first if item.startswith("cheap")]) == 4


def test_what_nobody_waits_for_any_more_is_gone() -> None:
    queue: FairQueue[object] = FairQueue(quantum=1)
    items = [object() for _ in range(3)]
    for item in items:
        queue.put("t", item)
    queue.remove(items[1])
    assert queue.take(9) == [items[0], items[2]]


def test_one_tenant_cannot_fill_the_queue() -> None:
    queue: FairQueue[int] = FairQueue(quantum=1, most=4)
    queue.put("loud", 1)
    queue.put("loud", 2)
    with pytest.raises(Full):
        queue.put("loud", 3)
    queue.put("quiet", 4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.1, 30)), max_size=60), st.integers(1, 7))
def test_nothing_is_lost_doubled_or_reordered_within_a_tenant(puts: list[tuple[str, float]], most: int) -> None:
    queue: FairQueue[tuple[str, int]] = FairQueue(quantum=3, most=100, most_a_tenant=100)
    for number, (tenant, cost) in enumerate(puts):
        queue.put(tenant, (tenant, number), cost=cost)
    taken: list[tuple[str, int]] = []
    while queue:
        taken += queue.take(most)
    assert sorted(number for _, number in taken) == list(range(len(puts)))
    for tenant in "abc":
        own = [number for owner, number in taken if owner == tenant]
        assert own == sorted(own)
