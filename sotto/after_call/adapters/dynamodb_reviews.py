"""The review of a conversation: one item beside what was said, kept as long; its task's token is in it and nowhere
else."""

from __future__ import annotations

from sotto.after_call.review.reviews import ReviewChanged
from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.call.events import Event
from sotto.call.review import Review
from sotto.core.validation import silent

_review = silent(Review)


class DynamoReviews:
    """Reviews."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def review(self, tenant: str, contact_id: str) -> Review | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.REVIEW)
        return _review.validate_json(item["body"]) if item else None

    def replace(self, review: Review, *, expected_version: int, event: Event | None = None) -> None:
        item = {
            "pk": keys.of_contact(review.tenant, review.contact_id),
            "sk": keys.REVIEW,
            "version": review.version,
            "body": _review.dump_json(review).decode(),
            "expires_at": self._retention.expires_at(review.tenant),
        }
        write: Write = (item, "attribute_not_exists(pk)", {})
        if expected_version:
            write = (item, "version = :before", {"before": expected_version})
        try:
            self._table.put_all([write, *([outbox_write(event)] if event is not None else [])])
        except ConditionFailed as error:
            raise ReviewChanged from error
