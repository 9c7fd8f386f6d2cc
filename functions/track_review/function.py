"""Notes that a review waits, and that nobody came."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AnswersReviews, Keeps, ReadsBooks
from sotto.core.resources import CONTACTS, REVIEW
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(REVIEW),
    timeout_s=15,
    needs=(Keeps(CONTACTS), ReadsBooks(), AnswersReviews()),
)
