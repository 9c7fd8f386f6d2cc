"""What live and shadow versions said, side by side, for as long as the tenant keeps its records."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.core.validation import silent
from sotto.inference.comparison import Comparison

_comparison = silent(Comparison)


class DynamoComparisons:
    """One item a comparison; the same one again overwrites itself."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def store(self, comparison: Comparison) -> None:
        pk = keys.of_comparisons(comparison.tenant, comparison.model, comparison.shadow.version)
        self._table.put(
            {
                "pk": pk,
                "sk": comparison.id,
                "body": _comparison.dump_json(comparison).decode(),
                "expires_at": self._retention.expires_at(comparison.tenant),
            }
        )

    def one(self, tenant: str, model: str, version: str, id: str) -> Comparison | None:
        item = self._table.get(keys.of_comparisons(tenant, model, version), id)
        return _comparison.validate_json(item["body"]) if item is not None else None

    def all(self, tenant: str, model: str, version: str) -> Iterator[Comparison]:
        for item in self._table.between(keys.of_comparisons(tenant, model, version), " ", "~"):
            yield _comparison.validate_json(item["body"])
