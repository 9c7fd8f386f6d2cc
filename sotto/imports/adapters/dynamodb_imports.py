"""Imports in DynamoDB: a run and its pages, which hold numbers, reasons and contacts' ids. They expire in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.imports.run import KEPT_MS, ImportChanged, ImportRun, Page

_run, _page = silent(ImportRun), silent(Page)


class DynamoImports:
    """Imports."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def run(self, tenant: str, import_id: str) -> ImportRun | None:
        item = self._table.get(keys.of_imports(tenant), keys.of_import(import_id))
        return _run.validate_json(item["body"]) if item else None

    def add(self, run: ImportRun) -> bool:
        place = {"pk": keys.of_imports(run.tenant), "sk": keys.of_import_place(run.asked_at_ms, run.id)}
        listed = place | {"import_id": run.id, "expires_at": self._expires_at()}
        try:
            self._table.put_all([(self._item(run), "attribute_not_exists(pk)", {}), (listed, None, {})])
        except ConditionFailed:
            return False
        return True

    def save(self, run: ImportRun) -> None:
        self._put(self._item(run), run.version)

    def runs(self, tenant: str, *, before: str, limit: int) -> Sequence[ImportRun]:
        pk, beginning = keys.of_imports(tenant), "by-time#"
        last = f"{beginning}~"
        if before:
            known = self.run(tenant, before)
            if known is None:
                return []
            last = keys.of_import_place(known.asked_at_ms, before)
        wanted = limit + 1 if before else limit  # the bound itself is known
        listed = list(self._table.between(pk, beginning, last, wanted, backwards=True, at_once=wanted))
        ids = [each["import_id"] for each in listed if each["import_id"] != before][:limit]
        found = (self.run(tenant, each) for each in ids)
        return [each for each in found if each is not None]

    def put_page(self, page: Page) -> None:
        self._table.put(self._page_item(page))

    def page(self, tenant: str, import_id: str, number: int) -> Page | None:
        item = self._table.get(keys.of_import_pages(tenant, import_id), keys.of_import_page(number))
        return _page.validate_json(item["body"]) if item else None

    def save_page(self, page: Page) -> None:
        self._put(self._page_item(page), page.version)

    def pages(self, tenant: str, import_id: str) -> Iterator[Page]:
        found = self._table.between(keys.of_import_pages(tenant, import_id), "page#", "page#~")
        return (_page.validate_json(item["body"]) for item in found)

    def _put(self, item: dict[str, Any], version: int) -> None:
        try:
            self._table.put(item, "version = :before", before=version - 1)
        except ConditionFailed as error:
            raise ImportChanged("somebody else changed it meanwhile") from error

    def _item(self, run: ImportRun) -> dict[str, Any]:
        return {
            "pk": keys.of_imports(run.tenant),
            "sk": keys.of_import(run.id),
            "version": run.version,
            "body": _run.dump_json(run).decode(),
            "expires_at": self._expires_at(),
        }

    def _page_item(self, page: Page) -> dict[str, Any]:
        return {
            "pk": keys.of_import_pages(page.tenant, page.import_id),
            "sk": keys.of_import_page(page.number),
            "version": page.version,
            "body": _page.dump_json(page).decode(),
            "expires_at": self._expires_at(),
        }

    def _expires_at(self) -> int:
        return int((self._clock.now_ms() + KEPT_MS) / 1000)
