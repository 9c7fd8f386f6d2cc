"""Playbooks as their authors work on them: of who serves the manager's app and the REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import TenantBooks
from sotto.wiring.search import SearchParts

if TYPE_CHECKING:
    from sotto.api.playbooks.use_cases import PlaybookPorts
    from sotto.tenants.adapters.published_playbooks import PublishedPlaybooks


class PlaybookParts(SearchParts):
    @built
    def playbook_shelf(self) -> PublishedPlaybooks:
        from sotto.aws.table import Table
        from sotto.tenants.adapters.published_playbooks import PublishedPlaybooks

        kept = self.settings.of(TenantBooks)
        table = Table(self.records("dynamodb"), kept.table)
        return PublishedPlaybooks(table, self.records("s3"), kept.bucket, self.books)

    @built
    def playbook_ports(self) -> PlaybookPorts:
        from sotto.api.playbooks.use_cases import PlaybookPorts
        from sotto.playbooks.adapters.dynamodb_playbooks import DynamoDrafts, DynamoReplays
        from sotto.playbooks.replay.run import PastCalls

        table = self.contact_table[0]
        shelf = self.playbook_shelf
        return PlaybookPorts(
            drafts=DynamoDrafts(table),
            replays=DynamoReplays(table, self.clock),
            shelf=shelf,
            articles=self.books,
            past=PastCalls(self.contacts, self.conversations, shelf.book_of),
            history=self.history,
            audit=self.audit_log,
            clock=self.clock,
        )
