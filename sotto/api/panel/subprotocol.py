"""How a desktop's token comes: a browser can set no other header on a WebSocket, and an address is kept in logs."""

from __future__ import annotations

from collections.abc import Mapping

PROTOCOL = "sotto"
TOKEN = "token."
_HEADER = "sec-websocket-protocol"


def offered(headers: Mapping[str, str]) -> list[str]:
    value = next((value for name, value in headers.items() if name.lower() == _HEADER), "")
    return [each.strip() for each in value.split(",") if each.strip()]


def token_in(headers: Mapping[str, str]) -> str:
    """Empty where none was sent."""
    return next((each.removeprefix(TOKEN) for each in offered(headers) if each.startswith(TOKEN)), "")
