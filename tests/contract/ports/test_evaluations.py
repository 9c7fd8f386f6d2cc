"""Contract: evaluations in DynamoDB, and those in memory that tests use."""

from __future__ import annotations

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


class TestDynamoEvaluations(EvaluationsContract):
    @pytest.fixture
    def evaluations(self, table: Table) -> Evaluations:
        return DynamoEvaluations(table, KeptUntil())

    def test_an_erasure_reaches_all_of_it_and_nothing_of_another_call(self, table: Table, dynamodb: Any) -> None:
        evaluations = DynamoEvaluations(table, KeptUntil())
        review = any_evaluation(kind=Kind.REVIEW, by="sue")
        for contact_id in ("c1", "c2"):
            evaluations.append(any_evaluation(contact_id=contact_id), after=0)
        evaluations.append(review, after=1, gold=gold_answers(review))
        evaluations.lodge(any_appeal(version=2))
        DynamoErasures(table, KeptUntil()).drop("bank", "c1")
        left = dynamodb.scan(TableName="sotto-records")["Items"]
        assert len(left) == 2  # the other call's evaluation, and its row of ratings
        assert not any("c1" in str(item) for item in left)

    def test_everything_expires(self, table: Table, dynamodb: Any) -> None:
        evaluations = DynamoEvaluations(table, KeptUntil())
        evaluations.append(any_evaluation(), after=0, gold=gold_answers(any_evaluation()))
        evaluations.lodge(any_appeal())
        items = dynamodb.scan(TableName="sotto-records")["Items"]
        assert len(items) == 4 and all("expires_at" in item for item in items)
