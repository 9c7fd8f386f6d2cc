"""Where rules, alerts and what is to be sent of them are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.alerts.alert import Alert
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import Channel, Rule
from sotto.call.events import Event
from sotto.core.errors import Retryable

MOST_TOGETHER = 40


class AlertChanged(Retryable):
    """Somebody changed it in the same moment; read it again."""


class Outcome(StrEnum):
    """``CLAIMED``: somebody was about to send it; whether it went out is not known where it stays so. ``DROPPED``: it
    fell in quiet hours, and its rule wants no digest. ``FAILED``: the topic or outbox took it not once in a day."""

    CLAIMED = "claimed"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sending:
    """An alert on its way by one channel. ``in_digest``: together with what else became due by then."""

    tenant: str
    alert_id: str
    channel: Channel
    due_at_ms: int
    in_digest: bool = False
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    channel: Channel
    outcome: Outcome
    at_ms: int


@dataclass(frozen=True, slots=True)
class Place:
    """Of an alert among those of its tenant, by which a page begins."""

    raised_at_ms: int
    id: str


class RuleStore(Protocol):
    """Raises Retryable throughout."""

    def rules(self, tenant: str) -> list[Rule]:
        """By name."""
        ...

    def rule(self, tenant: str, rule_id: str) -> Rule | None: ...

    def save(self, rule: Rule) -> None:
        """Its version is one more than what is stored, 1 for a new one. Raises RuleChanged."""
        ...

    def remove(self, tenant: str, rule_id: str) -> None: ...

    def quiet_hours(self, tenant: str) -> QuietHours: ...

    def save_quiet_hours(self, tenant: str, hours: QuietHours) -> None:
        """As ``save``. Raises RuleChanged."""
        ...


class AlertStore(Protocol):
    """Raises Retryable throughout."""

    def latest(self, tenant: str, rule_id: str, subject: str) -> Alert | None: ...

    def latest_of(self, tenant: str, rule_id: str) -> Sequence[Alert]:
        """Of each subject of the rule the latest one."""
        ...

    def save(self, alert: Alert, sendings: Sequence[Sending] = ()) -> None:
        """Its version is one more than what is stored, 1 for a new one, which takes the place of an older one as its
        rule's and subject's latest. ``sendings`` are due from then on. All or none. Raises AlertChanged."""
        ...

    def alert(self, tenant: str, alert_id: str) -> Alert | None: ...

    def alerts(self, tenant: str, *, limit: int, before: Place | None = None) -> Sequence[Alert]:
        """The latest raised first."""
        ...

    def sent(self, tenant: str, alert_id: str) -> Sequence[Sent]: ...


class SendingStore(Protocol):
    """Raises Retryable throughout."""

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Sending]:
        """The most overdue first."""
        ...

    def claim(self, sending: Sending, now_ms: int) -> bool:
        """Whether it is the caller's to send: nobody else's, and due no longer."""
        ...

    def give_back(self, sending: Sending, *, due_at_ms: int) -> None:
        """A claim of what was certainly not sent: due again, an attempt later."""
        ...

    def finish(self, sending: Sending, outcome: Outcome, now_ms: int) -> None:
        """Of a claim."""
        ...

    def announce(self, sendings: Sequence[Sending], event: Event, now_ms: int) -> bool:
        """Claimed and sent by the event, which goes into the outbox in the same transaction; whether all were the
        caller's. At most MOST_TOGETHER."""
        ...
