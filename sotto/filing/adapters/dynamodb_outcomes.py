"""What became of calls, beside them; and how far each system has been asked."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.call.events import OutcomeKnown
from sotto.core.validation import silent
from sotto.filing.outcomes import Outcome

_outcome = silent(Outcome)


class DynamoOutcomes:
    """An OutcomeStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def latest(self, tenant: str, contact_id: str, system: str, subject: str) -> Outcome | None:
        first, last = keys.of_outcome(system, subject, 0), keys.of_outcome(system, subject, 9_999_999_999_999)
        items = self._table.between(keys.of_contact(tenant, contact_id), first, last, 1, backwards=True)
        return next((_outcome.validate_json(item["body"]) for item in items), None)

    def add(self, outcome: Outcome) -> bool:
        item = {
            "pk": keys.of_contact(outcome.tenant, outcome.contact_id),
            "sk": keys.of_outcome(outcome.system, outcome.subject, outcome.at_ms),
            "body": _outcome.dump_json(outcome).decode(),
            "expires_at": self._retention.expires_at(outcome.tenant),
        }
        event = OutcomeKnown.of(outcome.tenant, outcome.contact_id, outcome.kind.value, outcome.at_ms)
        try:
            self._table.put_all([(item, "attribute_not_exists(pk)", {}), outbox_write(event)])
        except ConditionFailed:
            return False
        return True

    def cursor(self, tenant: str, system: str) -> str:
        item = self._table.get(keys.of_filings(tenant), keys.of_outcome_cursor(system))
        return str(item["cursor"]) if item else ""

    def move_cursor(self, tenant: str, system: str, cursor: str) -> None:
        self._table.put({"pk": keys.of_filings(tenant), "sk": keys.of_outcome_cursor(system), "cursor": cursor})
