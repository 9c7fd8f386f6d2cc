"""What agents thought of what they were shown: kept beside the annotations, for learning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.events import FeedbackGiven
from sotto.call.feedback import Feedback, FeedbackAction, FeedbackEntry
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_feedback = silent(Feedback)
_RENAMED = {"verdict": "rating"}
"""Fields that an earlier release stored."""
ATTEMPTS = 5


class DynamoFeedback:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, given: FeedbackEntry) -> Feedback:
        """Keep ``given`` (twice is as good as once). Raises StorageUnavailable when others keep changing the item."""
        pk, sk = keys.of_contact(given.tenant, given.contact_id), keys.of_feedback(given.annotation_id)
        for _ in range(ATTEMPTS):
            item = self._table.get(pk, sk)
            before = item["body"] if item else None
            known = _read(before) if before else Feedback(given.contact_id, given.annotation_id)
            after = with_given(known, given)
            stored = {
                "pk": pk,
                "sk": sk,
                "agent": given.agent,
                "body": _feedback.dump_json(after).decode(),
                "expires_at": self._retention.expires_at(given.tenant, DataKind.ANNOTATIONS),
            }
            write: Write = (stored, "attribute_not_exists(pk)", {})
            if before is not None:
                write = (stored, "body = :before", {"before": before})
            try:
                self._table.put_all([write, outbox_write(FeedbackGiven.of(given))])
            except ConditionFailed:
                continue
            return after
        raise StorageUnavailable("the feedback changed at each of our attempts")

    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]:
        pk = keys.of_contact(tenant, contact_id)
        found = self._table.between(pk, keys.of_feedback("0"), keys.of_feedback("~"))
        return [_read(item["body"]) for item in found]


def _read(body: str) -> Feedback:
    return _feedback.validate_python({_RENAMED.get(name, name): value for name, value in json.loads(body).items()})


def with_given(known: Feedback, given: FeedbackEntry) -> Feedback:
    """The latest of each response stands."""
    match given.response:
        case FeedbackAction.ACKNOWLEDGED:
            return replace(known, acknowledged_at_ms=given.at_ms)
        case FeedbackAction.DISMISSED:
            return replace(known, dismissed_at_ms=given.at_ms)
        case FeedbackAction.RATED:
            return replace(known, rated_at_ms=given.at_ms, rating=given.rating, reason=given.reason)
        case FeedbackAction.RESTORED:
            return replace(known, acknowledged_at_ms=None, dismissed_at_ms=None)
