"""Signature Version 4 checked on a request to an emulated service."""

from __future__ import annotations

import hmac
import re
import time
from datetime import UTC, datetime

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from starlette.requests import Request

from local.aws.appsync.authorisation import IamCaller

_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_LIVES_S = 300


class NotSigned(Exception):
    """Without a good signature of the one caller that is known."""


def check_signature(request: Request, body: bytes, service: str, caller: IamCaller) -> None:
    """Raises NotSigned. The path is taken as it was sent; times go by this machine's clock, by which SDKs sign."""
    parts = _SIGNATURE.fullmatch(request.headers.get("authorization", ""))
    if parts is None or "host" not in parts["headers"].split(";"):
        raise NotSigned("Missing Authentication Token")
    stamp = request.headers.get("x-amz-date", "")
    meant = (parts["key"], parts["region"], parts["service"]) == (caller.access_key, caller.region, service)
    if not meant or not _is_fresh(stamp):
        raise NotSigned("The security token included in the request is invalid.")
    path = request.scope["raw_path"].decode()
    address = f"{request.url.scheme}://{request.headers['host']}{path}"
    headers = {name: request.headers.get(name, "") for name in parts["headers"].split(";")}
    again = AWSRequest(request.method, address, data=body, headers=headers)
    again.context["timestamp"] = stamp
    signer = SigV4Auth(Credentials(caller.access_key, caller.secret_key), service, caller.region)
    expected = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    if not hmac.compare_digest(parts["signature"], str(expected)):
        raise NotSigned("The request signature we calculated does not match the signature you provided.")


def _is_fresh(stamp: str) -> bool:
    try:
        signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(time.time() - signed_at.timestamp()) <= _LIVES_S
