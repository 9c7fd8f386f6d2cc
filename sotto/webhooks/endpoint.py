"""Where a tenant's events are sent to, and by what they are signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from sotto.core.errors import Rejected, Retryable

LONGEST_URL = 512
PORTS = (None, 443, 8443)


class BadEndpoint(Rejected):
    """The address cannot be one of an endpoint; the message says why and quotes nothing."""


class EndpointChanged(Retryable):
    """Somebody changed it in the same moment."""


class Algorithm(StrEnum):
    HMAC = "hmac"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Secret:
    """``wrapped``: 32 bytes under the tenant's KMS key, as base64."""

    algorithm: Algorithm
    wrapped: str
    created_at_ms: int
    expires_at_ms: int | None = None

    def is_live(self, now_ms: float) -> bool:
        return self.expires_at_ms is None or now_ms < self.expires_at_ms


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``types``: of events. ``is_ordered``: those of one contact follow each other, each when the one before it was
    taken. ``failing_since_ms``: nothing was taken since. ``disabled``: why, empty while it is in use."""

    tenant: str
    id: str
    url: str
    types: frozenset[str]
    secrets: tuple[Secret, ...]
    created_by: str
    created_at_ms: int
    is_ordered: bool = False
    failing_since_ms: int | None = None
    disabled: str = ""
    version: int = 0

    def signed_by(self, now_ms: float) -> tuple[Secret, ...]:
        return tuple(each for each in self.secrets if each.is_live(now_ms))

    def changed(self, **fields: object) -> Endpoint:
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]


def checked_url(url: str) -> str:
    """As it may be written; whom it leads to is decided each time that something is sent. Raises BadEndpoint."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadEndpoint("url: cannot be read as an address") from None
    if parts.scheme != "https" or not parts.hostname:
        raise BadEndpoint("url: begin with https:// and a host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadEndpoint("url: leave out user, password and fragment")
    if port not in PORTS:
        raise BadEndpoint("url: use port 443 or 8443")
    if len(url) > LONGEST_URL or not url.isascii() or any(not "\x20" < each < "\x7f" for each in url):
        raise BadEndpoint(f"url: at most {LONGEST_URL} visible ASCII characters")
    return url


class Endpoints(Protocol):
    """Raises Retryable throughout."""

    def endpoints(self, tenant: str) -> list[Endpoint]:
        """By id."""
        ...

    def endpoint(self, tenant: str, endpoint_id: str) -> Endpoint | None: ...

    def save(self, endpoint: Endpoint) -> None:
        """Its version is one more than what is stored, 1 for a new one. Raises EndpointChanged."""
        ...

    def remove(self, tenant: str, endpoint_id: str) -> None: ...


class SecretKeys(Protocol):
    def make(self, tenant: str) -> tuple[bytes, str]:
        """32 random bytes, and how they are kept. Raises Retryable."""
        ...

    def open(self, tenant: str, wrapped: str) -> bytes:
        """Raises Retryable."""
        ...
