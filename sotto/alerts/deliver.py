"""What is due of alerts is sent: one by one, or what fell in quiet hours as one digest.

A sending is claimed before it goes out. A topic knows no idempotency key: whoever dies between claim and answer leaves
a claim that nobody sends again, and that the manager's app shows. A webhook's event is in the claim's own transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.alerts.alert import Alert
from sotto.alerts.evaluate import DROPPED
from sotto.alerts.rule import Channel
from sotto.alerts.store import MOST_TOGETHER, AlertStore, Outcome, Sending, SendingStore
from sotto.call.events import AlertDigest, AlertRaised, Event
from sotto.core.clock import Clock
from sotto.core.errors import Degraded

AGAIN_MS = 300_000
MOST_ATTEMPTS = 12
AT_ONCE = MOST_TOGETHER


class TopicUnavailable(Degraded):
    """It certainly took nothing."""


class AlertTopic(Protocol):
    def publish(self, tenant: str, alerts: Sequence[Alert]) -> None:
        """To the tenant's own topic: names of rules, figures and a link, as one message. Raises TopicUnavailable where
        nothing went out, and Retryable where that is not known."""
        ...


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """``noted``: learns what became of each sending: its channel and outcome."""

    sendings: SendingStore
    alerts: AlertStore
    topic: AlertTopic
    clock: Clock
    noted: Callable[[str, str], None]


def deliver_due(tenant: str, ports: DeliverPorts) -> int:
    """How many sendings were dealt with, at most AT_ONCE. Raises Retryable."""
    now_ms = int(ports.clock.now_ms())
    due = ports.sendings.due(tenant, now_ms, limit=AT_ONCE)
    for sending in (each for each in due if each.due_at_ms == DROPPED):
        if ports.sendings.claim(sending, now_ms):
            _finish([sending], Outcome.DROPPED, ports)
    for group in _groups([each for each in due if each.due_at_ms != DROPPED]):
        if group[0].channel is Channel.EMAIL:
            _email(tenant, group, now_ms, ports)
        else:
            _announce(group, now_ms, ports)
    return len(due)


def _groups(due: Sequence[Sending]) -> list[list[Sending]]:
    """Digests by channel, all others alone."""
    digests = [[each for each in due if each.in_digest and each.channel is channel] for channel in Channel]
    return [*([each] for each in due if not each.in_digest), *filter(None, digests)]


def _email(tenant: str, group: Sequence[Sending], now_ms: int, ports: DeliverPorts) -> None:
    claimed = [each for each in group if ports.sendings.claim(each, now_ms)]
    known = [ports.alerts.alert(tenant, each.alert_id) for each in claimed]
    alerts = [each for each in known if each is not None]
    if not alerts:
        return
    try:
        ports.topic.publish(tenant, alerts)
    except TopicUnavailable:
        _again(claimed, now_ms, ports)
        return
    _finish(claimed, Outcome.SENT, ports)


def _again(claimed: Sequence[Sending], now_ms: int, ports: DeliverPorts) -> None:
    for each in claimed:
        if each.attempts + 1 >= MOST_ATTEMPTS:
            _finish([each], Outcome.FAILED, ports)
        else:
            ports.noted(each.channel.value, "again")
            ports.sendings.give_back(each, due_at_ms=now_ms + AGAIN_MS * 2**each.attempts)


def _announce(group: Sequence[Sending], now_ms: int, ports: DeliverPorts) -> None:
    event = _event(group, now_ms, ports)
    if event is not None and ports.sendings.announce(group, event, now_ms):
        for each in group:
            ports.noted(each.channel.value, Outcome.SENT.value)


def _event(group: Sequence[Sending], now_ms: int, ports: DeliverPorts) -> Event | None:
    (first, *others) = group
    if others:
        made_of = "\n".join(sorted(each.alert_id for each in group))
        digest = hashlib.sha256(made_of.encode()).hexdigest()[:32]
        return AlertDigest.of(first.tenant, digest, alerts=len(group), at_ms=now_ms)
    alert = ports.alerts.alert(first.tenant, first.alert_id)
    if alert is None:
        return None
    return AlertRaised.of(alert.tenant, alert.id, rule=alert.rule_id, number=alert.number, at_ms=now_ms)


def _finish(claimed: Sequence[Sending], outcome: Outcome, ports: DeliverPorts) -> None:
    for each in claimed:
        ports.sendings.finish(each, outcome, int(ports.clock.now_ms()))
        ports.noted(each.channel.value, outcome.value)
