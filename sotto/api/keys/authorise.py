"""Who asks: by an API key or by a person's token, through one door."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sotto.api.admission import admitted
from sotto.api.caller import Caller, Unauthorised, signed_for
from sotto.api.keys.key import KeyRefused, looks_like_one, written_key
from sotto.api.keys.store import KeyStore
from sotto.api.keys.use_cases import HOUR_MS
from sotto.api.tokens import TokenRefused, Tokens
from sotto.contacts.directory import Directory
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable

MOST_REMEMBERED = 10_000
_SCHEME = "bearer "


class Unidentified(Rejected):
    """Nobody knows who asks."""


class ScopeMissing(Rejected):
    """The key is good, but was not given this scope."""


@dataclass(frozen=True, slots=True)
class Principal:
    """``scopes``: None for a person, whose role alone decides. ``key_id``: None for a person."""

    caller: Caller
    scopes: frozenset[str] | None = None
    key_id: str | None = None

    @property
    def name(self) -> str:
        """Under which its requests are counted."""
        return self.caller.agent if self.key_id else f"person:{self.caller.agent}"

    def require(self, scope: str) -> None:
        """Raises ScopeMissing."""
        if self.scopes is not None and scope not in self.scopes:
            raise ScopeMissing(f"scope: this key lacks {scope}; create one that has it")


@dataclass(frozen=True, slots=True)
class DoorPorts:
    """``tenants``: those whose people the tokens' issuer signs for, and whose keys are taken here."""

    keys: KeyStore
    tokens: Tokens
    tenants: Collection[str]
    directory: Directory
    clock: Clock
    uses: Uses


@dataclass(slots=True)
class Uses:
    """When this process last noted the use of a key: to say it once an hour takes no write for each request."""

    noted: dict[tuple[str, str], float] = field(default_factory=dict)

    def is_due(self, tenant: str, key_id: str, last_used_at_ms: int | None, now_ms: float) -> bool:
        last = max(self.noted.get((tenant, key_id), 0.0), last_used_at_ms or 0)
        if now_ms - last < HOUR_MS:
            return False
        if len(self.noted) >= MOST_REMEMBERED:
            self.noted.clear()
        self.noted[tenant, key_id] = now_ms
        return True


def identified(authorization: str | None, ports: DoorPorts) -> Principal:
    """``authorization``: the header. Raises Unidentified, KeyRefused, TokenRefused, Unauthorised and Retryable."""
    if not authorization or not authorization.lower().startswith(_SCHEME):
        raise Unidentified("authorization: write 'Bearer', a space, and an API key or the token of a person")
    shown = authorization[len(_SCHEME) :].strip()
    return _by_key(shown, ports) if looks_like_one(shown) else _by_token(shown, ports)


def _by_key(text: str, ports: DoorPorts) -> Principal:
    written = written_key(text)
    if written.tenant not in ports.tenants:
        raise KeyRefused
    key, now_ms = ports.keys.key(written.tenant, written.id), ports.clock.now_ms()
    if key is None or not hmac.compare_digest(key.digest, written.digest) or not key.is_live(now_ms):
        raise KeyRefused
    if ports.uses.is_due(key.tenant, key.id, key.last_used_at_ms, now_ms):
        _note_use(key.tenant, key.id, int(now_ms), ports)
    return Principal(key.caller, key.scopes, key.id)


def _note_use(tenant: str, key_id: str, now_ms: int, ports: DoorPorts) -> None:
    try:
        ports.keys.note_use(tenant, key_id, now_ms)
    except Retryable:
        ports.uses.noted.pop((tenant, key_id), None)  # the next request says it; this one is not harmed


def _by_token(text: str, ports: DoorPorts) -> Principal:
    claims: Mapping[str, Any] = ports.tokens.claims(text)
    signed_for(claims, ports.tenants)
    return Principal(admitted(claims, ports.directory))


NOBODY = (Unidentified, KeyRefused, TokenRefused, Unauthorised)
"""What ``identified`` raises where nobody is let in."""
