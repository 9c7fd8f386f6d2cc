"""Unit: an agent takes back what was done with a card."""

from __future__ import annotations

import pytest

from sotto.api.adapters.dynamodb_feedback import with_given
from sotto.call.feedback import Feedback, FeedbackAction, FeedbackEntry, Rating


def given(response: FeedbackAction, at_ms: float) -> FeedbackEntry:
    return FeedbackEntry("bank", "c1", "n1", "ann", response, at_ms)


@pytest.mark.parametrize("done", [FeedbackAction.ACKNOWLEDGED, FeedbackAction.DISMISSED])
def test_what_was_done_is_undone_and_a_rating_stays(done: FeedbackAction) -> None:
    rated = Feedback("c1", "n1", rated_at_ms=1.0, rating=Rating.DOWN, reason="late")
    known = with_given(rated, given(done, 2.0))
    assert known != rated
    assert with_given(known, given(FeedbackAction.RESTORED, 3.0)) == rated
