"""Sending: what is due is attempted, what was not taken is due again later, who takes nothing for days is disabled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from sotto.call.events import Event
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.tenant_by_tenant import Troubles
from sotto.webhooks.delivery import (
    MOST_ATTEMPTS,
    WAITS_MS,
    Deliveries,
    Delivery,
    DeliveryChanged,
    State,
    delivery_of,
)
from sotto.webhooks.endpoint import Endpoint, EndpointChanged, Endpoints, SecretKeys
from sotto.webhooks.signature import signature

LEASE_MS = 60_000
"""Whoever attempts has so long; then another may. Longer than an attempt may take."""
ORDERED_AGAIN_MS = 60_000
LONGEST_WAIT_MS = 24 * 3_600_000
"""That a receiver may ask for."""
DISABLED_AFTER_MS = 5 * 24 * 3_600_000
AT_ONCE = 100
JITTER = 0.1
US = "sotto/webhooks"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``status``: of the answer, None where there was none. ``retry_after_ms``: what the receiver asked for."""

    status: int | None
    retry_after_ms: int | None = None
    why: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Sender(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """To a public address over TLS, following nobody, within seconds. Raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class SendPorts:
    """``random``: 0 to 1. ``noted``: learns what became of each attempt, and of endpoints that are left alone."""

    endpoints: Endpoints
    deliveries: Deliveries
    keys: SecretKeys
    sender: Sender
    audit: AuditLog
    clock: Clock
    random: Callable[[], float]
    noted: Callable[[str], None]


def accept(event: Event, ports: SendPorts) -> int:
    """Make it due for who wants it, and attempt it. How many want it. Raises Retryable."""
    wanting = [
        each for each in ports.endpoints.endpoints(event.tenant) if not each.disabled and event.TYPE in each.types
    ]
    for endpoint in wanting:
        delivery = delivery_of(event, endpoint.id, int(ports.clock.now_ms()))
        if ports.deliveries.add(delivery):
            attempt(delivery, ports)
    return len(wanting)


def sweep(tenants: Collection[str], ports: SendPorts, *, until_ms: float) -> int:
    """Attempt what is due of these tenants in turn, a few of each at a time, until the monotonic clock is at
    ``until_ms`` or nothing is. How many were. Raises Retryable where a tenant's records could not be had, once the
    others had their turn."""
    attempted, left, troubles = 0, sorted(tenants), Troubles()
    while left and ports.clock.monotonic_ms() < until_ms:
        for tenant in list(left):
            left.remove(tenant)
            with troubles.of_one():
                due = ports.deliveries.due(tenant, int(ports.clock.now_ms()), limit=AT_ONCE)
                for delivery in due:
                    if ports.clock.monotonic_ms() < until_ms:
                        attempt(delivery, ports)
                        attempted += 1
                left += [tenant] if due else []
    troubles.raise_first()
    return attempted


def attempt(delivery: Delivery, ports: SendPorts) -> None:
    """Once, unless somebody else is at it or it is not its turn. Raises Retryable."""
    now_ms = int(ports.clock.now_ms())
    endpoint = ports.endpoints.endpoint(delivery.tenant, delivery.endpoint_id)
    try:
        if endpoint is None or endpoint.disabled:
            ports.deliveries.save(delivery.changed(state=State.GIVEN_UP, due_at_ms=None))
            return
        if endpoint.is_ordered and not ports.deliveries.is_first(delivery):
            ports.deliveries.save(delivery.changed(due_at_ms=now_ms + ORDERED_AGAIN_MS))
            return
        taken = delivery.changed(due_at_ms=now_ms + LEASE_MS)
        ports.deliveries.save(taken)
    except DeliveryChanged:
        return
    outcome = ports.sender.post(endpoint.url, _headers(taken, endpoint, ports), taken.body.encode())
    _settle(taken, endpoint, outcome, ports)


def _headers(delivery: Delivery, endpoint: Endpoint, ports: SendPorts) -> dict[str, str]:
    now_ms = ports.clock.now_ms()
    at_s = int(now_ms / 1000)
    signed = [
        signature(each.algorithm, ports.keys.open(endpoint.tenant, each.wrapped), delivery.id, at_s, delivery.body)
        for each in endpoint.signed_by(now_ms)
    ]
    return {
        "content-type": "application/json",
        "user-agent": "Sotto-Webhooks/1",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signed),
    }


def _settle(delivery: Delivery, endpoint: Endpoint, outcome: Outcome, ports: SendPorts) -> None:
    attempts, now_ms = delivery.attempts + 1, int(ports.clock.now_ms())
    known = {"attempts": attempts, "status": outcome.status}
    if outcome.is_taken:
        ports.noted("taken")
        ports.deliveries.save(delivery.changed(state=State.DELIVERED, due_at_ms=None, **known))
        if endpoint.failing_since_ms is not None:
            _save(endpoint.changed(failing_since_ms=None), ports)
        return
    ports.noted("refused" if outcome.status is not None else outcome.why)
    if attempts >= MOST_ATTEMPTS:
        ports.deliveries.save(delivery.changed(state=State.GIVEN_UP, due_at_ms=None, **known))
    else:
        wait_ms = WAITS_MS[attempts - 1] * (1 + JITTER * ports.random())
        asked_ms = min(outcome.retry_after_ms or 0, LONGEST_WAIT_MS)
        due_at_ms = now_ms + int(max(wait_ms, asked_ms))
        ports.deliveries.save(delivery.changed(due_at_ms=due_at_ms, **known))
    _note_failure(endpoint, outcome, now_ms, ports)


def _note_failure(endpoint: Endpoint, outcome: Outcome, now_ms: int, ports: SendPorts) -> None:
    since_ms = endpoint.failing_since_ms
    if outcome.status == 410:
        _disable(endpoint, "the receiver answered 410: it wants no more", now_ms, ports)
    elif since_ms is None:
        _save(endpoint.changed(failing_since_ms=now_ms), ports)
    elif now_ms - since_ms >= DISABLED_AFTER_MS:
        _disable(endpoint, "nothing was taken for five days", now_ms, ports)


def _disable(endpoint: Endpoint, why: str, now_ms: int, ports: SendPorts) -> None:
    """In the audit log, in a metric, and where the endpoint is shown. What it missed can be replayed."""
    record = f"webhook/{endpoint.id}"
    ports.audit.append(AuditEntry(endpoint.tenant, US, AuditAction.WEBHOOK_DISABLED, record, now_ms))
    _save(endpoint.changed(disabled=why), ports)
    ports.noted("disabled")


def _save(endpoint: Endpoint, ports: SendPorts) -> None:
    try:
        ports.endpoints.save(endpoint)
    except EndpointChanged:
        return  # somebody changed it meanwhile, and the next attempt says the same again
