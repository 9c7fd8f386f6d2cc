"""A desktop's connection has opened or ended."""

from __future__ import annotations

from typing import Any

from sotto.api.panel.gateway_event import GatewayEvent
from sotto.api.panel.subprotocol import PROTOCOL, offered
from sotto.api.panel.websocket_api import forget
from sotto.core.once import once
from sotto.realtime.connections import ConnectionTable
from sotto.wiring.connections import connection_table
from sotto.wiring.observed import observed

Reply = dict[str, Any]


@once
def table() -> ConnectionTable:
    return connection_table()


@observed
def handler(event: dict[str, Any], context: object) -> Reply:
    happened = GatewayEvent.parsed(event)
    return opened(happened) if happened.opens else ended(happened, table())


def opened(event: GatewayEvent) -> Reply:
    """Nothing to remember yet: who it is travels with every event. The browser insists on a chosen protocol."""
    if PROTOCOL not in offered(event.headers):
        return {"statusCode": 400}
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": PROTOCOL}}


def ended(event: GatewayEvent, table: ConnectionTable) -> Reply:
    forget(event.desktop(), table)
    return {"statusCode": 200}
