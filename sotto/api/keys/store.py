"""Where keys are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sotto.api.keys.key import ApiKey
from sotto.core.errors import Retryable


class KeysChanged(Retryable):
    """Somebody changed the keys of this app in the same moment."""


class KeyStore(Protocol):
    """Raises Retryable throughout."""

    def add(self, key: ApiKey, beside: Sequence[ApiKey], *, changed: Sequence[ApiKey] = ()) -> None:
        """``beside``: the keys of its app that were there when it was decided on; ``changed``: some of them, as they
        are from now on. All or nothing. Raises KeysChanged where others are there meanwhile."""
        ...

    def key(self, tenant: str, key_id: str) -> ApiKey | None: ...

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        """By id, with those that are over: who had which key stays known."""
        ...

    def revoke(self, tenant: str, key_id: str, at_ms: int) -> ApiKey | None:
        """As it stands then: the first revocation counts. None for a key that is not there."""
        ...

    def note_use(self, tenant: str, key_id: str, at_ms: int) -> None:
        """Of a key that is there."""
        ...
