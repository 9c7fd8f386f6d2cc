"""An import: which manifest, how far it is, and what became of each of its lines. No text and no identity is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from sotto.core.errors import Rejected, Retryable
from sotto.imports.item import Reason

ITEMS_A_PAGE = 8
"""Conversations that one worker has in turn: few, so that the last page does not keep everybody waiting."""
KEPT_MS = 90 * 86_400_000


class NoSuchImport(Rejected):
    """It has expired, or is not this tenant's."""


class ImportChanged(Retryable):
    """Somebody else changed the record meanwhile: read it again."""


class Form(StrEnum):
    """Of the object that is imported."""

    MANIFEST = "manifest"
    VCON = "vcon"
    RECORDING = "recording"
    """One on its own: it began when it was put there, less its length, as nothing else says when."""


def form_of(key: str) -> Form:
    name = key.lower()
    if name.endswith((".jsonl", ".ndjson")):
        return Form.MANIFEST
    return Form.VCON if name.endswith((".vcon", ".vcon.json")) else Form.RECORDING


class RunState(StrEnum):
    READING = "reading"
    """The manifest; nobody knows yet how many lines it has."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The manifest could not be read."""


class ItemState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    KNOWN = "known"
    """It was imported before."""
    SKIPPED = "skipped"
    """It may not be kept."""
    FAILED = "failed"


FINAL_REASONS = frozenset({Reason.NO_CONSENT, Reason.REFUSED, Reason.ERASED})
"""By which an item is skipped and not failed: asked for again it would be skipped again."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """``key``: of the object below the source's bucket, ``version`` its entity tag. Times are Unix epoch. ``attempt``
    counts how often it was started. ``by``: who asked, as in the audit log."""

    tenant: str
    id: str
    source: str
    key: str
    object_version: str
    form: Form
    by: str
    asked_at_ms: int
    attempt: int = 1
    state: RunState = RunState.READING
    pages: int = 0
    reason: Reason | None = None
    ended_at_ms: int | None = None
    version: int = 1

    def changed(self, **fields: object) -> ImportRun:
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Item:
    """``line``: of the manifest, from 1; 0 of an object on its own. ``offset``, ``end``: its bytes. ``seconds``: of
    the conversation. ``attempts``: that ended without getting any further. ``contact_id``: once it is known."""

    line: int
    offset: int
    end: int
    state: ItemState = ItemState.WAITING
    reason: Reason | None = None
    field: str = ""
    seconds: float = 0.0
    contact_id: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` from 0. ``began_at_ms``: Unix epoch, None before anybody was at it."""

    tenant: str
    import_id: str
    number: int
    items: tuple[Item, ...]
    began_at_ms: int | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        return all(each.state is not ItemState.WAITING for each in self.items)

    def with_item(self, item: Item) -> Page:
        items = tuple(item if each.line == item.line else each for each in self.items)
        return replace(self, items=items, version=self.version + 1)


class Imports(Protocol):
    """Raises Retryable throughout."""

    def run(self, tenant: str, import_id: str) -> ImportRun | None: ...

    def add(self, run: ImportRun) -> bool:
        """False where it is there."""
        ...

    def save(self, run: ImportRun) -> None:
        """Its version is one more than what is stored. Raises ImportChanged."""
        ...

    def runs(self, tenant: str, *, before: str, limit: int) -> Sequence[ImportRun]:
        """The latest first; ``before``: the id of the last one that is known, empty to begin."""
        ...

    def put_page(self, page: Page) -> None:
        """In the place of whatever is there."""
        ...

    def page(self, tenant: str, import_id: str, number: int) -> Page | None: ...

    def save_page(self, page: Page) -> None:
        """As ``save``."""
        ...

    def pages(self, tenant: str, import_id: str) -> Iterable[Page]:
        """In order."""
        ...


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    reason: Reason
    field: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """``counts``: of items, by state. ``seconds``: of conversations that are imported. ``left_ms``: an estimate, None
    before there is something to estimate by. ``mistakes``: lines of which something is to be said, the first ones;
    ``mistakes_left`` how many more there are."""

    run: ImportRun
    items: int
    counts: dict[ItemState, int]
    seconds: float
    left_ms: int | None
    mistakes: tuple[Mistake, ...]
    mistakes_left: int


MOST_MISTAKES = 200


def progress_of(run: ImportRun, pages: Iterable[Page], now_ms: float) -> Progress:
    pages = list(pages)
    items = [each for page in pages for each in page.items]
    counts = Counter(each.state for each in items)
    mistakes = [Mistake(each.line, each.reason, each.field) for each in items if each.reason is not None]
    began = [page.began_at_ms for page in pages if page.began_at_ms is not None]
    return Progress(
        run=run,
        items=len(items),
        counts={state: counts[state] for state in ItemState},
        seconds=round(sum(each.seconds for each in items if each.state is ItemState.DONE), 1),
        left_ms=_left_ms(run, len(items), counts, began, now_ms),
        mistakes=tuple(mistakes[:MOST_MISTAKES]),
        mistakes_left=max(0, len(mistakes) - MOST_MISTAKES),
    )


def _left_ms(run: ImportRun, items: int, counts: Counter[ItemState], began: Sequence[int], now_ms: float) -> int | None:
    """By what it took so far; what was imported before took no time."""
    if run.state is RunState.DONE or run.state is RunState.FAILED:
        return 0
    took = counts[ItemState.DONE] + counts[ItemState.SKIPPED]
    if run.state is RunState.READING or not began or not took:
        return None
    return round((now_ms - min(began)) / took * counts[ItemState.WAITING])


def id_of(tenant: str, source: str, key: str, object_version: str) -> str:
    """Of the same content at the same place the same, so that a manifest is imported once however often it is asked
    for."""
    return "im_" + sha256(f"{tenant}\n{source}\n{key}\n{object_version}".encode()).hexdigest()[:28]
