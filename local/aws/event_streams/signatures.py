"""AWS's check of who streams to it: the request's signature, then each event's, every one over the one before."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamMessage

from sotto.aws.event_stream import EPOCH, EventSigner

_GIVEN = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
LIVES = timedelta(minutes=5)


class SignatureRefused(Exception):
    """``kind`` is AWS's name for it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose signatures are accepted. ``service``: the one that is asked, as signatures name it."""

    access_key: str
    secret_key: str
    region: str
    service: str = "transcribe"

    def events_after(self, headers: Mapping[str, str]) -> EventChain:
        """Raises SignatureRefused unless the request is well signed."""
        parts = _GIVEN.fullmatch(headers.get("authorization", ""))
        if parts is None or (parts["region"], parts["service"]) != (self.region, self.service):
            raise SignatureRefused("IncompleteSignatureException")
        if parts["key"] != self.access_key:
            raise SignatureRefused("UnrecognizedClientException")
        signed = {name: headers.get(name, "") for name in parts["headers"].split(";")}
        signed["host"] = headers[":authority"] if "host" not in headers else headers["host"]
        request = AWSRequest("POST", f"https://{headers[':authority']}{headers[':path']}", headers=signed)
        request.context["timestamp"] = headers.get("x-amz-date", "")
        auth = SigV4Auth(Credentials(self.access_key, self.secret_key), self.service, self.region)
        expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        if not hmac.compare_digest(parts["signature"], expected):
            raise SignatureRefused("InvalidSignatureException")
        return EventChain(self, parts["signature"])


class EventChain:
    def __init__(self, principal: Principal, seed: str) -> None:
        credentials = Credentials(principal.access_key, principal.secret_key).get_frozen_credentials()
        self._signer = EventSigner(
            credentials, region=principal.region, service=principal.service, seed=seed, now=lambda: datetime.now(UTC)
        )

    def opened(self, message: EventStreamMessage, now: datetime) -> bytes:
        """The message inside a signed one. Raises SignatureRefused."""
        # Types that botocore does not state.
        headers = cast("dict[str, Any]", message.headers)
        sent_at = EPOCH + timedelta(milliseconds=headers[":date"])
        if abs(now - sent_at) > LIVES:
            raise SignatureRefused("BadRequestException")
        expected = self._signer.signature(sent_at, message.payload)
        if not hmac.compare_digest(expected, headers[":chunk-signature"].hex()):
            raise SignatureRefused("InvalidSignatureException")
        self._signer.follow(expected)
        return bytes(message.payload)
