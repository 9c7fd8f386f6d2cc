"""Has a conversation wait for its review: the last step of the work after a call."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps, ReadsBooks, StartsReview
from sotto.core.resources import AFTER_CALL, CONTACTS
from sotto.core.triggers import StepOf

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, branch="review", stage="filed"),
    timeout_s=15,
    needs=(Keeps(CONTACTS), ReadsBooks(), StartsReview()),
)
