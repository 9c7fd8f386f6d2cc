"""What every store of reviews and every way to answer their tasks must do, as classes of tests to inherit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.after_call.review.reviews import ReviewChanged, Reviews, ReviewTasks
from sotto.aws.keys import BadKey
from sotto.call.events import ReviewClosed
from sotto.call.review import Review, ReviewState

NOW_MS = 1_790_000_000_000
WAITING = Review("bank", "c1", ReviewState.WAITING, NOW_MS, "a-token", version=1)
CLOSED = replace(WAITING, state=ReviewState.CHANGED, token="", by="sue", at_ms=NOW_MS + 5, version=2)


class ReviewsContract:
    """A subclass gives ``reviews``, and ``events``: the names of those stored about the contact, sorted (fixtures)."""

    def test_of_a_call_that_nobody_opened_there_is_none(self, reviews: Reviews) -> None:
        assert reviews.review("bank", "c1") is None

    def test_it_is_kept_as_it_is_with_its_event(self, reviews: Reviews, events: Callable[[], list[str]]) -> None:
        reviews.replace(WAITING, expected_version=0)
        assert reviews.review("bank", "c1") == WAITING
        reviews.replace(CLOSED, expected_version=1, event=ReviewClosed.of(CLOSED))
        assert reviews.review("bank", "c1") == CLOSED
        assert reviews.review("bank", "c2") is None and reviews.review("garage", "c1") is None
        assert events() == ["review.closed#changed#2"]

    @pytest.mark.parametrize("expected", [0, 2])
    def test_another_version_than_the_one_that_is_there_changes_nothing(
        self, reviews: Reviews, events: Callable[[], list[str]], expected: int
    ) -> None:
        reviews.replace(WAITING, expected_version=0)
        with pytest.raises(ReviewChanged):
            reviews.replace(CLOSED, expected_version=expected, event=ReviewClosed.of(CLOSED))
        assert reviews.review("bank", "c1") == WAITING and events() == []

    def test_a_contact_that_is_no_part_of_a_key_is_refused(self, reviews: Reviews) -> None:
        with pytest.raises(BadKey):
            reviews.review("bank", "c#1")


class ReviewTasksContract:
    """A subclass gives ``tasks``, and ``opened``: answers with the token of a task that begins to wait (fixtures)."""

    def test_a_task_takes_one_answer(self, tasks: ReviewTasks, opened: Callable[[], str]) -> None:
        token, other = opened(), opened()
        assert tasks.beat(token) is True
        assert tasks.complete(token, ReviewState.CHANGED) is True
        assert tasks.complete(token, ReviewState.CHANGED) is False
        assert tasks.beat(token) is False
        assert tasks.complete(other, ReviewState.CONFIRMED) is True

    def test_a_token_that_is_none_answers_nothing(self, tasks: ReviewTasks) -> None:
        assert tasks.complete("no-token", ReviewState.CHANGED) is False
        assert tasks.beat("no-token") is False
