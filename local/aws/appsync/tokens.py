"""A local OpenID Connect issuer, standing in for the customer's identity provider."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sotto.core.clock import Clock, SystemClock


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LocalIssuer:
    """Issues tokens signed by a key that is made when this is (unless one is given), and publishes that key.

    ``url`` is the ``iss`` of its tokens; its documents must be reachable below it (``routes``).
    """

    def __init__(
        self,
        url: str,
        *,
        audience: str = "sotto-panel",
        clock: Clock | None = None,
        private_key: rsa.RSAPrivateKey | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.audience = audience
        self._clock = clock or SystemClock()
        self._private_key = private_key or new_key()
        self._public = json.loads(RSAAlgorithm.to_jwk(self._private_key.public_key()))
        self._key_id = f"local-{self._public['n'][:16]}"
        self._public |= {"kid": self._key_id, "use": "sig", "alg": "RS256"}

    def issue(
        self,
        *,
        agent: str,
        tenant: str,
        role: str = "agent",
        teams: Sequence[str] = (),
        lifetime_s: int = 3600,
        **claims: Any,
    ) -> str:
        """A token with Sotto's claims; ``claims`` adds to them or replaces them."""
        now_s = int(self._clock.now_ms() / 1000)
        payload = {
            "iss": self.url,
            "aud": self.audience,
            "sub": f"{tenant}|{agent}",
            "iat": now_s,
            "exp": now_s + lifetime_s,
            "tenant": tenant,
            "agent": agent,
            "role": role,
            "teams": list(teams),
        }
        return jwt.encode(payload | claims, self._private_key, algorithm="RS256", headers={"kid": self._key_id})

    def key(self, key_id: str) -> jwt.PyJWK | None:
        return jwt.PyJWK(self._public) if key_id == self._key_id else None

    def key_set(self) -> dict[str, Any]:
        return {"keys": [self._public]}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
        }

    def routes(self, prefix: str = "") -> list[Route]:
        """The two documents that AppSync reads from an issuer."""

        async def configuration(request: Request) -> JSONResponse:
            return JSONResponse(self.configuration())

        async def key_set(request: Request) -> JSONResponse:
            return JSONResponse(self.key_set())

        return [
            Route(f"{prefix}/.well-known/openid-configuration", configuration),
            Route(f"{prefix}/.well-known/jwks.json", key_set),
        ]
