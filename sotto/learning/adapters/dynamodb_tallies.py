"""What calls say of versions on trial: a few numbers for each call, of which nothing leads to the call."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.learning.rollout.tally import Tally

_tally = silent(Tally)


class DynamoTallies:
    """A TallyStore. ``table``: that of contacts, whose items expire."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def put(self, tenant: str, number: int, percent: int, tally: Tally) -> None:
        self._table.put(
            {
                "pk": keys.of_trial(tenant, number, percent),
                "sk": tally.call,
                "body": _tally.dump_json(tally).decode(),
                "expires_at": self._retention.expires_at(tenant, DataKind.EXAMPLES),
            }
        )

    def tallies(self, tenant: str, number: int, percent: int) -> Iterator[Tally]:
        for item in self._table.between(keys.of_trial(tenant, number, percent), " ", "~"):
            yield _tally.validate_json(item["body"])
