"""Where a list goes on: opaque to whoever gets it, good for one tenant, one caller and one question."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from sotto.core.errors import Rejected

_VERSION = 1
_SIGNATURE = 16
LONGEST = 1_000


class BadCursor(Rejected):
    """It is none that was given out for this list."""

    def __init__(self) -> None:
        super().__init__("after: is no cursor of this list; begin without one")


def question_digest(asked: Any) -> str:
    """Of whatever ``repr`` tells apart."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


def written(place: list[Any], question: str, key: bytes) -> str:
    body = json.dumps([_VERSION, question, place], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(body, key) + body).decode().rstrip("=")


def read(cursor: str, question: str, key: bytes) -> list[Any]:
    """Raises BadCursor."""
    if len(cursor) > LONGEST:
        raise BadCursor
    try:
        signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        signature, body = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, _signature(body, key)):
            raise BadCursor
        version, asked, place = json.loads(body)
    except (ValueError, binascii.Error):
        raise BadCursor from None
    if version != _VERSION or asked != question or not isinstance(place, list):
        raise BadCursor
    return place


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:_SIGNATURE]
