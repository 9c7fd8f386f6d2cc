"""The review of a conversation: one item beside what was said, kept as long; its task's token is in it and nowhere
else."""

from __future__ import annotations

from sotto.after_call.review.reviews import ReviewChanged
from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.aws.versioned_item import VersionedItem
from sotto.call.review import Review
from sotto.core.validation import silent

_review = silent(Review)


class DynamoReviews(VersionedItem[Review]):
    """Reviews."""

    def __init__(self, table: Table, retention: Retention) -> None:
        super().__init__(table, retention, keys.REVIEW, _review, ReviewChanged)

    def review(self, tenant: str, contact_id: str) -> Review | None:
        return self.read(tenant, contact_id)
