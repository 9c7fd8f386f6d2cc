"""OpenID Connect tokens judged by the rules that AppSync has for its own: signature, issuer, client, and times.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#openid-connect-authorization
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any, Protocol

import jwt
import urllib3

from sotto.api.caller import signed_for
from sotto.api.tokens import IssuerUnavailable, TokenRefused
from sotto.core.clock import Clock

ALGORITHMS = ("RS256", "RS384", "RS512")
CLOCKS_DIFFER_S = 1
KEYS_LIVE_MS = 3_600_000
KEYS_LAST_MS = 24 * 3_600_000
"""While their issuer cannot be reached. Longer would be too long for a key that it has revoked."""
ASK_AGAIN_MS = 60_000
"""For a key that is not known, and after an attempt that failed: who sends nonsense must not make us ask the issuer
with each of it, and a good token must not wait for an issuer that is down."""
WITHOUT_KEYS_ASK_AGAIN_MS = 5_000
_TIMEOUT_S = 3.0
_LATEST_S = 253_402_300_799
"""The end of the year 9999."""


class Keys(Protocol):
    def key(self, key_id: str) -> jwt.PyJWK | None:
        """An issuer's public key, or None when it has no such key. Raises IssuerUnavailable."""
        ...


class OidcTokens:
    """``client_id``: a regular expression for the token's ``aud`` or ``azp``; None accepts any client of the issuer.
    ``tenants``: those that the issuer is configured for; whatever else it signs opens nothing."""

    def __init__(
        self, issuer: str, client_id: str | None, keys: Keys, clock: Clock, *, tenants: Collection[str]
    ) -> None:
        self._issuer = issuer
        self._tenants = frozenset(tenants)
        self._client = re.compile(client_id) if client_id else None
        self._keys = keys
        self._clock = clock

    def claims(self, token: str) -> Mapping[str, Any]:
        """Raises TokenRefused, Unauthorised and IssuerUnavailable."""
        claims = self._signed(token)
        _check_times(claims)
        now_s = self._clock.now_ms() / 1000
        if claims["exp"] <= now_s:
            raise TokenRefused("token: has expired")
        if max(claims.get("nbf", 0), claims["iat"]) > now_s + CLOCKS_DIFFER_S:
            raise TokenRefused("token: is not valid yet")
        if self._client and not any(map(self._client.fullmatch, _clients(claims))):
            raise TokenRefused("token: is for another client")
        signed_for(claims, self._tenants)
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except (jwt.InvalidTokenError, RecursionError) as error:  # of JSON nested a thousand deep
            raise TokenRefused("token: is no JWT") from error
        key = self._keys.key(str(key_id))
        if key is None:
            raise TokenRefused("token: its issuer has no key with its kid")
        # Times are judged by our own clock.
        options: Any = {"require": ["exp", "iat", "iss", "sub"], "verify_aud": False}
        options |= {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            return jwt.decode(token, key, algorithms=ALGORITHMS, issuer=self._issuer, options=options)
        except (jwt.InvalidTokenError, RecursionError) as error:
            raise TokenRefused(f"token: {type(error).__name__}") from error


class IssuerKeys:
    """The keys that an issuer publishes, found by its discovery document and kept for an hour; while the issuer cannot
    be reached, for a day."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer.rstrip("/")
        self._clock = clock
        self._http = urllib3.PoolManager(num_pools=2, retries=False, timeout=urllib3.Timeout(_TIMEOUT_S))
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at_ms = self._tried_at_ms = -math.inf
        self._lock = Lock()

    def key(self, key_id: str) -> jwt.PyJWK | None:
        with self._lock:
            now_ms = self._clock.now_ms()
            is_old = now_ms - self._read_at_ms > KEYS_LIVE_MS
            pause_ms = ASK_AGAIN_MS if self._still_good(now_ms) else WITHOUT_KEYS_ASK_AGAIN_MS
            if (is_old or key_id not in self._keys) and now_ms - self._tried_at_ms > pause_ms:
                self._tried_at_ms = now_ms
                self._renew(key_id, now_ms)
            return self._kept(key_id, now_ms)

    def _renew(self, key_id: str, now_ms: float) -> None:
        try:
            self._keys = self._published()
        except IssuerUnavailable:
            if key_id not in self._keys or not self._still_good(now_ms):
                raise
        else:
            self._read_at_ms = now_ms

    def _kept(self, key_id: str, now_ms: float) -> jwt.PyJWK | None:
        """A key that we do not know may be a new one: only the issuer knows."""
        if key_id in self._keys and self._still_good(now_ms):
            return self._keys[key_id]
        if self._tried_at_ms > self._read_at_ms:
            raise IssuerUnavailable(f"{self._issuer}: could not be reached a moment ago")
        return None

    def _still_good(self, now_ms: float) -> bool:
        return now_ms - self._read_at_ms <= KEYS_LAST_MS

    def _published(self) -> dict[str, jwt.PyJWK]:
        found = self._read(f"{self._issuer}/.well-known/openid-configuration")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not address.startswith(self._issuer.partition("://")[0] + "://"):
            raise IssuerUnavailable(f"{self._issuer}: its openid-configuration names no jwks_uri of the same scheme")
        keys = {}
        listed = self._read(address).get("keys")
        for each in listed if isinstance(listed, list) else ():
            try:
                keys[str(each["kid"])] = jwt.PyJWK(each)
            except (KeyError, TypeError, ValueError, jwt.PyJWTError):
                continue  # of a kind that signs no tokens of ours
        if not keys:
            raise IssuerUnavailable(f"{address}: lists no key that could sign")
        return keys

    def _read(self, address: str) -> dict[str, Any]:
        try:
            response = self._http.request("GET", address)
            found = json.loads(response.data) if response.status == 200 else None
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise IssuerUnavailable(f"{address}: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise IssuerUnavailable(f"{address}: answered {response.status}, and no JSON object")
        return found


def _check_times(claims: Mapping[str, Any]) -> None:
    """JSON knows numbers of any kind, and Python's reader NaN too, which is later than nothing."""
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST_S:
            raise TokenRefused(f"token: the claim {name!r} is no time")


def _clients(claims: Mapping[str, Any]) -> list[str]:
    audience = claims.get("aud") or ()
    named = [audience] if isinstance(audience, str) else list(audience)
    return [each for each in (*named, claims.get("azp")) if isinstance(each, str)]
