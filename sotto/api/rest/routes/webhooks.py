"""Webhooks: where events are sent to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.rest.fields import AtMs, Ms
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.api.webhooks import use_cases
from sotto.api.webhooks.use_cases import NoSuchWebhook
from sotto.realtime.shapes import Shape
from sotto.webhooks.endpoint import LONGEST_URL, Algorithm, Endpoint, EndpointChanged


class Webhook(Shown):
    id: str
    url: str
    types: list[str]
    is_ordered: Annotated[bool, Field(description="Events of one contact follow each other.")]
    created_by: str
    created_at_ms: AtMs
    failing_since_ms: AtMs | None
    disabled: Annotated[str | None, Field(description="Why nothing is sent to it.")]


class NewWebhook(Webhook):
    secret: Annotated[str, Field(description="whsec_ or whpk_: what to verify with; shown now, and never again.")]


class Webhooks(Shown):
    data: list[Webhook]


class Replayed(Shown):
    messages: int
    goes_on_at_ms: Annotated[AtMs | None, Field(description="There was more: replay from here.")]


class WantedWebhook(Wanted):
    url: Annotated[str, StringConstraints(min_length=9, max_length=LONGEST_URL, pattern=r"^https://")]
    types: Annotated[frozenset[Annotated[str, StringConstraints(max_length=64)]], Field(min_length=1, max_length=50)]
    algorithm: Algorithm = Algorithm.HMAC
    is_ordered: bool = False


class WantedRotation(Wanted):
    algorithm: Algorithm = Algorithm.HMAC


class WantedReplay(Wanted):
    since_ms: Ms
    until_ms: Annotated[Ms, Field(description="Not included; 30 days later at most.")]
    missing_only: Annotated[bool, Field(description="Only what was given up.")] = True


_URL = "https://crm.example.com/hooks/sotto"
_WEBHOOK = {
    "id": "we_1", "url": _URL, "types": ["summary.ready"], "is_ordered": False, "created_by": "ann",
    "created_at_ms": 1_790_000_000_000, "failing_since_ms": None, "disabled": None,
}  # fmt: skip
_PATH = {"webhook_id": "we_1"}


@route(
    "GET", "/v1/webhooks", action=Action.MANAGE_WEBHOOKS, scope="webhooks:read", answers=Webhooks,
    example=Example(role="admin", answer={"data": [_WEBHOOK]}),
)  # fmt: skip
def list_webhooks(asked: Asked, ports: ApiPorts) -> Shape:
    """All endpoints, without their secrets."""
    return {"data": [_shape(each) for each in use_cases.list_all(asked.caller, ports.webhooks())]}


@route(
    "GET", "/v1/webhooks/{webhook_id}", action=Action.MANAGE_WEBHOOKS, scope="webhooks:read", answers=Webhook,
    absent=(NoSuchWebhook,), example=Example(path=_PATH, role="admin", answer=_WEBHOOK),
)  # fmt: skip
def get_webhook(asked: Asked, ports: ApiPorts) -> Shape:
    """One endpoint, and whether it takes what it is sent."""
    return _shape(use_cases.one(asked.caller, asked.path["webhook_id"], ports.webhooks()))


@route(
    "POST", "/v1/webhooks", action=Action.MANAGE_WEBHOOKS, scope="webhooks:write", body=WantedWebhook,
    answers=NewWebhook, status=201, keeps_answer=False,
    example=Example(
        role="admin", body={"url": _URL, "types": ["summary.ready"], "algorithm": "ed25519"},
        answer=_WEBHOOK | {"secret": "whpk_..."},
    ),
)  # fmt: skip
def create_webhook(asked: Asked, ports: ApiPorts) -> Shape:
    """Send events of these types to an address, signed by Standard Webhooks."""
    wanted: WantedWebhook = asked.body
    made = use_cases.create(
        asked.caller, wanted.url, wanted.types, wanted.algorithm, ports.webhooks(), is_ordered=wanted.is_ordered
    )
    return _shape(made.endpoint) | {"secret": made.verifies}


@route(
    "POST", "/v1/webhooks/{webhook_id}/rotate", action=Action.MANAGE_WEBHOOKS, scope="webhooks:write",
    body=WantedRotation, answers=NewWebhook, status=201, keeps_answer=False, absent=(NoSuchWebhook,),
    conflict=(EndpointChanged,),
    example=Example(
        path=_PATH, role="admin", body={"algorithm": "hmac"}, answer=_WEBHOOK | {"secret": "whsec_..."}
    ),
)  # fmt: skip
def rotate_webhook_secret(asked: Asked, ports: ApiPorts) -> Shape:
    """Another secret; the one before signs beside it for a day."""
    wanted: WantedRotation = asked.body
    made = use_cases.rotate(asked.caller, asked.path["webhook_id"], wanted.algorithm, ports.webhooks())
    return _shape(made.endpoint) | {"secret": made.verifies}


@route(
    "POST", "/v1/webhooks/{webhook_id}/enable", action=Action.MANAGE_WEBHOOKS, scope="webhooks:write",
    answers=Webhook, absent=(NoSuchWebhook,), conflict=(EndpointChanged,),
    example=Example(path=_PATH, role="admin", answer=_WEBHOOK),
)  # fmt: skip
def enable_webhook(asked: Asked, ports: ApiPorts) -> Shape:
    """Use an endpoint again that was disabled; replay what it missed."""
    return _shape(use_cases.enable(asked.caller, asked.path["webhook_id"], ports.webhooks()))


@route(
    "POST", "/v1/webhooks/{webhook_id}/replay", action=Action.MANAGE_WEBHOOKS, scope="webhooks:write",
    body=WantedReplay, answers=Replayed, status=202, absent=(NoSuchWebhook,),
    example=Example(
        path=_PATH, role="admin", body={"since_ms": 1_790_000_000_000, "until_ms": 1_790_000_600_000},
        answer={"messages": 0, "goes_on_at_ms": None},
    ),
)  # fmt: skip
def replay_webhook(asked: Asked, ports: ApiPorts) -> Shape:
    """Send again what happened in a window of time, with the ids that it had."""
    wanted: WantedReplay = asked.body
    done = use_cases.replay(
        asked.caller,
        asked.path["webhook_id"],
        wanted.since_ms,
        wanted.until_ms,
        ports.webhooks(),
        missing_only=wanted.missing_only,
    )
    return {"messages": done.messages, "goesOnAtMs": done.goes_on_at_ms}


@route(
    "DELETE", "/v1/webhooks/{webhook_id}", action=Action.MANAGE_WEBHOOKS, scope="webhooks:write", answers=Webhook,
    absent=(NoSuchWebhook,), example=Example(path=_PATH, role="admin", answer=_WEBHOOK),
)  # fmt: skip
def remove_webhook(asked: Asked, ports: ApiPorts) -> Shape:
    """Send nothing more to an endpoint."""
    return _shape(use_cases.remove(asked.caller, asked.path["webhook_id"], ports.webhooks()))


def _shape(endpoint: Endpoint) -> Shape:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "types": sorted(endpoint.types),
        "isOrdered": endpoint.is_ordered,
        "createdBy": endpoint.created_by,
        "createdAtMs": endpoint.created_at_ms,
        "failingSinceMs": endpoint.failing_since_ms,
        "disabled": endpoint.disabled or None,
    }
