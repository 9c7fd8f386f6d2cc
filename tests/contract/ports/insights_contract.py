"""What every InsightStore must do, as a class of tests to inherit. A subclass gives ``insights`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.insights.insight import InsightKind
from sotto.insights.store import CustomerInsights, InsightsChanged, InsightStore


def any_customer(customer_id: str = "cus_1", tenant: str = "bank", **changes: Any) -> CustomerInsights:
    made = CustomerInsights(
        tenant, customer_id, ("mac",), "", ("c1", "c2"), {InsightKind.NEED: 2}, 7, 1_790_000_000_000
    )
    return replace(made, **changes)


class InsightStoreContract:
    def test_of_nobody_there_is_nothing(self, insights: InsightStore) -> None:
        assert insights.customer("bank", "cus_1") is None
        assert not insights.customers("bank", "", 10) and not insights.of_contact("bank", "c1")

    def test_what_was_made_comes_back_by_id_and_by_each_of_its_contacts(self, insights: InsightStore) -> None:
        insights.replace(any_customer(), before=None)
        assert insights.customer("bank", "cus_1") == any_customer()
        assert list(insights.of_contact("bank", "c1")) == list(insights.of_contact("bank", "c2")) == [any_customer()]
        assert insights.customer("garage", "cus_1") is None and not insights.of_contact("garage", "c1")

    def test_contacts_that_are_left_out_no_longer_lead_to_it(self, insights: InsightStore) -> None:
        first = any_customer()
        insights.replace(first, before=None)
        left = first.without("c1")
        assert left is not None
        insights.replace(left, before=first)
        assert not insights.of_contact("bank", "c1") and list(insights.of_contact("bank", "c2")) == [left]

    def test_of_two_who_write_at_once_one_is_refused(self, insights: InsightStore) -> None:
        first = any_customer()
        insights.replace(first, before=None)
        with pytest.raises(InsightsChanged):
            insights.replace(any_customer(highest_impact=1), before=None)
        insights.replace(replace(first, version=2), before=first)
        with pytest.raises(InsightsChanged):
            insights.replace(replace(first, version=2), before=first)
        with pytest.raises(InsightsChanged):
            insights.remove(first)

    def test_they_are_listed_by_id_page_by_page(self, insights: InsightStore) -> None:
        for n in (3, 1, 2):
            insights.replace(any_customer(f"cus_{n}"), before=None)
        assert [each.customer_id for each in insights.customers("bank", "", 2)] == ["cus_1", "cus_2"]
        assert [each.customer_id for each in insights.customers("bank", "cus_2", 2)] == ["cus_3"]

    def test_what_is_removed_is_gone_from_everywhere(self, insights: InsightStore) -> None:
        insights.replace(any_customer(), before=None)
        insights.remove(any_customer())
        self.test_of_nobody_there_is_nothing(insights)
