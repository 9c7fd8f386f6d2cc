"""Sotto's own WebSocket API on the emulation: the routes that infra deploys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from functions.specs import socket_authoriser, socket_routes
from local.aws.api_gateway.connection import WebSocketRoutes
from local.aws.api_gateway.events import Event
from local.aws.api_gateway.websocket_api import WebSocketApi
from local.aws.appsync.authorisation import IamCaller
from sotto.core.clock import Clock


def sotto_websocket(invoke: Callable[[str, Event], Any], *, iam: IamCaller, clock: Clock) -> WebSocketApi:
    return WebSocketApi(WebSocketRoutes(socket_authoriser(), socket_routes()), invoke, iam=iam, clock=clock)
