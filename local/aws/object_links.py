"""Presigned requests: who signed, and until when, stands in the address.

S3 opens a link until it expires, with the rights that whoever signed it has then; moto opens it for ever, to anybody's.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.aws.tenant_isolation import Refusal, Request

LONGEST_S = 604_800
SecretOf = Callable[[str, str], str | None]
"""``(access key, session token)`` -> the secret of a session that STS gave; None for anybody else's."""


def signed_by_header(request: Request) -> Request:
    """The same with its credentials where other requests have them."""
    asked = _asked(request)
    if "x-amz-credential" not in asked:
        return request
    signed = {
        "authorization": f"AWS4-HMAC-SHA256 Credential={asked['x-amz-credential']}",
        "x-amz-security-token": asked.get("x-amz-security-token", ""),
    }
    return replace(request, headers={**request.headers, **signed})


def refused_link(request: Request, *, now_s: float | None = None) -> Refusal | None:
    """What S3 answers to a link that is over, or was never good; None for others, and for what is no link."""
    asked = _asked(request)
    if "x-amz-credential" not in asked:
        return None
    try:
        signed_at = datetime.strptime(asked["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        lasts_s = int(asked["x-amz-expires"])
    except (KeyError, ValueError):
        return _refusal(400, "AuthorizationQueryParametersError", "The date or the expiry is missing or malformed")
    if not 0 < lasts_s <= LONGEST_S:
        return _refusal(400, "AuthorizationQueryParametersError", "X-Amz-Expires must be less than a week (in seconds)")
    if (time.time() if now_s is None else now_s) > signed_at + lasts_s:
        return _refusal(403, "AccessDenied", "Request has expired")
    return None


def is_signed_link(request: Request, secret_of: SecretOf) -> bool:
    """Whether somebody with a session made this very address: what a page may play of another server's."""
    asked = _asked(request)
    parts = re.fullmatch(r"([^/]+)/\d{8}/([^/]+)/s3/aws4_request", asked.get("x-amz-credential", ""))
    token = asked.get("x-amz-security-token", "")
    if parts is None or asked.get("x-amz-signedheaders") != "host" or refused_link(request) is not None:
        return False
    access_key, region = parts.groups()
    secret = secret_of(access_key, token)
    if secret is None:
        return False
    query = re.sub(r"&?X-Amz-Signature=[^&]*", "", request.query)
    host = request.headers.get("host", "")
    again = AWSRequest(request.method, f"http://{host}{request.path}?{query}", headers={"host": host})
    again.context["timestamp"] = asked["x-amz-date"]
    signer = S3SigV4QueryAuth(Credentials(access_key, secret, token), "s3", region, int(asked["x-amz-expires"]))
    expected = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    return hmac.compare_digest(asked.get("x-amz-signature", ""), str(expected))


def _asked(request: Request) -> dict[str, str]:
    return {name.lower(): values[0] for name, values in parse_qs(request.query, keep_blank_values=True).items()}


def _refusal(status: int, code: str, message: str) -> Refusal:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Refusal(status, [(b"content-type", b"application/xml")], body.encode())
