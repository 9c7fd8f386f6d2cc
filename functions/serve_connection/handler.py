"""What a desktop asks over its WebSocket connection; the answers are posted to the same connection."""

from __future__ import annotations

from typing import Any

from functions.serve_connection.function import FUNCTION
from sotto.api.panel.answers import type_of
from sotto.api.panel.gateway_event import GatewayEvent
from sotto.api.panel.websocket_api import DesktopPorts, replies
from sotto.core.errors import SottoError
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.realtime.connections import ConnectionGone, Posts
from sotto.realtime.frames import parts_of, text_of
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: dict[str, Any], context: object, sotto: Sotto) -> dict[str, Any]:
    def refused(field: str, error: SottoError) -> None:
        sotto.logger("serve_connection").info("request refused", field=field, error=type(error).__name__)
        sotto.metrics.add(REQUESTS_REFUSED, error=type_of(error))

    ports = DesktopPorts(lambda: sotto.agent_ports, sotto.connections, refused)
    return served(GatewayEvent.parsed(event), ports, sotto.posts)


def served(event: GatewayEvent, ports: DesktopPorts, posts: Posts) -> dict[str, Any]:
    desktop = event.desktop()
    try:
        for frame in replies(event.body, desktop, ports):
            for part in parts_of(text_of(frame)):
                posts.post(desktop.connection_id, part)
    except ConnectionGone:
        pass  # nobody is left to be answered
    return {"statusCode": 200}
