"""X-Twilio-Signature: HMAC-SHA1, keyed with the account's auth token, over the address of the WebSocket as Twilio
dialled it, which begins with ``wss://`` (https://www.twilio.com/docs/usage/security#validating-requests)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from http import HTTPStatus

from media_gateway.protocols.protocol import GatewayEntry, Handshake, NotAuthenticated
from media_gateway.protocols.twilio import TwilioProtocol


def signature(address: str, token: str) -> str:
    """``address``: without parameters, as a WebSocket's upgrade has none. Base64."""
    return base64.b64encode(hmac.new(token.encode(), address.encode(), hashlib.sha1).digest()).decode()


def is_signed(address: str, brought: str, token: str) -> bool:
    """Twilio adds or leaves out the port, so either counts."""
    return any(
        hmac.compare_digest(signature(each, token).encode(), brought.encode("utf-8", "replace"))
        for each in {address, _with_port(address)}
    )


def _with_port(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return address if ":" in host else f"{scheme}://{host}:443{slash}{path}"


class Twilio:
    """The secret is the account's auth token, or several with blanks between, while one is replaced by another."""

    status = HTTPStatus.FORBIDDEN
    wait_ms = 0.0

    def authenticate(self, handshake: Handshake, secret: str, entry: GatewayEntry, now_s: float) -> None:
        brought = handshake.headers.get("x-twilio-signature", "")
        if not brought:
            raise NotAuthenticated("X-Twilio-Signature is missing")
        address = f"wss://{handshake.host}{handshake.path}"
        if not any(is_signed(address, brought, token) for token in secret.split()):
            raise NotAuthenticated("X-Twilio-Signature is not that of this address and the account's auth token")

    def protocol(self, handshake: Handshake, entry: GatewayEntry) -> TwilioProtocol:
        return TwilioProtocol(entry.account)
