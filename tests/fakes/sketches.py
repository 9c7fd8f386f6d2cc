"""Sketches of calls, in memory."""

from __future__ import annotations

from sotto.call.sketch import CallSketch


class SketchesInMemory:
    """A SketchStore."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CallSketch] = {}

    def put(self, sketch: CallSketch, *, at_ms: int) -> None:
        known = self._kept.get((sketch.tenant, sketch.contact_id))
        if known is None or known.through_seq < sketch.through_seq:
            self._kept[sketch.tenant, sketch.contact_id] = sketch

    def sketch(self, tenant: str, contact_id: str) -> CallSketch | None:
        return self._kept.get((tenant, contact_id))
