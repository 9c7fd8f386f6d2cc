"""Contract: evaluations in DynamoDB, and those in memory that tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sotto.aws.table import Table
from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
from sotto.scorecards.adapters.dynamodb_evaluations import DynamoEvaluations
from sotto.scorecards.evaluation import Evaluations, Kind, gold_answers
from tests.contract.ports.evaluations_contract import EvaluationsContract, any_appeal, any_evaluation
from tests.fakes.evaluations import EvaluationsInMemory
from tests.fakes.retention import KeptUntil


class TestEvaluationsInMemory(EvaluationsContract):
    @pytest.fixture
    def evaluations(self) -> Evaluations:
        return EvaluationsInMemory()

    @pytest.fixture
    def events(self, evaluations: EvaluationsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in evaluations.events)


class TestDynamoEvaluations(EvaluationsContract):
    @pytest.fixture
    def evaluations(self, table: Table) -> Evaluations:
        return DynamoEvaluations(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox

    def test_an_erasure_reaches_all_of_it_and_nothing_of_another_call(self, table: Table, dynamodb: Any) -> None:
        evaluations = DynamoEvaluations(table, KeptUntil())
        review = any_evaluation(kind=Kind.REVIEW, by="sue")
        for contact_id in ("c1", "c2"):
            evaluations.append(any_evaluation(contact_id=contact_id), after=0)
        evaluations.append(review, after=1, gold=gold_answers(review))
        evaluations.lodge(any_appeal(version=2))
        DynamoErasures(table, KeptUntil()).drop("bank", "c1")
        left = [item for item in dynamodb.scan(TableName="sotto-records")["Items"] if "#" in item["sk"]["S"]]
        kept = [item for item in left if not item["sk"]["S"].startswith("event#")]  # no words are in those
        assert len(kept) == 2  # the other call's evaluation, and its row of ratings
        assert not any("c1" in str(item) for item in kept)

    def test_everything_expires(self, table: Table, dynamodb: Any) -> None:
        evaluations = DynamoEvaluations(table, KeptUntil())
        evaluations.append(any_evaluation(), after=0, gold=gold_answers(any_evaluation()))
        evaluations.lodge(any_appeal())
        items = dynamodb.scan(TableName="sotto-records")["Items"]
        assert len(items) == 6 and all("expires_at" in item for item in items)

    def test_another_version_is_appended_without_reading_those_before(self, table: Table) -> None:
        counting = CountingTable(table)
        evaluations = DynamoEvaluations(counting, KeptUntil())
        for after in range(5):
            evaluations.append(any_evaluation(), after=after)
        assert counting.read <= 5


class CountingTable(Table):
    """``read``: items, in queries."""

    def __init__(self, table: Table) -> None:
        super().__init__(table._client, table.name)
        self.read = 0

    def between(self, *about: Any, **how: Any) -> Iterator[dict[str, Any]]:
        for item in super().between(*about, **how):
            self.read += 1
            yield item
