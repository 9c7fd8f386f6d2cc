"""Ids in addresses."""

from __future__ import annotations

from urllib.parse import quote


def segment(id_: str) -> str:
    """One step of an address. Raises ValueError for what would lead to another one: API Gateway decodes ``%2F`` before
    it chooses a route."""
    if "/" in id_ or id_ in ("", ".", ".."):
        raise ValueError("an id is empty, has a slash in it or is nothing but dots")
    return quote(id_, safe="")
