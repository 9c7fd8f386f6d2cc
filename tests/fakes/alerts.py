"""Rules, alerts and sendings in memory, with the rules of the stored ones; and topics that keep what they are sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sotto.alerts.alert import Alert, Reading
from sotto.alerts.deliver import TopicUnavailable
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import Rule, RuleChanged
from sotto.alerts.store import AlertChanged, Outcome, Place, Sending, Sent
from sotto.aws import keys
from sotto.call.events import Event


class AlertRulesInMemory:
    """A RuleStore."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], Rule] = {}
        self._quiet: dict[str, QuietHours] = {}

    def rules(self, tenant: str) -> list[Rule]:
        keys.of_tenant(tenant)
        return sorted((each for each in self._rules.values() if each.tenant == tenant), key=lambda e: (e.name, e.id))

    def rule(self, tenant: str, rule_id: str) -> Rule | None:
        keys.of_alert_rule(rule_id)
        return self._rules.get((keys.of_tenant(tenant), rule_id))

    def save(self, rule: Rule) -> None:
        known = self.rule(rule.tenant, rule.id)
        if rule.version != (known.version if known else 0) + 1:
            raise RuleChanged("version: somebody changed it in the same moment; read it again")
        self._rules[rule.tenant, rule.id] = rule

    def remove(self, tenant: str, rule_id: str) -> None:
        self._rules.pop((tenant, rule_id), None)

    def quiet_hours(self, tenant: str) -> QuietHours:
        return self._quiet.get(keys.of_tenant(tenant), QuietHours())

    def save_quiet_hours(self, tenant: str, hours: QuietHours) -> None:
        if hours.version != self.quiet_hours(tenant).version + 1:
            raise RuleChanged("version: somebody changed it in the same moment; read it again")
        self._quiet[tenant] = hours


@dataclass
class AlertsInMemory:
    """An AlertStore and a SendingStore. ``meanwhile``: what somebody else does just before each of the next saves."""

    all: dict[tuple[str, str], Alert] = field(default_factory=dict)
    waiting: dict[tuple[str, str, str], Sending] = field(default_factory=dict)
    gone: dict[tuple[str, str, str], Sent] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def latest(self, tenant: str, rule_id: str, subject: str) -> Alert | None:
        return next((each for each in self.latest_of(tenant, rule_id) if each.subject == subject), None)

    def latest_of(self, tenant: str, rule_id: str) -> Sequence[Alert]:
        keys.of_latest_alerts(tenant, rule_id)
        ours = [each for each in self.all.values() if (each.tenant, each.rule_id) == (tenant, rule_id)]
        return list({each.subject: each for each in sorted(ours, key=lambda each: each.number)}.values())

    def save(self, alert: Alert, sendings: Sequence[Sending] = ()) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        known = self.alert(alert.tenant, alert.id)
        if alert.version != (known.version if known else 0) + 1:
            raise AlertChanged("alert: somebody changed it in the same moment; read it again")
        self.all[alert.tenant, alert.id] = alert
        self.waiting |= {_of(each): each for each in sendings}

    def alert(self, tenant: str, alert_id: str) -> Alert | None:
        keys.of_alert_place(alert_id)
        return self.all.get((keys.of_tenant(tenant), alert_id))

    def alerts(self, tenant: str, *, limit: int, before: Place | None = None) -> Sequence[Alert]:
        ours = [each for each in self.all.values() if each.tenant == keys.of_tenant(tenant)]
        if before is not None:
            ours = [each for each in ours if (each.raised_at_ms, each.id) < (before.raised_at_ms, before.id)]
        return sorted(ours, key=lambda each: (each.raised_at_ms, each.id), reverse=True)[:limit]

    def sent(self, tenant: str, alert_id: str) -> Sequence[Sent]:
        found = [each for (of, alert, _), each in self.gone.items() if (of, alert) == (tenant, alert_id)]
        return sorted(found, key=lambda each: each.channel.value)

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Sending]:
        due = [each for each in self.waiting.values() if each.tenant == tenant and each.due_at_ms <= now_ms]
        return sorted(due, key=lambda each: (each.due_at_ms, each.alert_id, each.channel.value))[:limit]

    def claim(self, sending: Sending, now_ms: int) -> bool:
        return self._take([sending], Outcome.CLAIMED, now_ms)

    def announce(self, sendings: Sequence[Sending], event: Event, now_ms: int) -> bool:
        if not self._take(sendings, Outcome.SENT, now_ms):
            return False
        self.events.append(event)
        return True

    def give_back(self, sending: Sending, *, due_at_ms: int) -> None:
        del self.gone[_of(sending)]
        self.waiting[_of(sending)] = replace(sending, due_at_ms=due_at_ms, attempts=sending.attempts + 1)

    def finish(self, sending: Sending, outcome: Outcome, now_ms: int) -> None:
        self.gone[_of(sending)] = Sent(sending.channel, outcome, now_ms)

    def _take(self, sendings: Sequence[Sending], outcome: Outcome, now_ms: int) -> bool:
        if any(self.waiting.get(_of(each)) != each or _of(each) in self.gone for each in sendings):
            return False
        for each in sendings:
            del self.waiting[_of(each)]
            self.gone[_of(each)] = Sent(each.channel, outcome, now_ms)
        return True


def _of(sending: Sending) -> tuple[str, str, str]:
    return sending.tenant, sending.alert_id, sending.channel.value


@dataclass
class ReadingsByHand:
    """Readings: of every rule the same, which tests set."""

    now: list[Reading] = field(default_factory=list)

    def of(self, rule: Rule, now_ms: int) -> Sequence[Reading]:
        return list(self.now)


@dataclass
class TopicsInMemory:
    """An AlertTopic. ``down``: it takes nothing."""

    published: list[tuple[str, list[str]]] = field(default_factory=list)
    """Tenant, and the alerts' ids."""
    down: bool = False

    def publish(self, tenant: str, alerts: Sequence[Alert]) -> None:
        if self.down:
            raise TopicUnavailable("down, as the test wants it")
        self.published.append((tenant, [each.id for each in alerts]))
