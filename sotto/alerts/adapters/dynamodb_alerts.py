"""Rules, alerts and sendings in DynamoDB, in the table of contacts: its stream is what carries events, and an event is
written in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.alerts.alert import Alert
from sotto.alerts.quiet import QuietHours
from sotto.alerts.rule import Rule, RuleChanged
from sotto.alerts.store import AlertChanged, Outcome, Place, Sending, Sent
from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Removal, Table, Write
from sotto.call.events import Event
from sotto.core.validation import silent

_rule = silent(Rule)
_quiet = silent(QuietHours)
_alert = silent(Alert)
_sending = silent(Sending)
_sent = silent(Sent)


class DynamoAlertRules:
    """A RuleStore. Rules stay until they are removed."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def rules(self, tenant: str) -> list[Rule]:
        items = self._table.between(keys.of_alert_rules(tenant), "rule#", "rule#~")
        return sorted((_rule.validate_json(item["body"]) for item in items), key=lambda each: (each.name, each.id))

    def rule(self, tenant: str, rule_id: str) -> Rule | None:
        item = self._table.get(keys.of_alert_rules(tenant), keys.of_alert_rule(rule_id))
        return _rule.validate_json(item["body"]) if item else None

    def save(self, rule: Rule) -> None:
        place = {"pk": keys.of_alert_rules(rule.tenant), "sk": keys.of_alert_rule(rule.id)}
        self._put(place | {"version": rule.version, "body": _rule.dump_json(rule).decode()})

    def remove(self, tenant: str, rule_id: str) -> None:
        self._table.delete(keys.of_alert_rules(tenant), keys.of_alert_rule(rule_id))

    def quiet_hours(self, tenant: str) -> QuietHours:
        item = self._table.get(keys.of_alert_rules(tenant), keys.ALERT_QUIET)
        return _quiet.validate_json(item["body"]) if item else QuietHours()

    def save_quiet_hours(self, tenant: str, hours: QuietHours) -> None:
        place = {"pk": keys.of_alert_rules(tenant), "sk": keys.ALERT_QUIET}
        self._put(place | {"version": hours.version, "body": _quiet.dump_json(hours).decode()})

    def _put(self, item: dict[str, Any]) -> None:
        condition, values = _standing(int(item["version"]))
        try:
            self._table.put(item, condition, **values)
        except ConditionFailed:
            raise RuleChanged("version: somebody changed it in the same moment; read it again") from None


class DynamoAlerts:
    """AlertStore and SendingStore. An alert is in the list of its tenant's; beside it where it lies, and of which rule
    and subject it is the latest."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def latest(self, tenant: str, rule_id: str, subject: str) -> Alert | None:
        item = self._table.get(keys.of_latest_alerts(tenant, rule_id), keys.of_latest_alert(subject))
        return self._at(tenant, item["alert"]) if item else None

    def latest_of(self, tenant: str, rule_id: str) -> Sequence[Alert]:
        items = self._table.between(keys.of_latest_alerts(tenant, rule_id), "subject#", "subject#~")
        found = (self._at(tenant, item["alert"]) for item in items)
        return [each for each in found if each is not None]

    def save(self, alert: Alert, sendings: Sequence[Sending] = ()) -> None:
        expires_at = self._retention.expires_at(alert.tenant)
        place = keys.of_alert(alert.raised_at_ms, alert.id)
        condition, values = _standing(alert.version)
        item = {
            "pk": keys.of_alerts(alert.tenant),
            "sk": place,
            "version": alert.version,
            "body": _alert.dump_json(alert).decode(),
            "expires_at": expires_at,
        }
        writes: list[Write] = [(item, condition, values)]
        writes += self._beside(alert, place, expires_at)
        writes += [(self._due(each, expires_at), None, {}) for each in sendings]
        try:
            self._table.put_all(writes)
        except ConditionFailed:
            raise AlertChanged("alert: somebody changed it in the same moment; read it again") from None

    def _beside(self, alert: Alert, place: str, expires_at: int) -> list[Write]:
        """Of two that raise it at the same time one finds its place taken, whatever time it has for it. DynamoDB
        removes late what is over."""
        known = {"pk": keys.of_alert_places(alert.tenant), "sk": keys.of_alert_place(alert.id)}
        latest = {"pk": keys.of_latest_alerts(alert.tenant, alert.rule_id), "sk": keys.of_latest_alert(alert.subject)}
        common = {"alert": place, "expires_at": expires_at}
        condition, values = _unless_there(alert.raised_at_ms) if alert.version == 1 else (None, {})
        return [(known | common, condition, values), (latest | common, None, {})]

    def alert(self, tenant: str, alert_id: str) -> Alert | None:
        item = self._table.get(keys.of_alert_places(tenant), keys.of_alert_place(alert_id))
        return self._at(tenant, item["alert"]) if item else None

    def alerts(self, tenant: str, *, limit: int, before: Place | None = None) -> Sequence[Alert]:
        last = f"{keys.of_alert(before.raised_at_ms, before.id)}" if before else "~"
        wanted = limit + 1 if before else limit  # the bound itself is known
        found = self._table.between(keys.of_alerts(tenant), "0", last, wanted, backwards=True)
        alerts = [_alert.validate_json(item["body"]) for item in found if before is None or item["sk"] != last]
        return alerts[:limit]

    def sent(self, tenant: str, alert_id: str) -> Sequence[Sent]:
        items = self._table.between(keys.of_sent_alerts(tenant, alert_id), " ", "~")
        return [_sent.validate_json(item["body"]) for item in items]

    def due(self, tenant: str, now_ms: int, *, limit: int) -> Sequence[Sending]:
        items = self._table.between(keys.of_due_alerts(tenant), "0", f"{now_ms:013d}~", limit)
        return [_sending.validate_json(item["body"]) for item in items]

    def claim(self, sending: Sending, now_ms: int) -> bool:
        return self._take([(sending, Outcome.CLAIMED)], [], now_ms)

    def announce(self, sendings: Sequence[Sending], event: Event, now_ms: int) -> bool:
        return self._take([(each, Outcome.SENT) for each in sendings], [outbox_write(event)], now_ms)

    def give_back(self, sending: Sending, *, due_at_ms: int) -> None:
        again = Sending(
            sending.tenant, sending.alert_id, sending.channel, due_at_ms, sending.in_digest, sending.attempts + 1
        )
        due = self._due(again, self._retention.expires_at(sending.tenant))
        self._table.put_all([(due, None, {})], [_sent_place(sending)])

    def finish(self, sending: Sending, outcome: Outcome, now_ms: int) -> None:
        self._table.put(self._sent_item(sending, outcome, now_ms))

    def _take(self, taken: Sequence[tuple[Sending, Outcome]], more: Sequence[Write], now_ms: int) -> bool:
        sent: list[Write] = [
            (self._sent_item(each, outcome, now_ms), *_unless_there(now_ms)) for each, outcome in taken
        ]
        due: list[Removal] = [
            (keys.of_due_alerts(each.tenant), _due_place(each), "attribute_exists(pk)", {}) for each, _ in taken
        ]
        try:
            self._table.put_all([*sent, *more], removals=due)
        except ConditionFailed:
            return False
        return True

    def _due(self, sending: Sending, expires_at: int) -> dict[str, Any]:
        return {
            "pk": keys.of_due_alerts(sending.tenant),
            "sk": _due_place(sending),
            "body": _sending.dump_json(sending).decode(),
            "expires_at": expires_at,
        }

    def _sent_item(self, sending: Sending, outcome: Outcome, now_ms: int) -> dict[str, Any]:
        pk, sk = _sent_place(sending)
        body = _sent.dump_json(Sent(sending.channel, outcome, now_ms)).decode()
        return {"pk": pk, "sk": sk, "body": body, "expires_at": self._retention.expires_at(sending.tenant)}

    def _at(self, tenant: str, place: str) -> Alert | None:
        item = self._table.get(keys.of_alerts(tenant), place)
        return _alert.validate_json(item["body"]) if item else None


def _due_place(sending: Sending) -> str:
    return keys.of_due_alert(sending.due_at_ms, sending.alert_id, sending.channel.value)


def _sent_place(sending: Sending) -> tuple[str, str]:
    return keys.of_sent_alerts(sending.tenant, sending.alert_id), sending.channel.value


def _unless_there(now_ms: int) -> tuple[str, dict[str, Any]]:
    return "attribute_not_exists(pk) OR expires_at <= :now", {"now": now_ms // 1000}


def _standing(version: int) -> tuple[str, dict[str, Any]]:
    if version == 1:
        return "attribute_not_exists(pk)", {}
    return "version = :before", {"before": version - 1}
