"""What happened, for those who count, log or trace it: one chain of observers, beside the work and not around it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

Observe = Callable[[object], None]
"""Gets a frozen dataclass that says what happened. Never raises, never waits."""

log = logging.getLogger(__name__)


class Observers:
    """All of a process. Each passes over what it does not know, and none can harm the others or the work."""

    def __init__(self, *observers: Callable[[Any], None]) -> None:
        self._observers = observers

    def __call__(self, happened: object) -> None:
        for observer in self._observers:
            try:
                observer(happened)
            except Exception as error:
                log.warning("observer failed", extra={"error": type(error).__name__})


def unobserved(happened: object) -> None:
    """Where nobody looks."""
