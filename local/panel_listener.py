"""Receives what an agent's panel receives: the subscription of one contact over AppSync's real-time protocol."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from sotto.core.errors import Degraded

UTTERANCE = "id seq speaker startMs endMs text isFinal confidence private { kind startMs endMs startChar endChar }"
ANNOTATION = """id seq kind name atMs utteranceId severity title text reply confidence model adapter policy playbook
    stagesMs latencyMs expiresMs withdraws because
    citations { article title quote source date } evidence { utteranceId startChar endChar }"""
ON_CONTACT_MESSAGE = f"""subscription Listen($contactId: ID!) {{ onContactMessage(contactId: $contactId) {{
  contactId kind seq atMs
  utterance {{ {UTTERANCE} }}
  annotation {{ {ANNOTATION} }}
  before {{ {ANNOTATION} }}
  checklist {{ checklist name title state doneBy }}
  checklistSeq
  contact {{ contactId agent team queue status version }}
  health {{ state part reason }}
  summary {{ lines {{ part text }} origin version }}
  afterCall {{ steps {{ step outcome }} disposition {{ suggested }} filed {{ system title state }} version }} }} }}"""
BACKFILL = f"""query Backfill($contactId: ID!, $utterance: Int!, $annotation: Int!) {{
  utterances(contactId: $contactId, afterSeq: $utterance, limit: 500) {{ {UTTERANCE} }}
  annotations(contactId: $contactId, afterSeq: $annotation, limit: 500) {{ {ANNOTATION} }} }}"""
QUERY_WITHIN_S = 10.0


class PanelRefused(Degraded):
    """The channel refused the subscription."""


@asynccontextmanager
async def listening(graphql_url: str, realtime_url: str, token: str, contact_id: str) -> AsyncIterator[PanelListener]:
    """Open the subscription; inside, every message published from now on is received. Raises PanelRefused."""
    authorization = {"host": urlsplit(graphql_url).netloc, "Authorization": token}
    header = base64.urlsafe_b64encode(json.dumps(authorization).encode()).decode().rstrip("=")
    protocols = [Subprotocol("graphql-ws"), Subprotocol(f"header-{header}")]
    async with connect(realtime_url, subprotocols=protocols, max_size=2**20, proxy=None) as socket:
        listener = PanelListener(socket)
        await listener.subscribe(contact_id, authorization)
        yield listener


class PanelListener:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def subscribe(self, contact_id: str, authorization: dict[str, str]) -> None:
        await self._send({"type": "connection_init"})
        await self._expect("connection_ack")
        data = json.dumps({"query": ON_CONTACT_MESSAGE, "variables": {"contactId": contact_id}})
        payload = {"data": data, "extensions": {"authorization": authorization}}
        await self._send({"id": "1", "type": "start", "payload": payload})
        await self._expect("start_ack")

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """Messages as schema.graphql's ContactMessage, until the socket closes."""
        async for text in self._socket:
            frame = json.loads(text)
            if frame.get("type") == "data":
                yield frame["payload"]["data"]["onContactMessage"]

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(frame))

    async def _expect(self, kind: str) -> None:
        async with asyncio.timeout(10):
            while (frame := json.loads(await self._socket.recv())).get("type") != kind:
                if frame.get("type") in ("connection_error", "error"):
                    raise PanelRefused(f"the channel answered {json.dumps(frame.get('payload'))}")


@dataclass(frozen=True, slots=True)
class Backfill:
    """In the schema's shape, oldest first."""

    utterances: list[dict[str, Any]]
    annotations: list[dict[str, Any]]


async def backfill(
    graphql_url: str, token: str, contact_id: str, *, utterances_after: int = 0, annotations_after: int = 0
) -> Backfill:
    """What was published while nobody listened, as the panel asks for it (a call has no 500 of either). Raises
    PanelRefused."""
    variables = {"contactId": contact_id, "utterance": utterances_after, "annotation": annotations_after}
    try:
        async with httpx.AsyncClient(timeout=QUERY_WITHIN_S, trust_env=False) as http:
            answer = await http.post(
                graphql_url, json={"query": BACKFILL, "variables": variables}, headers={"Authorization": token}
            )
            found = answer.raise_for_status().json()
    except httpx.HTTPError as error:
        raise PanelRefused(f"the query for the backfill failed: {type(error).__name__}") from error
    if found.get("errors"):
        raise PanelRefused(f"the query for the backfill was answered {json.dumps(found['errors'])}")
    return Backfill(found["data"]["utterances"], found["data"]["annotations"])
