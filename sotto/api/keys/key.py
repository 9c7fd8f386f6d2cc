"""API keys: how one is written, and what is kept of it. The key itself is shown once and stored nowhere.

    sotto_live_<tenant>_<id>_<secret><checksum>

The tenant's name stands in it, so that a key is looked up as the tenant whose it claims to be and reaches nobody else's
records, whatever else is wrong. The checksum tells a mistyped key from a wrong one before anything is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass

from sotto.api.caller import Caller
from sotto.api.roles import Role
from sotto.core.errors import Rejected

PREFIX = "sotto_live_"
_ID_LENGTH, _SECRET_LENGTH = 12, 40
_ID_LETTERS = string.ascii_lowercase + string.digits
_SECRET_LETTERS = string.ascii_letters + string.digits
_WRITTEN = re.compile(
    rf"{PREFIX}(?P<tenant>[a-z0-9][a-z0-9_-]{{0,63}})_(?P<id>[a-z0-9]{{{_ID_LENGTH}}})"
    rf"_(?P<secret>[A-Za-z0-9]{{{_SECRET_LENGTH}}})(?P<checksum>[0-9a-f]{{8}})"
)
LONGEST = 200


class KeyRefused(Rejected):
    """The key opens nothing. One message for all that may be wrong with it, and never the key."""

    def __init__(self) -> None:
        super().__init__("authorization: this key is not one of ours, or it has expired or was revoked")


@dataclass(frozen=True, slots=True)
class WrittenKey:
    """Taken apart. Its repr hides the secret."""

    tenant: str
    id: str
    secret: str

    def __repr__(self) -> str:
        return f"WrittenKey({self.id})"

    @property
    def text(self) -> str:
        body = f"{PREFIX}{self.tenant}_{self.id}_{self.secret}"
        return body + _checksum(body)

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal: of 238 random bits, which no dictionary holds, so nothing slower is needed."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def looks_like_one(text: str) -> bool:
    return text.startswith(PREFIX)


def written_key(text: str) -> WrittenKey:
    """Raises KeyRefused."""
    found = _WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise KeyRefused
    key = WrittenKey(found["tenant"], found["id"], found["secret"])
    if not hmac.compare_digest(key.text, text):
        raise KeyRefused
    return key


def new_key(tenant: str) -> WrittenKey:
    def drawn(letters: str, length: int) -> str:
        return "".join(secrets.choice(letters) for _ in range(length))

    return WrittenKey(tenant, drawn(_ID_LETTERS, _ID_LENGTH), drawn(_SECRET_LETTERS, _SECRET_LENGTH))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept. ``app``: the integration whose it is, which has at most two live keys. ``teams``: for a role that
    reaches teams. ``last_used_at_ms``: to the hour. Times are Unix epoch."""

    tenant: str
    id: str
    app: str
    role: Role
    scopes: frozenset[str]
    digest: str
    created_by: str
    created_at_ms: int
    teams: frozenset[str] = frozenset()
    expires_at_ms: int | None = None
    revoked_at_ms: int | None = None
    last_used_at_ms: int | None = None

    def is_live(self, now_ms: float) -> bool:
        return self.revoked_at_ms is None and (self.expires_at_ms is None or now_ms < self.expires_at_ms)

    @property
    def caller(self) -> Caller:
        """As whom it acts, and by which name it stands in the audit log."""
        return Caller(self.tenant, f"key:{self.id}", self.role, self.teams)
