"""Marks by which the composition root finds who erases, exports and expires: a property of any ``...Parts``.

    @eraser
    def recordings_eraser(self) -> RecordingsEraser: ...

What it needs beside the table of contacts, ``run_erasure`` is given by a file in functions/run_erasure/needs.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sotto.core.built import Builds, built

Made = TypeVar("Made")


class eraser(built[Made]):  # noqa: N801 (used as ``property`` is)
    """Builds a sotto.core.subject_data.Eraser."""


class exporter(built[Made]):  # noqa: N801
    """Builds an Exporter."""


class expirer(built[Made]):  # noqa: N801
    """Builds an Expirer."""


def marked(root: Builds, mark: type[built[Any]]) -> tuple[Any, ...]:
    """What the properties of ``root`` with this mark build, by the names of the properties."""
    kind = type(root)
    names = [name for name in dir(kind) if isinstance(getattr(kind, name, None), mark)]
    return tuple(getattr(root, name) for name in sorted(names))
