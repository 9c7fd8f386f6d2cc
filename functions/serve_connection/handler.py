"""What a desktop asks over its WebSocket connection; the answers are posted to the same connection."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from sotto.api.panel.answers import type_of
from sotto.api.panel.gateway_event import GatewayEvent
from sotto.api.panel.websocket_api import DesktopPorts, replies
from sotto.core.errors import SottoError
from sotto.core.metrics.measure import REQUESTS_REFUSED
from sotto.core.once import once
from sotto.realtime.connections import ConnectionGone, Posts
from sotto.realtime.frames import parts_of, text_of
from sotto.wiring.connections import connection_table, posts
from sotto.wiring.delivery import serve_agent_ports
from sotto.wiring.observed import observed
from sotto.wiring.process import metrics

log = Logger(service="serve_connection")


def refused(field: str, error: SottoError) -> None:
    log.info("request refused", field=field, error=type(error).__name__)
    metrics().add(REQUESTS_REFUSED, error=type_of(error))


@once
def ports() -> tuple[DesktopPorts, Posts]:
    return DesktopPorts(once(serve_agent_ports), connection_table(), refused), posts()


@observed
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return served(GatewayEvent.parsed(event), *ports())


def served(event: GatewayEvent, ports: DesktopPorts, posts: Posts) -> dict[str, Any]:
    desktop = event.desktop()
    try:
        for frame in replies(event.body, desktop, ports):
            for part in parts_of(text_of(frame)):
                posts.post(desktop.connection_id, part)
    except ConnectionGone:
        pass  # nobody is left to be answered
    return {"statusCode": 200}
