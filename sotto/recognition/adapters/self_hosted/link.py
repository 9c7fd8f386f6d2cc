"""A way to a recogniser of one's own: whole messages there and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Link(Protocol):
    """Iterating ends when the other side has ended the connection."""

    async def send(self, data: bytes) -> None:
        """One message. Raises RecogniserUnavailable."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises RecogniserUnavailable."""
        ...


class Links(Protocol):
    """Where the recogniser is, and how one gets there."""

    def connect(self) -> AbstractAsyncContextManager[Link]:
        """Raises RecogniserUnavailable, or RecogniserRefused where asking again is useless."""
        ...
