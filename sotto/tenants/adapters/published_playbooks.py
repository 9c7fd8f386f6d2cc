"""Playbooks that were published, and publishing one into the book that is current."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.tenants.adapters.dynamodb_playbook_versions import version_from, version_write
from sotto.tenants.adapters.published_books import PublishedBooks, object_of
from sotto.tenants.book import BOOK, TenantBook
from sotto.tenants.playbook_version import PlaybookOvertaken, PlaybookVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class PublishedPlaybooks:
    """A PlaybookShelf. Acts within one tenant's keys: whose a Connect instance is stays as the last push left it."""

    def __init__(self, table: Table, s3: S3Client, bucket: str, books: PublishedBooks) -> None:
        self._table = table
        self._s3 = s3
        self._bucket = bucket
        self._books = books

    def book(self, tenant: str) -> TenantBook:
        """As it is now, however lately it was asked. Raises NothingPublished and BookUnavailable."""
        self._books.forget(tenant)
        return self._books.current(tenant)

    def book_of(self, tenant: str, version: str) -> TenantBook | None:
        """None where it is no longer kept."""
        return self._books.kept(tenant, version)

    def publish(self, book: TenantBook, version: PlaybookVersion, *, instead_of: str) -> None:
        """The current book's playbook alone differs in ``book``. Raises PlaybookOvertaken where ``instead_of`` is no
        longer the current version, with nothing changed."""
        key = object_of(book.tenant, book.version)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=BOOK.dump_json(book), ContentType="application/json")
        pointer = self._table.get(keys.of_book(book.tenant), "current") or {}
        current = {**pointer, "pk": keys.of_book(book.tenant), "sk": "current", "version": book.version}
        writes: list[Write] = [(current, "version = :before", {"before": instead_of}), version_write(version)]
        try:
            self._table.put_all(writes)
        except ConditionFailed:
            raise PlaybookOvertaken("version: somebody has published meanwhile; see what is live now") from None
        self._books.forget(book.tenant)

    def versions(self, tenant: str, *, limit: int, before: str | None = None) -> Sequence[PlaybookVersion]:
        """The latest first; ``before``: only those that are older than this one."""
        first, last = keys.of_playbook_version("0"), keys.of_playbook_version(before or "9")
        wanted = limit + 1 if before else limit  # the bound itself is known
        found = self._table.between(keys.of_book(tenant), first, last, wanted, backwards=True)
        return [version_from(tenant, item) for item in found if before is None or item["sk"] != last][:limit]

    def version(self, tenant: str, version_id: str) -> PlaybookVersion | None:
        item = self._table.get(keys.of_book(tenant), keys.of_playbook_version(version_id))
        return version_from(tenant, item) if item else None
