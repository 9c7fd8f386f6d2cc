"""Receives what a desktop receives over the WebSocket channel, and asks for the backfill."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from local.panel_listener import Backfill, PanelRefused
from sotto.api.panel.subprotocol import PROTOCOL, TOKEN

ANSWER_WITHIN_S = 10.0
MOST_OPEN_PARTS = 16


@asynccontextmanager
async def desktop(url: str, token: str) -> AsyncIterator[DesktopListener]:
    """Raises PanelRefused."""
    protocols = [Subprotocol(PROTOCOL), Subprotocol(TOKEN + token)]
    try:
        async with connect(url, subprotocols=protocols, proxy=None) as socket:
            yield DesktopListener(socket)
    except InvalidStatus as error:
        raise PanelRefused(f"the channel answered {error.response.status_code}") from error


class DesktopListener:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._parts: dict[str, dict[int, str]] = {}

    async def subscribe(self, contact_id: str) -> None:
        """Raises PanelRefused. Everything published from now on is received."""
        about = {"contactId": contact_id}
        asked = {"action": "subscribe", "id": "1", "field": "Subscription.onContactMessage", "arguments": about}
        await self._answer(asked, "subscribed")

    async def backfill(self, contact_id: str, utterances_after: int, annotations_after: int) -> Backfill:
        fields = {
            "utterances": _page("Query.utterances", contact_id, utterances_after),
            "annotations": _page("Query.annotations", contact_id, annotations_after),
        }
        found = (await self._answer({"action": "ask", "id": uuid.uuid4().hex, "fields": fields}, "answer"))["data"]
        return Backfill(found["utterances"], found["annotations"])

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """Messages as schema.graphql's ContactMessage, until the socket closes."""
        async for text in self._socket:
            frame = self._whole(json.loads(text))
            if frame is not None and frame.get("type") == "data":
                for message in frame["messages"]:
                    yield message

    async def _answer(self, asked: Mapping[str, Any], kind: str) -> dict[str, Any]:
        await self._socket.send(json.dumps(asked))
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while True:
                frame = self._whole(json.loads(await self._socket.recv()))
                if frame is None or frame.get("id") != asked["id"]:
                    continue
                if frame["type"] == "error":
                    raise PanelRefused(f"the channel answered {json.dumps(frame['error'])}")
                if frame["type"] == kind:
                    return frame

    def _whole(self, frame: dict[str, Any]) -> dict[str, Any] | None:
        """None for a part of a frame whose other parts are still to come."""
        if frame.get("type") != "part":
            return frame
        if frame["of"] not in self._parts and len(self._parts) == MOST_OPEN_PARTS:
            del self._parts[next(iter(self._parts))]
        parts = self._parts.setdefault(frame["of"], {})
        parts[frame["at"]] = frame["text"]
        if len(parts) < frame["count"]:
            return None
        whole: dict[str, Any] = json.loads("".join(text for _, text in sorted(self._parts.pop(frame["of"]).items())))
        return whole


def _page(field: str, contact_id: str, after: int) -> dict[str, Any]:
    return {"field": field, "arguments": {"contactId": contact_id, "afterSeq": after, "limit": 500}}
