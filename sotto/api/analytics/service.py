"""Who answers requests about figures: panels ask by it, and load none of what counts them."""

from __future__ import annotations

from typing import Any, Protocol

Shape = dict[str, Any]


class FigureService(Protocol):
    """Whoever answers requests about figures, here or in another function."""

    def ask(self, request: Shape) -> Shape:
        """``request``: as ``read_request`` takes it. ``{"data": ...}``, or ``{"error": {"type", "message"}}`` where
        ``type`` is Unauthorized or BadRequest. Raises Retryable."""
        ...
