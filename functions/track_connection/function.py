"""Forgets what a desktop listened to when its connection ends."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Keeps
from sotto.core.resources import CONNECTIONS
from sotto.core.triggers import SocketRoutes

FUNCTION = function(
    __name__,
    SocketRoutes(("$connect", "$disconnect")),
    timeout_s=10,
    channel="websocket",
    needs=(Keeps(CONNECTIONS),),
)
