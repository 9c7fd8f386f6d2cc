"""Intents that people have accepted, beside the registry of models, in the tenant's own partition."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table

NEW_INTENT = "new-intent#"


class DynamoNewIntents:
    """A NewIntents. ``table``: that of models."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, tenant: str, name: str, who: str, at_ms: int) -> None:
        item = {"pk": _pk(tenant), "sk": f"{NEW_INTENT}{keys.gap_part(name)}", "who": who, "at_ms": at_ms}
        with suppress(ConditionFailed):  # the first stands
            self._table.put(item, "attribute_not_exists(pk)")

    def names(self, tenant: str) -> Sequence[str]:
        found = self._table.between(_pk(tenant), NEW_INTENT, NEW_INTENT + "~")
        return [item["sk"].removeprefix(NEW_INTENT) for item in found]


def _pk(tenant: str) -> str:
    return f"tenant#{keys.of_tenant(tenant)}"
