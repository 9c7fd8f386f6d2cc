"""Who starts audio workers."""

from __future__ import annotations

from typing import Protocol


class AudioWorkers(Protocol):
    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        """Start an audio worker and do not wait for it. ``revivals``: how many died in its place. Raises Retryable."""
        ...
