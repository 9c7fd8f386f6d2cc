"""What a search finds of a contact."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.core.subject_data import ErasureStep
from sotto.search.index import SearchIndex, erase


class SearchEraser:
    """An Eraser."""

    name = "search"
    step = ErasureStep.INDEXES

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"passages of the search index": erase(tenant, contact_id, self._index)}

    def left(self, tenant: str, contact_id: str) -> int:
        """A hundred at most are counted."""
        return len(self._index.keys(tenant, contact_id))
