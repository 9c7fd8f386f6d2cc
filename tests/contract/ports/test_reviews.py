"""Contract: reviews in DynamoDB and in memory; tasks in memory. Step Functions': test_review_conversation.py."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from sotto.after_call.adapters.dynamodb_reviews import DynamoReviews
from sotto.after_call.review.reviews import Reviews
from sotto.aws.table import Table
from tests.contract.ports.reviews_contract import ReviewsContract, ReviewTasksContract
from tests.fakes.retention import KeptUntil
from tests.fakes.reviews import ReviewsInMemory, TasksInMemory


class TestReviewsInMemory(ReviewsContract):
    @pytest.fixture
    def reviews(self) -> Reviews:
        return ReviewsInMemory()

    @pytest.fixture
    def events(self, reviews: ReviewsInMemory) -> Callable[[], list[str]]:
        return lambda: sorted(each.name for each in reviews.events)


class TestDynamoReviews(ReviewsContract):
    @pytest.fixture
    def reviews(self, table: Table) -> Reviews:
        return DynamoReviews(table, KeptUntil())

    @pytest.fixture
    def events(self, outbox: Callable[[], list[str]]) -> Callable[[], list[str]]:
        return outbox


class TestTasksInMemory(ReviewTasksContract):
    @pytest.fixture
    def tasks(self) -> TasksInMemory:
        return TasksInMemory()

    @pytest.fixture
    def opened(self, tasks: TasksInMemory) -> Callable[[], str]:
        numbers = count()

        def open_one() -> str:
            token = f"token-{next(numbers)}"
            tasks.open.add(token)
            return token

        return open_one
