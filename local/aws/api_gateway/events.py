"""The events that API Gateway makes of a connection and its messages.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
API_ID = "local"


@dataclass(slots=True)
class Opened:
    """One connection as API Gateway knows it. ``authorizer``: what the authoriser said, carried by every event."""

    stage: str
    region: str
    id: str
    connected_at_ms: int
    host: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    source_ip: str
    authorizer: dict[str, Any] = field(default_factory=dict)

    def authoriser_event(self, now_ms: int) -> Event:
        arn = f"arn:aws:execute-api:{self.region}:123456789012:{API_ID}/{self.stage}/$connect"
        return {"type": "REQUEST", "methodArn": arn, **self._request(), **self._context("$connect", "CONNECT", now_ms)}

    def connect_event(self, now_ms: int) -> Event:
        return {**self._request(), **self._context("$connect", "CONNECT", now_ms), "isBase64Encoded": False}

    def message_event(self, route: str, body: str, now_ms: int) -> Event:
        context = self._context(route, "MESSAGE", now_ms)
        context["requestContext"]["messageId"] = uuid.uuid4().hex[:16]
        return {**context, "body": body, "isBase64Encoded": False}

    def disconnect_event(self, code: int, reason: str, now_ms: int) -> Event:
        context = self._context("$disconnect", "DISCONNECT", now_ms)
        context["requestContext"] |= {"disconnectStatusCode": code, "disconnectReason": reason}
        return {**context, "headers": {"Host": self.host}, "isBase64Encoded": False}

    def _request(self) -> Event:
        headers = {name.title(): value for name, value in self.headers.items()}
        return {
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": dict(self.query) or None,
            "stageVariables": None,
        }

    def _context(self, route: str, kind: str, now_ms: int) -> Event:
        context = {
            "routeKey": route,
            "eventType": kind,
            "messageDirection": "IN",
            "connectionId": self.id,
            "connectedAt": self.connected_at_ms,
            "requestId": uuid.uuid4().hex[:16],
            "extendedRequestId": uuid.uuid4().hex[:16],
            "requestTime": datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": now_ms,
            "stage": self.stage,
            "apiId": API_ID,
            "domainName": self.host,
            "identity": {"sourceIp": self.source_ip},
        }
        return {"requestContext": context | ({"authorizer": dict(self.authorizer)} if self.authorizer else {})}
