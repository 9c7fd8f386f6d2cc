"""Kinds of fields that several routes have."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from sotto.api.rest.route import ID, Wanted


def _lowered(given: Any) -> Any:
    return given.lower() if isinstance(given, str) else given


LOWER = BeforeValidator(_lowered)
"""The panel's enumerations are in upper case."""
Word = Annotated[str, LOWER]
Id = Annotated[str, StringConstraints(pattern=f"^{ID}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^#\x00-\x1f\x7f]+$")]
Names = Annotated[frozenset[Name], Field(max_length=50)]
AtMs = Annotated[int, Field(description="Milliseconds since the Unix epoch.")]
Ms = Annotated[int, Field(ge=0, le=9_999_999_999_999)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Next = Annotated[str | None, Field(description="Write it as cursor to go on; null at the end.")]


class Paged(Wanted):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Cursor | None = None
