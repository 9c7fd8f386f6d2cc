"""What an admin does with endpoints of webhooks. Each change is in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.call.events import CATALOGUE
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.webhooks.delivery import Deliveries, DeliveryChanged, State
from sotto.webhooks.endpoint import Algorithm, BadEndpoint, Endpoint, Endpoints, Secret, SecretKeys, checked_url
from sotto.webhooks.signature import shown

TYPES = frozenset(each.TYPE for each in CATALOGUE)
MOST_ENDPOINTS = 20
ROTATES_MS = 24 * 3_600_000
"""How long the secret before goes on signing beside the new one."""
MOST_REPLAYED = 1_000
LONGEST_WINDOW_MS = 30 * 86_400_000


class NoSuchWebhook(Rejected):
    """The tenant has none of this id."""

    def __init__(self) -> None:
        super().__init__("webhook: there is none of this id")


@dataclass(frozen=True, slots=True)
class WebhookPorts:
    endpoints: Endpoints
    deliveries: Deliveries
    keys: SecretKeys
    audit: AuditLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class Signed:
    """``verifies``: what the receiver verifies with, by algorithm; shown when it is made, and never again."""

    endpoint: Endpoint
    verifies: str

    def __repr__(self) -> str:
        return f"Signed({self.endpoint.id})"


@dataclass(frozen=True, slots=True)
class Replayed:
    """``goes_on_at_ms``: where the window goes on when there was more than is replayed at once."""

    messages: int
    goes_on_at_ms: int | None


def create(
    caller: Caller, url: str, types: frozenset[str], algorithm: Algorithm, ports: WebhookPorts, *, is_ordered: bool
) -> Signed:
    """Raises Unauthorised, BadEndpoint and Retryable."""
    _manages(caller)
    checked_url(url)
    if not types or types - TYPES:
        raise BadEndpoint(f"types: choose among {', '.join(sorted(TYPES))}")
    if len(ports.endpoints.endpoints(caller.tenant)) >= MOST_ENDPOINTS:
        raise BadEndpoint(f"webhooks: there are {MOST_ENDPOINTS}; remove one first")
    now_ms = int(ports.clock.now_ms())
    key, wrapped = ports.keys.make(caller.tenant)
    made = Endpoint(
        tenant=caller.tenant,
        id="we_" + secrets.token_hex(8),
        url=url,
        types=types,
        secrets=(Secret(algorithm, wrapped, now_ms),),
        created_by=caller.agent,
        created_at_ms=now_ms,
        is_ordered=is_ordered,
        version=1,
    )
    _note(caller, made.id, ports)
    ports.endpoints.save(made)
    return Signed(made, shown(algorithm, key))


def list_all(caller: Caller, ports: WebhookPorts) -> Sequence[Endpoint]:
    """Raises Unauthorised and Retryable."""
    _manages(caller)
    return ports.endpoints.endpoints(caller.tenant)


def one(caller: Caller, endpoint_id: str, ports: WebhookPorts) -> Endpoint:
    """Raises Unauthorised, NoSuchWebhook and Retryable."""
    _manages(caller)
    found = ports.endpoints.endpoint(caller.tenant, endpoint_id)
    if found is None:
        raise NoSuchWebhook
    return found


def rotate(caller: Caller, endpoint_id: str, algorithm: Algorithm, ports: WebhookPorts) -> Signed:
    """Another secret; those before sign beside it for a day. Raises as ``one``, and EndpointChanged."""
    before, now_ms = one(caller, endpoint_id, ports), int(ports.clock.now_ms())
    key, wrapped = ports.keys.make(caller.tenant)
    ends_ms = now_ms + ROTATES_MS
    ending = [replace(each, expires_at_ms=min(each.expires_at_ms or ends_ms, ends_ms)) for each in before.secrets]
    live = [each for each in ending if each.is_live(now_ms)]
    changed = before.changed(secrets=(Secret(algorithm, wrapped, now_ms), *live[:2]))
    _note(caller, endpoint_id, ports)
    ports.endpoints.save(changed)
    return Signed(changed, shown(algorithm, key))


def enable(caller: Caller, endpoint_id: str, ports: WebhookPorts) -> Endpoint:
    """In use again; what it missed is replayed by whoever asks for it. Raises as ``one``, and EndpointChanged."""
    before = one(caller, endpoint_id, ports)
    if not before.disabled:
        return before
    changed = before.changed(disabled="", failing_since_ms=None)
    _note(caller, endpoint_id, ports)
    ports.endpoints.save(changed)
    return changed


def remove(caller: Caller, endpoint_id: str, ports: WebhookPorts) -> Endpoint:
    """Nothing more is sent there. Raises as ``one``."""
    gone = one(caller, endpoint_id, ports)
    _note(caller, endpoint_id, ports)
    ports.endpoints.remove(caller.tenant, endpoint_id)
    return gone


def replay(
    caller: Caller, endpoint_id: str, since_ms: int, until_ms: int, ports: WebhookPorts, *, missing_only: bool
) -> Replayed:
    """What happened in the window is due again, with ids as before, so that a receiver knows what it has: all of it, or
    what was given up. Raises as ``one``, and BadEndpoint."""
    endpoint = one(caller, endpoint_id, ports)
    if not 0 < until_ms - since_ms <= LONGEST_WINDOW_MS:
        raise BadEndpoint("until_ms: after since_ms, and by 30 days at most")
    if endpoint.disabled:
        raise BadEndpoint("webhook: it is disabled; enable it first")
    _note(caller, endpoint_id, ports)
    replayed, now_ms = 0, int(ports.clock.now_ms())
    for each in ports.deliveries.between(caller.tenant, endpoint_id, since_ms, until_ms):
        if each.state is State.PENDING or (missing_only and each.state is State.DELIVERED):
            continue
        if replayed == MOST_REPLAYED:
            return Replayed(replayed, each.occurred_at_ms)
        try:
            ports.deliveries.save(each.changed(state=State.PENDING, due_at_ms=now_ms, attempts=0, status=None))
        except DeliveryChanged:
            continue
        replayed += 1
    return Replayed(replayed, None)


def _manages(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.MANAGE_WEBHOOKS):
        raise Unauthorised("role: only admins manage webhooks")


def _note(caller: Caller, endpoint_id: str, ports: WebhookPorts) -> None:
    at_ms = int(ports.clock.now_ms())
    record = f"webhook/{endpoint_id}"
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, AuditAction.WEBHOOK_CHANGED, record, at_ms))
