"""A desktop's connection has opened or ended."""

from __future__ import annotations

from typing import Any

from functions.track_connection.function import FUNCTION
from sotto.api.panel.desktop import forget
from sotto.api.panel.gateway_event import GatewayEvent
from sotto.api.panel.subprotocol import PROTOCOL, offered
from sotto.realtime.connections import ConnectionTable
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

Reply = dict[str, Any]


@entry_point(FUNCTION)
def handler(event: dict[str, Any], context: object, sotto: Sotto) -> Reply:
    happened = GatewayEvent.parsed(event)
    return opened(happened) if happened.opens else ended(happened, sotto.connections)


def opened(event: GatewayEvent) -> Reply:
    """Nothing to remember yet: who it is travels with every event. The browser insists on a chosen protocol."""
    if PROTOCOL not in offered(event.headers):
        return {"statusCode": 400}
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": PROTOCOL}}


def ended(event: GatewayEvent, table: ConnectionTable) -> Reply:
    forget(event.desktop(), table)
    return {"statusCode": 200}
