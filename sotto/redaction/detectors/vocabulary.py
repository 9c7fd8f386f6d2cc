"""Word lists, written as people read them."""

from __future__ import annotations


def words_of(*lines: str) -> frozenset[str]:
    """The words of some lines."""
    return frozenset(" ".join(lines).split())
