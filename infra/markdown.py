"""Pages that are made by code."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

WIDTH = 120


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def prose(*parts: str) -> Iterator[str]:
    """A paragraph, and the empty line after it."""
    yield from wrap(" ".join(parts), WIDTH, break_long_words=False, break_on_hyphens=False)
    yield ""
