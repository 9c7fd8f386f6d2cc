"""The history of conversations, and the search in what was said in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.core.settings import HistoryRecords, SearchIndexes, TenantRoles
from sotto.wiring.scorecards import ScorecardParts
from sotto.wiring.subject_data import eraser

if TYPE_CHECKING:
    from sotto.call.outcome import OutcomeReader
    from sotto.history.adapters.dynamodb_history import DynamoHistory
    from sotto.history.eraser import HistoryEraser
    from sotto.history.keep import KeepPorts
    from sotto.search.eraser import SearchEraser
    from sotto.search.find import FindPorts
    from sotto.search.index import SearchIndex
    from sotto.search.index_call import IndexPorts

INDEX_DEADLINE_MS, QUESTION_DEADLINE_MS = 5_000, 1_500
"""Of the encoder. A person waits for a question; words alone answer after that."""


class SearchParts(ScorecardParts):
    @built
    def outcomes(self) -> OutcomeReader:
        from sotto.wiring.outcomes import StoredOutcomes

        return StoredOutcomes(self.summaries, self.after_call_work, self.conversations, self.books, self.evaluations)

    @built
    def history(self) -> DynamoHistory:
        from sotto.aws.table import Table
        from sotto.history.adapters.dynamodb_history import DynamoHistory

        table = Table(self.records("dynamodb"), self.settings.of(HistoryRecords).table)
        return DynamoHistory(table, self.record_retention, self.clock)

    @built
    def history_keep_ports(self) -> KeepPorts:
        from sotto.history.keep import KeepPorts

        return KeepPorts(self.contacts, self.outcomes, self.history)

    @built
    def search_index(self) -> SearchIndex:
        kept = self.settings.of(SearchIndexes)
        if kept.folder is not None:
            from sotto.search.adapters.embedded import EmbeddedIndex

            return EmbeddedIndex(kept.folder)
        from sotto.search.adapters.s3_vectors import S3VectorsIndex

        assert kept.bucket is not None
        return S3VectorsIndex(self._vectors_as(), kept.bucket)

    def _vectors_as(self) -> Callable[[str], Any]:
        """S3 Vectors as the tenant, where the deployment has roles for tenants."""
        role_arn = self.settings.of(TenantRoles).arn
        if role_arn is None:
            return lambda tenant: self.client("s3vectors")
        sessions = self.tenant_sessions(role_arn)
        return lambda tenant: sessions.client(tenant, "s3vectors")

    @eraser
    def history_eraser(self) -> HistoryEraser:
        from sotto.history.eraser import HistoryEraser

        return HistoryEraser(self.history, self.contacts)

    @eraser
    def search_eraser(self) -> SearchEraser:
        from sotto.search.eraser import SearchEraser

        return SearchEraser(self.search_index)

    @built
    def indexing_ports(self) -> IndexPorts:
        from sotto.inference.text_vectors import RoutedVectors
        from sotto.search.index_call import IndexPorts

        vectors = RoutedVectors(self.router, deadline_ms=INDEX_DEADLINE_MS)
        return IndexPorts(self.contacts, self.conversations, self.outcomes, vectors, self.search_index)

    @built
    def search_ports(self) -> FindPorts:
        from sotto.inference.text_vectors import RoutedVectors
        from sotto.search.find import FindPorts

        return FindPorts(self.search_index, RoutedVectors(self.recall_router, deadline_ms=QUESTION_DEADLINE_MS))
