"""What is generated of every client is what docs/openapi.json says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdks.__main__ import HERE, written
from sdks.api_document import type_of
from sdks.python.generate import Python
from sdks.typescript.generate import TypeScript

WRITTEN = written()


@pytest.mark.parametrize("file", WRITTEN, ids=[str(each.relative_to(HERE)) for each in WRITTEN])
def test_what_is_generated_is_what_the_document_says(file: Path) -> None:
    assert file.read_text() == WRITTEN[file], "run python -m sdks"


@pytest.mark.parametrize(
    ("schema", "python", "typescript"),
    [
        ({"$ref": "#/components/schemas/Page_of.X"}, "models.Page_of_X", "models.Page_of_X"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}]}, "int | float | None", "number | null"),
        ({"type": "array", "items": {"enum": ["a", "b'"]}}, """list[Literal['a', "b'"]]""", """("a" | "b'")[]"""),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "dict[str, bool]", "Record<string, boolean>"),
        ({"type": "object"}, "dict[str, Any]", "Record<string, unknown>"),
        ({"const": 1}, "Literal[1]", "1"),
        ({}, "Any", "unknown"),
    ],
)
def test_types_are_spelt_in_each_language(schema: dict[str, object], python: str, typescript: str) -> None:
    assert type_of(schema, Python(), "models.") == python
    assert type_of(schema, TypeScript(), "models.") == typescript


def test_a_type_that_nobody_knows_is_no_type() -> None:
    with pytest.raises(KeyError):
        type_of({"type": "date"}, Python())
