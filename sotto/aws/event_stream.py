"""AWS's event stream encoding and its chain of signatures, for requests that botocore cannot make.

https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html: each message is a prelude of two lengths and
a CRC, headers, a payload and a CRC. A request's message is wrapped in another one that carries its signature, which
covers the signature before it; the first link is the signature of the HTTP request. botocore decodes answers.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zlib import crc32

from botocore.credentials import ReadOnlyCredentials

HeaderValue = str | bytes | datetime

EPOCH = datetime.fromtimestamp(0, UTC)
_BYTES, _STRING, _TIMESTAMP = 6, 7, 8


def encoded(headers: Mapping[str, HeaderValue], payload: bytes) -> bytes:
    """One message."""
    head = encoded_headers(headers)
    prelude = struct.pack("!II", len(head) + len(payload) + 16, len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return message + struct.pack("!I", crc32(message))


def encoded_headers(headers: Mapping[str, HeaderValue]) -> bytes:
    return b"".join(bytes([len(name)]) + name.encode() + _value(value) for name, value in headers.items())


def _value(value: HeaderValue) -> bytes:
    if isinstance(value, datetime):
        return struct.pack("!Bq", _TIMESTAMP, (value - EPOCH) // timedelta(milliseconds=1))
    kind, raw = (_BYTES, value) if isinstance(value, bytes) else (_STRING, value.encode())
    return struct.pack("!BH", kind, len(raw)) + raw


class EventSigner:
    """Wraps messages in signed ones. ``seed``: the signature of the HTTP request, in hexadecimal."""

    def __init__(
        self,
        credentials: ReadOnlyCredentials,
        *,
        region: str,
        service: str,
        seed: str,
        now: Callable[[], datetime],
    ) -> None:
        self._secret = b"AWS4" + str(credentials.secret_key).encode()
        self._scope = f"{region}/{service}/aws4_request"
        self._last = seed
        self._now = now

    def signed(self, message: bytes) -> bytes:
        """``message`` is an encoded one; the empty one ends the stream."""
        at = self._now().astimezone(UTC)
        self.follow(self.signature(at, message))
        return encoded({":date": at, ":chunk-signature": bytes.fromhex(self._last)}, message)

    def follow(self, signature: str) -> None:
        """The next signature covers this one."""
        self._last = signature

    def signature(self, at: datetime, message: bytes) -> str:
        """What the next message, sent at ``at``, must be signed with."""
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        dated = encoded_headers({":date": at})
        to_sign = "\n".join(
            [
                "AWS4-HMAC-SHA256-PAYLOAD",
                stamp,
                f"{stamp[:8]}/{self._scope}",
                self._last,
                hashlib.sha256(dated).hexdigest(),
                hashlib.sha256(message).hexdigest(),
            ]
        )
        key = self._secret
        for part in (stamp[:8], *self._scope.split("/")):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
