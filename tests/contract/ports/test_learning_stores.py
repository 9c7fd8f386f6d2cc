"""Contract tests: what learning keeps, in memory and in DynamoDB's emulation."""

from __future__ import annotations

import pytest

from sotto.aws.table import Table
from sotto.learning.adapters.dynamodb_examples import DynamoExamples, DynamoReviewers
from sotto.learning.adapters.dynamodb_sets import DynamoRuns, DynamoSets
from sotto.learning.adapters.dynamodb_sketches import DynamoSketches
from sotto.learning.adapters.dynamodb_tallies import DynamoTallies
from sotto.learning.ports import ExampleStore, ReviewerStore, RunStore, SetStore
from sotto.learning.rollout.tally import TallyStore
from sotto.learning.sketch import SketchStore
from tests.contract.ports.learning_contract import (
    ExamplesContract,
    ReviewersContract,
    RunsContract,
    SetsContract,
    SketchesContract,
    TalliesContract,
)
from tests.fakes.learning import ExamplesInMemory, ReviewersInMemory, RunsInMemory, SetsInMemory, TalliesInMemory
from tests.fakes.retention import KeptUntil
from tests.fakes.sketches import SketchesInMemory


class TestExamplesInMemory(ExamplesContract):
    @pytest.fixture
    def examples(self) -> ExampleStore:
        return ExamplesInMemory()


class TestDynamoExamples(ExamplesContract):
    @pytest.fixture
    def examples(self, table: Table) -> ExampleStore:
        return DynamoExamples(table, KeptUntil())


class TestReviewersInMemory(ReviewersContract):
    @pytest.fixture
    def reviewers(self) -> ReviewerStore:
        return ReviewersInMemory()


class TestDynamoReviewers(ReviewersContract):
    @pytest.fixture
    def reviewers(self, table: Table) -> ReviewerStore:
        return DynamoReviewers(table, KeptUntil())


class TestSetsInMemory(SetsContract):
    @pytest.fixture
    def sets(self) -> SetStore:
        return SetsInMemory()


class TestDynamoSets(SetsContract):
    @pytest.fixture
    def sets(self, table: Table) -> SetStore:
        return DynamoSets(table)


class TestRunsInMemory(RunsContract):
    @pytest.fixture
    def runs(self) -> RunStore:
        return RunsInMemory()


class TestDynamoRuns(RunsContract):
    @pytest.fixture
    def runs(self, table: Table) -> RunStore:
        return DynamoRuns(table)


class TestTalliesInMemory(TalliesContract):
    @pytest.fixture
    def tallies(self) -> TallyStore:
        return TalliesInMemory()


class TestDynamoTallies(TalliesContract):
    @pytest.fixture
    def tallies(self, table: Table) -> TallyStore:
        return DynamoTallies(table, KeptUntil())


class TestSketchesInMemory(SketchesContract):
    @pytest.fixture
    def sketches(self) -> SketchStore:
        return SketchesInMemory()


class TestDynamoSketches(SketchesContract):
    @pytest.fixture
    def sketches(self, table: Table) -> SketchStore:
        return DynamoSketches(table, KeptUntil())
