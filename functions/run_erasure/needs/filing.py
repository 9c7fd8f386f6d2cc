"""Of the eraser of what systems of record hold."""

from __future__ import annotations

from sotto.core.needs import FilesCalls

NEEDS = (FilesCalls(),)
