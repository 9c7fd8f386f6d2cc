"""What of a tenant's playbooks is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sotto.tenants.articles import Article
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook_version import PlaybookVersion


class PlaybookShelf(Protocol):
    """Raises BookUnavailable and StorageUnavailable throughout."""

    def book(self, tenant: str) -> TenantBook:
        """As it is now. Raises NothingPublished."""
        ...

    def book_of(self, tenant: str, version: str) -> TenantBook | None: ...

    def publish(self, book: TenantBook, version: PlaybookVersion, *, instead_of: str) -> None:
        """Raises PlaybookOvertaken where ``instead_of`` is no longer the current book's version."""
        ...

    def versions(self, tenant: str, *, limit: int, before: str | None = None) -> Sequence[PlaybookVersion]:
        """The latest first; ``before``: only those that are older than this one."""
        ...

    def version(self, tenant: str, version_id: str) -> PlaybookVersion | None: ...


class ArticlesOfBook(Protocol):
    def article(self, tenant: str, article: str) -> Article | None:
        """Raises BookUnavailable."""
        ...
