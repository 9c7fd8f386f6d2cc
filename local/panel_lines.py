"""The two ways in which a panel receives a call's messages and fetches the backfill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from local.desktop_listener import desktop
from local.panel_listener import Backfill, backfill, listening

Messages = AsyncIterator[dict[str, Any]]


class MessageStream(Protocol):
    def __aiter__(self) -> Messages:
        """Messages as schema.graphql's ContactMessage, until the line is cut."""
        ...


class PanelLine(Protocol):
    """Both raise PanelRefused."""

    def listening(self, token: str, contact_id: str) -> AbstractAsyncContextManager[MessageStream]:
        """Inside, every message published from now on is received."""
        ...

    async def backfill(
        self, token: str, contact_id: str, utterances_after: int, annotations_after: int
    ) -> Backfill: ...


class AppSyncLine:
    def __init__(self, graphql_url: str, realtime_url: str) -> None:
        self._urls = (graphql_url, realtime_url)

    def listening(self, token: str, contact_id: str) -> AbstractAsyncContextManager[MessageStream]:
        return listening(*self._urls, token, contact_id)

    async def backfill(self, token: str, contact_id: str, utterances_after: int, annotations_after: int) -> Backfill:
        after = {"utterances_after": utterances_after, "annotations_after": annotations_after}
        return await backfill(self._urls[0], token, contact_id, **after)


class WebSocketLine:
    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def listening(self, token: str, contact_id: str) -> AsyncIterator[MessageStream]:
        async with desktop(self._url, token) as listener:
            await listener.subscribe(contact_id)
            yield listener

    async def backfill(self, token: str, contact_id: str, utterances_after: int, annotations_after: int) -> Backfill:
        async with desktop(self._url, token) as listener:
            return await listener.backfill(contact_id, utterances_after, annotations_after)
