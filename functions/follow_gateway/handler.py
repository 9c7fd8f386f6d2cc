"""Invoked asynchronously by the media gateway with what it knows of a call."""

from __future__ import annotations

from typing import Any

from functions.follow_gateway.function import FUNCTION
from sotto.call.live import GatewayCall, invocation_from
from sotto.contacts.gateway.follow import follow_gateway
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> None:
    follow_gateway(invocation_from(event, GatewayCall), sotto.gateway_ports)
