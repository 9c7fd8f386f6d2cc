"""What a book would change of the one that is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sotto.tenants.book import TenantBook

_NAMES = ("tenant", "version")


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """Ids, in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        kinds = (("added", self.added), ("changed", self.changed), ("removed", self.removed))
        return "; ".join(f"{', '.join(ids)} {kind}" for kind, ids in kinds if ids)


@dataclass(frozen=True, slots=True)
class BookChanges:
    """``parts`` are named as tenants' files have them: ``settings.retention_days``, ``policies``."""

    parts: tuple[str, ...] = ()
    articles: ArticleChanges = ArticleChanges()
    first: bool = False

    def __bool__(self) -> bool:
        return bool(self.first or self.parts or self.articles)

    def __str__(self) -> str:
        if self.first:
            return "the first one"
        named = ", ".join(self.parts)
        return "; ".join(each for each in (named, f"articles: {self.articles}" if self.articles else "") if each)


def book_changes(before: TenantBook | None, after: TenantBook) -> BookChanges:
    """By content, not by version: a book that an earlier release sealed has other versions for the same."""
    if before is None:
        return BookChanges(articles=_articles({}, after.articles), first=True)
    parts = [
        *(f"settings.{name}" for name in _differing(before.settings, after.settings)),
        *(name for name in _differing(before, after) if name not in ("settings", "articles", *_NAMES)),
    ]
    return BookChanges(tuple(parts), _articles(before.articles, after.articles))


def _differing(before: BaseModel, after: BaseModel) -> list[str]:
    return [name for name in type(after).model_fields if _plain(before, name) != _plain(after, name)]


def _plain(model: BaseModel, name: str) -> Any:
    """As it is stored: what was read back has lists or other mappings for the same."""
    return model.model_dump(mode="json", include={name})


def _articles(before: Mapping[str, str], after: Mapping[str, str]) -> ArticleChanges:
    return ArticleChanges(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
