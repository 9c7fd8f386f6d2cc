"""A tenant's articles as they are published for reading; the models that find them are trained from the same files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from sotto.core.validation import silent


@dataclass(frozen=True, slots=True)
class Article:
    """``text`` is without front matter; the places of a knowledge answer are places in it. ``source``: an address or a
    file's name; ``date``: of its content, YYYY-MM-DD; empty where nobody has said."""

    id: str
    title: str
    text: str
    source: str = ""
    date: str = ""


ARTICLE: TypeAdapter[Article] = silent(Article)


def fingerprints(articles: Iterable[Article]) -> Mapping[str, str]:
    """Article's id -> what stands for its content."""
    return {
        article.id: hashlib.sha256(ARTICLE.dump_json(article, exclude_defaults=True)).hexdigest()[:16]
        for article in articles
    }
