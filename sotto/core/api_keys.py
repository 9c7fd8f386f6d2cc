"""Keys of other companies' APIs, as whoever calls one of them asks for them."""

from __future__ import annotations

from typing import Protocol

from sotto.core.errors import Rejected, Retryable


class KeyMissing(Rejected):
    """There is no such key, or it may not be read, however often one asks."""


class KeyUnavailable(Retryable):
    """Where the key is kept cannot be asked just now."""


class ApiKey(Protocol):
    def current(self) -> str:
        """Raises KeyMissing or KeyUnavailable."""
        ...

    def refused(self, key: str) -> None:
        """The API does not take ``key``: fetch another one before the next use."""
        ...
