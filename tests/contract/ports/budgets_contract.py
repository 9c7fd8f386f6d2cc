"""What every BudgetCounters must do, as a class of tests to inherit. A subclass gives ``counters`` (a fixture)."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.generation.budget.counted import BudgetCounters, Lease, NotHeld, Standing, Use
from sotto.generation.generator import Usage

MONTH, DAY, NOW_MS = "2026-11", "2026-11-30", 1_796_000_000_000
ALL, SUMMARIES = "*|*|*", "summary|*|*"
LIMITS = {ALL: 100, SUMMARIES: 30}
USED = Usage(7, 3)


def lease(id: str = "l1", micros: int = 20, tenant: str = "bank", **changes: Any) -> Lease:
    given: dict[str, Any] = {"scopes": (ALL, SUMMARIES), "expires_at_ms": NOW_MS + 60_000} | changes
    return Lease(id, Use(tenant, "summary", "bedrock"), MONTH, micros, **given)


class BudgetCountersContract:
    def test_what_is_held_counts_until_it_is_settled_for_less(self, counters: BudgetCounters) -> None:
        counters.hold(lease(), LIMITS)
        assert counters.standing("bank", MONTH)[ALL] == Standing(spent=0, held=20)
        counters.settle(lease(), 5, USED, DAY, LIMITS)
        assert counters.standing("bank", MONTH) == {ALL: Standing(5, 5), SUMMARIES: Standing(5, 5)}

    def test_of_all_scopes_or_of_none(self, counters: BudgetCounters) -> None:
        counters.hold(lease("l1"), LIMITS)
        with pytest.raises(NotHeld) as refused:
            counters.hold(lease("l2"), LIMITS)
        assert refused.value.scope == SUMMARIES
        assert counters.standing("bank", MONTH)[ALL].held == 20

    def test_exactly_what_is_left_fits_and_one_more_does_not(self, counters: BudgetCounters) -> None:
        counters.hold(lease("l1", 30), LIMITS)
        with pytest.raises(NotHeld):
            counters.hold(lease("l2", 1), LIMITS)
        with pytest.raises(NotHeld):
            counters.hold(lease("l3", 101, scopes=(ALL,)), LIMITS)
        with pytest.raises(NotHeld):
            counters.hold(lease("l4", 31, tenant="garage"), LIMITS)
        counters.hold(lease("l5", 70, scopes=(ALL,)), LIMITS)

    def test_leases_that_expired_are_given_back_once_and_others_stay(self, counters: BudgetCounters) -> None:
        counters.hold(lease("l1", 10), LIMITS)
        counters.hold(lease("l2", 10, expires_at_ms=NOW_MS + 120_000), LIMITS)
        assert counters.give_back("bank", MONTH, NOW_MS) == 0
        assert counters.give_back("bank", MONTH, NOW_MS + 90_000) == 1
        assert counters.give_back("bank", MONTH, NOW_MS + 90_000) == 0
        assert counters.standing("bank", MONTH)[SUMMARIES].held == 10

    def test_what_comes_after_its_lease_was_given_back_is_booked_as_far_as_it_fits(
        self, counters: BudgetCounters
    ) -> None:
        counters.hold(lease("l1", 20), LIMITS)
        counters.give_back("bank", MONTH, NOW_MS + 90_000)
        counters.settle(lease("l1", 20), 12, USED, DAY, LIMITS)
        assert counters.standing("bank", MONTH)[ALL] == Standing(12, 12)
        counters.hold(lease("l2", 18), LIMITS)
        counters.settle(lease("l1", 20), 12, USED, DAY, LIMITS)
        assert counters.standing("bank", MONTH) == {ALL: Standing(24, 42), SUMMARIES: Standing(12, 30, late=12)}

    def test_what_came_to_more_than_was_held_is_booked_as_far_as_it_fits(self, counters: BudgetCounters) -> None:
        counters.hold(lease("l1", 20), LIMITS)
        counters.settle(lease("l1", 20), 35, USED, DAY, LIMITS)
        assert counters.standing("bank", MONTH) == {ALL: Standing(35, 35), SUMMARIES: Standing(20, 20, late=15)}

    def test_settling_twice_books_a_text_once_beside_what_is_late(self, counters: BudgetCounters) -> None:
        counters.hold(lease(), LIMITS)
        counters.settle(lease(), 5, USED, DAY, LIMITS)
        assert counters.standing("garage", MONTH) == {} and counters.used("garage", MONTH) == []

    def test_what_is_used_is_counted_with_or_without_a_budget(self, counters: BudgetCounters) -> None:
        counters.hold(lease(), LIMITS)
        counters.settle(lease(), 5, USED, DAY, LIMITS)
        counters.settle(lease("l2", 0, scopes=()), 0, USED, DAY, {})
        (found,) = counters.used("bank", MONTH)
        assert (found.day, found.feature, found.model, found.agent) == (DAY, "summary", "bedrock", "")
        assert (found.calls, found.usage, found.micros) == (2, Usage(14, 6), 5)

    def test_an_alarm_is_given_once_and_never_for_less(self, counters: BudgetCounters) -> None:
        counters.hold(lease(), LIMITS)
        assert counters.alarm("bank", MONTH, ALL, 80)
        assert not counters.alarm("bank", MONTH, ALL, 80) and not counters.alarm("bank", MONTH, ALL, 50)
        assert counters.alarm("bank", MONTH, ALL, 100)
        assert counters.standing("bank", MONTH)[ALL].alarmed == 100
