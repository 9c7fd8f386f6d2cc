"""Contract: for whom insights were made, in DynamoDB; and their eraser."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.insights.adapters.dynamodb_insights import DynamoInsights
from sotto.insights.eraser import InsightEraser
from sotto.insights.store import InsightStore
from tests.contract.ports.history_contract import NOON
from tests.contract.ports.insights_contract import InsightStoreContract, any_customer
from tests.fakes.clock import ClockByHand
from tests.fakes.retention import A_WEEK_ON, KeptUntil


class TestDynamoInsights(InsightStoreContract):
    @pytest.fixture
    def clock(self) -> ClockByHand:
        return ClockByHand(NOON)

    @pytest.fixture
    def insights(self, table: Table, clock: ClockByHand) -> InsightStore:
        return DynamoInsights(table, KeptUntil(), clock)

    def test_what_has_expired_is_not_there_and_may_be_made_anew(
        self, insights: InsightStore, clock: ClockByHand
    ) -> None:
        insights.replace(any_customer(), before=None)
        clock.advance(A_WEEK_ON * 1000 - NOON)
        assert insights.customer("bank", "cus_1") is None and not insights.customers("bank", "", 5)
        insights.replace(any_customer(), before=None)

    def test_erasing_a_contact_takes_it_out_and_the_last_one_takes_the_customer(self, insights: InsightStore) -> None:
        insights.replace(any_customer(), before=None)
        eraser = InsightEraser(insights)
        assert eraser.left("bank", "c1") == 1
        assert eraser.erase("bank", "c1") == {"customers of insights": 1}
        kept = insights.customer("bank", "cus_1")
        assert kept is not None and kept.contacts == ("c2",) and not kept.counts
        assert eraser.erase("bank", "c1") == {"customers of insights": 0}
        eraser.erase("bank", "c2")
        assert insights.customer("bank", "cus_1") is None and eraser.left("bank", "c2") == 0
