"""What an admin does with API keys: creates, lists, rolls and revokes them. Each change is in the audit log."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sotto.api.caller import Caller, Unauthorised
from sotto.api.keys.key import ApiKey, new_key
from sotto.api.keys.store import KeyStore
from sotto.api.roles import Action, Reach, Role
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.errors import Rejected

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MOST_LIVE = 2
MOST_LIVE_OF_TENANT = 200
LONGEST_LIFE_DAYS = 730
OVERLAP_HOURS, LONGEST_OVERLAP_HOURS = 24, 30 * 24
_APP = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class BadKeyRequest(Rejected):
    """What was asked for makes no key; the message names the field."""


class NoSuchKey(Rejected):
    """The tenant has no key of this id."""

    def __init__(self) -> None:
        super().__init__("key: there is none of this id; list the keys to see which there are")


@dataclass(frozen=True, slots=True)
class KeyPorts:
    """``scopes``: all that a key can be given."""

    store: KeyStore
    audit: AuditLog
    clock: Clock
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewKey:
    """``text`` is shown to whoever created it, now and never again."""

    key: ApiKey
    text: str

    def __repr__(self) -> str:
        return f"NewKey({self.key.id})"


@dataclass(frozen=True, slots=True)
class KeyRequest:
    app: str
    role: Role
    scopes: frozenset[str]
    teams: frozenset[str] = frozenset()
    expires_in_days: int | None = None


def create_key(caller: Caller, asked: KeyRequest, ports: KeyPorts) -> NewKey:
    """Raises Unauthorised, BadKeyRequest and Retryable."""
    _manages(caller)
    _check(asked, ports.scopes)
    now_ms = int(ports.clock.now_ms())
    others = _with_room_for_one(caller.tenant, asked.app, now_ms, ports)
    expires = None if asked.expires_in_days is None else now_ms + asked.expires_in_days * DAY_MS
    return _added(caller, asked, expires, others, (), now_ms, ports)


def roll_key(caller: Caller, key_id: str, overlap_hours: int, ports: KeyPorts) -> NewKey:
    """Another key of the same app, role and scopes; the old one expires after ``overlap_hours``. Raises Unauthorised,
    NoSuchKey, BadKeyRequest and Retryable."""
    _manages(caller)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise BadKeyRequest(f"overlap_hours: write 0 to {LONGEST_OVERLAP_HOURS}")
    old, now_ms = _one(caller.tenant, key_id, ports), int(ports.clock.now_ms())
    if not old.is_live(now_ms):
        raise BadKeyRequest("key: it is no longer live; create another")
    others = _with_room_for_one(caller.tenant, old.app, now_ms, ports)
    ends_ms = now_ms + overlap_hours * HOUR_MS
    ending = replace(old, expires_at_ms=ends_ms if old.expires_at_ms is None else min(ends_ms, old.expires_at_ms))
    life_ms = None if old.expires_at_ms is None else old.expires_at_ms - old.created_at_ms
    asked = KeyRequest(old.app, old.role, old.scopes, old.teams)
    return _added(caller, asked, None if life_ms is None else now_ms + life_ms, others, (ending,), now_ms, ports)


def list_keys(caller: Caller, ports: KeyPorts) -> Sequence[ApiKey]:
    """Raises Unauthorised and Retryable."""
    _manages(caller)
    return ports.store.keys(caller.tenant)


def one_key(caller: Caller, key_id: str, ports: KeyPorts) -> ApiKey:
    """Raises Unauthorised, NoSuchKey and Retryable."""
    _manages(caller)
    return _one(caller.tenant, key_id, ports)


def revoke_key(caller: Caller, key_id: str, ports: KeyPorts) -> ApiKey:
    """Good for nothing from now on; twice is as good as once. Raises Unauthorised, NoSuchKey and Retryable."""
    _manages(caller)
    now_ms = int(ports.clock.now_ms())
    _note(caller, AuditAction.KEY_REVOKED, _one(caller.tenant, key_id, ports), now_ms, ports)
    revoked = ports.store.revoke(caller.tenant, key_id, now_ms)
    if revoked is None:
        raise NoSuchKey
    return revoked


def _added(
    caller: Caller,
    asked: KeyRequest,
    expires_at_ms: int | None,
    beside: Sequence[ApiKey],
    changed: Sequence[ApiKey],
    now_ms: int,
    ports: KeyPorts,
) -> NewKey:
    written = new_key(caller.tenant)
    key = ApiKey(
        tenant=caller.tenant,
        id=written.id,
        app=asked.app,
        role=asked.role,
        scopes=asked.scopes,
        digest=written.digest,
        created_by=caller.agent,
        created_at_ms=now_ms,
        teams=asked.teams,
        expires_at_ms=expires_at_ms,
    )
    # First what says that somebody made it: it must not be missing where the key is there.
    _note(caller, AuditAction.KEY_CREATED, key, now_ms, ports)
    ports.store.add(key, beside, changed=changed)
    return NewKey(key, written.text)


def _check(asked: KeyRequest, known: Collection[str]) -> None:
    if not _APP.fullmatch(asked.app):
        raise BadKeyRequest("app: use 1 to 64 of a-z, 0-9, '_' and '-'")
    if asked.role is Role.AGENT:
        raise BadKeyRequest("role: an agent is a person; choose what the key may reach, such as analyst")
    if not asked.scopes:
        raise BadKeyRequest("scopes: name at least one")
    if asked.scopes - set(known):
        raise BadKeyRequest(f"scopes: choose among {', '.join(sorted(known))}")
    if asked.expires_in_days is not None and not 1 <= asked.expires_in_days <= LONGEST_LIFE_DAYS:
        raise BadKeyRequest(f"expires_in_days: write 1 to {LONGEST_LIFE_DAYS}, or leave it out")


def _manages(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.MANAGE_KEYS):
        raise Unauthorised("role: only admins manage keys")


def _with_room_for_one(tenant: str, app: str, now_ms: int, ports: KeyPorts) -> list[ApiKey]:
    """The keys of the app, dead ones too. Raises BadKeyRequest."""
    known = ports.store.keys(tenant)
    if sum(each.is_live(now_ms) for each in known) >= MOST_LIVE_OF_TENANT:
        raise BadKeyRequest(f"keys: {MOST_LIVE_OF_TENANT} are live; revoke those that nobody uses")
    of_app = [each for each in known if each.app == app]
    if sum(each.is_live(now_ms) for each in of_app) >= MOST_LIVE:
        raise BadKeyRequest(f"app: it has {MOST_LIVE} live keys; revoke one of them first")
    return of_app


def _one(tenant: str, key_id: str, ports: KeyPorts) -> ApiKey:
    found = ports.store.key(tenant, key_id)
    if found is None:
        raise NoSuchKey
    return found


def _note(caller: Caller, action: AuditAction, key: ApiKey, at_ms: int, ports: KeyPorts) -> None:
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, f"key/{key.id}", at_ms))
