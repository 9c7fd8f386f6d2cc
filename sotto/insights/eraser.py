"""What insights keep of a contact: that it was looked at for a customer."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.core.subject_data import ErasureStep
from sotto.insights.store import InsightsChanged, InsightStore

ATTEMPTS = 4


class InsightEraser:
    """An Eraser."""

    name = "insights"
    step = ErasureStep.INDEXES

    def __init__(self, store: InsightStore) -> None:
        self._store = store

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        removed = 0
        for _ in range(ATTEMPTS):
            try:
                removed += self._taken_out(tenant, contact_id)
                return {"customers of insights": removed}
            except InsightsChanged:
                continue
        raise InsightsChanged("the insights of a customer change too often; try again")

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self._store.of_contact(tenant, contact_id))

    def _taken_out(self, tenant: str, contact_id: str) -> int:
        found = self._store.of_contact(tenant, contact_id)
        for each in found:
            left = each.without(contact_id)
            if left is None:
                self._store.remove(each)
            else:
                self._store.replace(left, before=each)
        return len(found)
