"""Who is calling: AppSync's check of a signature or a token, and the identity that resolvers are given.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import jwt
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.aws.appsync.schema import AuthMode
from sotto.core.clock import Clock

_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/appsync/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_SIGNATURE_LIVES_S = 300


class AuthorisationFailed(Exception):
    """AppSync's 401; the message is what its clients see."""


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """``resolver_identity`` is ``$context.identity`` of the mode."""

    mode: AuthMode
    resolver_identity: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a signature covers."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class KeySet(Protocol):
    """An issuer's public keys, as its JWKS document lists them."""

    def key(self, key_id: str) -> jwt.PyJWK | None: ...


@dataclass(frozen=True, slots=True)
class OidcProvider:
    issuer: str
    audience: str
    keys: KeySet


@dataclass(frozen=True, slots=True)
class IamCaller:
    """The one principal whose signatures are accepted."""

    access_key: str
    secret_key: str
    region: str


@dataclass(frozen=True)
class Authoriser:
    oidc: OidcProvider
    iam: IamCaller
    clock: Clock

    def identify(self, request: HttpRequest) -> VerifiedIdentity:
        """Raise Unauthorised unless the request carries a good signature or a good token."""
        given = request.headers.get("authorization", "")
        if given.startswith("AWS4-HMAC-SHA256"):
            return self._signed(given, request)
        return self.identify_token(given)

    def identify_token(self, given: str) -> VerifiedIdentity:
        token = given.removeprefix("Bearer ").strip()
        if not token:
            raise AuthorisationFailed("Valid authorization header not provided.")
        claims = self._claims(token)
        return VerifiedIdentity(AuthMode.OIDC, {"sub": claims["sub"], "issuer": claims["iss"], "claims": claims})

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self.oidc.keys.key(str(jwt.get_unverified_header(token).get("kid")))
        except jwt.InvalidTokenError as error:
            raise AuthorisationFailed("Unable to parse JWT token.") from error
        if key is None:
            raise AuthorisationFailed("Unable to verify JWT token: no key of the issuer has the token's kid.")
        claims = self._verified(token, key)
        now_s = self.clock.now_ms() / 1000
        if claims["exp"] <= now_s:
            raise AuthorisationFailed("Token has expired.")
        if max(claims.get("nbf", 0), claims["iat"]) > now_s + 1:
            raise AuthorisationFailed("Token is not valid yet.")
        return claims

    def _verified(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        # Times are judged by our own clock, which tests turn by hand.
        options: Any = {"require": ["exp", "iat", "iss", "sub"]}
        options |= {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            return jwt.decode(
                token, key, algorithms=["RS256"], audience=self.oidc.audience, issuer=self.oidc.issuer, options=options
            )
        except jwt.InvalidTokenError as error:
            raise AuthorisationFailed(f"Unable to verify JWT token: {error}") from error

    def _signed(self, given: str, request: HttpRequest) -> VerifiedIdentity:
        parts = _SIGNATURE.fullmatch(given)
        if parts is None or "host" not in parts["headers"].split(";"):
            raise AuthorisationFailed("The request signature is not well formed for service appsync.")
        if parts["key"] != self.iam.access_key:
            raise AuthorisationFailed("The security token included in the request is invalid.")
        if not hmac.compare_digest(parts["signature"], self._expected(parts, request)):
            raise AuthorisationFailed("The request signature we calculated does not match the signature you provided.")
        return VerifiedIdentity(
            AuthMode.IAM, {"accountId": "000000000000", "userArn": "arn:aws:iam::000000000000:role/sotto"}
        )

    def _expected(self, parts: re.Match[str], request: HttpRequest) -> str:
        stamp = request.headers.get("x-amz-date", "")
        if parts["region"] != self.iam.region or not self._is_fresh(stamp):
            raise AuthorisationFailed("Signature expired or made for another region.")
        headers = {name: request.headers.get(name, "") for name in parts["headers"].split(";")}
        again = AWSRequest(request.method, request.url, data=request.body, headers=headers)
        again.context["timestamp"] = stamp
        signer = SigV4Auth(Credentials(self.iam.access_key, self.iam.secret_key), "appsync", self.iam.region)
        to_sign = signer.string_to_sign(again, signer.canonical_request(again))
        return str(signer.signature(to_sign, again))

    def _is_fresh(self, stamp: str) -> bool:
        try:
            signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return False
        return abs(self.clock.now_ms() / 1000 - signed_at.timestamp()) <= _SIGNATURE_LIVES_S
