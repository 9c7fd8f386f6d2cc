"""API keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.keys.key import ApiKey
from sotto.api.keys.use_cases import (
    LONGEST_LIFE_DAYS,
    LONGEST_OVERLAP_HOURS,
    OVERLAP_HOURS,
    KeyRequest,
    NewKey,
    NoSuchKey,
    create_key,
    list_keys,
    one_key,
    revoke_key,
    roll_key,
)
from sotto.api.rest.fields import AtMs, Names
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action, Role
from sotto.realtime.shapes import Shape


class ApiKeyShown(Shown):
    id: str
    app: str
    role: Role
    scopes: list[str]
    teams: list[str]
    created_by: str
    created_at_ms: AtMs
    expires_at_ms: AtMs | None
    revoked_at_ms: AtMs | None
    last_used_at_ms: Annotated[AtMs | None, Field(description="To the hour.")]


class NewApiKey(ApiKeyShown):
    key: Annotated[str, Field(description="Shown now, and never again.")]


class ApiKeys(Shown):
    data: list[ApiKeyShown]


class WantedKey(Wanted):
    app: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    role: Role
    scopes: Annotated[frozenset[Annotated[str, StringConstraints(max_length=64)]], Field(min_length=1, max_length=50)]
    teams: Names = frozenset()
    expires_in_days: Annotated[int, Field(ge=1, le=LONGEST_LIFE_DAYS)] | None = None


class WantedRoll(Wanted):
    overlap_hours: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_HOURS)] = OVERLAP_HOURS


_KEY = {
    "id": "a1", "app": "crm", "role": "analyst", "scopes": ["contacts:read"], "teams": [], "created_by": "ann",
    "created_at_ms": 1_790_000_000_000, "expires_at_ms": None, "revoked_at_ms": None, "last_used_at_ms": None,
}  # fmt: skip
_PATH = {"key_id": "a1"}


@route(
    "GET", "/v1/keys", action=Action.MANAGE_KEYS, scope="keys:read", answers=ApiKeys,
    example=Example(role="admin", answer={"data": [_KEY]}),
)  # fmt: skip
def list_api_keys(asked: Asked, ports: ApiPorts) -> Shape:
    """All keys, also those that are over: who had which stays known."""
    return {"data": [_shape(each) for each in list_keys(asked.caller, ports.keys())]}


@route(
    "GET", "/v1/keys/{key_id}", action=Action.MANAGE_KEYS, scope="keys:read", answers=ApiKeyShown, absent=(NoSuchKey,),
    example=Example(path=_PATH, role="admin", answer=_KEY),
)  # fmt: skip
def get_api_key(asked: Asked, ports: ApiPorts) -> Shape:
    """One key, without its secret."""
    return _shape(one_key(asked.caller, asked.path["key_id"], ports.keys()))


@route(
    "POST", "/v1/keys", action=Action.MANAGE_KEYS, scope="keys:write", body=WantedKey, answers=NewApiKey, status=201,
    keeps_answer=False,
    example=Example(
        role="admin", body={"app": "dialer", "role": "analyst", "scopes": ["contacts:read"]},
        answer=_KEY | {"id": "k7f3m2p9q1z8", "app": "dialer", "key": "sotto_live_bank_k7f3m2p9q1z8_..."},
    ),
)  # fmt: skip
def create_api_key(asked: Asked, ports: ApiPorts) -> Shape:
    """A key for an app, which has two live ones at most. It is shown in this answer and never again."""
    wanted: WantedKey = asked.body
    request = KeyRequest(wanted.app, wanted.role, wanted.scopes, wanted.teams, wanted.expires_in_days)
    return _shown(create_key(asked.caller, request, ports.keys()))


@route(
    "POST", "/v1/keys/{key_id}/roll", action=Action.MANAGE_KEYS, scope="keys:write", body=WantedRoll, answers=NewApiKey,
    status=201, keeps_answer=False, absent=(NoSuchKey,),
    example=Example(
        path=_PATH, role="admin", body={"overlap_hours": 24},
        answer=_KEY | {"id": "k7f3m2p9q1z8", "key": "sotto_live_bank_k7f3m2p9q1z8_..."},
    ),
)  # fmt: skip
def roll_api_key(asked: Asked, ports: ApiPorts) -> Shape:
    """Another key of the same app; the old one expires after the overlap."""
    wanted: WantedRoll = asked.body
    return _shown(roll_key(asked.caller, asked.path["key_id"], wanted.overlap_hours, ports.keys()))


@route(
    "DELETE", "/v1/keys/{key_id}", action=Action.MANAGE_KEYS, scope="keys:write", answers=ApiKeyShown,
    absent=(NoSuchKey,),
    example=Example(path=_PATH, role="admin", answer=_KEY | {"revoked_at_ms": 1_790_000_000_000}),
)  # fmt: skip
def revoke_api_key(asked: Asked, ports: ApiPorts) -> Shape:
    """Good for nothing from the next request on."""
    return _shape(revoke_key(asked.caller, asked.path["key_id"], ports.keys()))


def _shape(key: ApiKey) -> Shape:
    return {
        "id": key.id,
        "app": key.app,
        "role": key.role,
        "scopes": sorted(key.scopes),
        "teams": sorted(key.teams),
        "createdBy": key.created_by,
        "createdAtMs": key.created_at_ms,
        "expiresAtMs": key.expires_at_ms,
        "revokedAtMs": key.revoked_at_ms,
        "lastUsedAtMs": key.last_used_at_ms,
    }


def _shown(made: NewKey) -> Shape:
    return _shape(made.key) | {"key": made.text}
