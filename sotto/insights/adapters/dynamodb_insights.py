"""For whom insights were made, in the table of the history.

<tenant>#insights                customer#<id>    the customer, with a version
<tenant>#insights-of#<contact>   customer#<id>    for which customers the contact was looked at
"""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.insights.store import CustomerInsights, InsightsChanged

_made = silent(CustomerInsights)


class DynamoInsights:
    """An InsightStore. What has expired is not answered, whenever DynamoDB may remove it."""

    def __init__(self, table: Table, retention: Retention, clock: Clock) -> None:
        self._table = table
        self._retention = retention
        self._clock = clock

    def customer(self, tenant: str, customer_id: str) -> CustomerInsights | None:
        item = self._table.get(keys.of_insights(tenant), keys.of_insight_customer(customer_id))
        return _made.validate_json(item["body"]) if item and self._is_kept(item) else None

    def replace(self, made: CustomerInsights, *, before: CustomerInsights | None) -> None:
        expires_at, sk = self._retention.expires_at(made.tenant), keys.of_insight_customer(made.customer_id)
        own = {
            "pk": keys.of_insights(made.tenant),
            "sk": sk,
            "body": _made.dump_json(made).decode(),
            "version": made.version,
            "expires_at": expires_at,
        }
        condition: Write = (own, "attribute_not_exists(pk) OR expires_at <= :now", {"now": self._now_s})
        if before is not None:
            condition = (own, "version = :before", {"before": before.version})
        ways: list[Write] = [
            ({"pk": keys.of_insights_of(made.tenant, each), "sk": sk, "expires_at": expires_at}, None, {})
            for each in made.contacts
        ]
        gone = set(before.contacts) - set(made.contacts) if before is not None else set()
        deletes = [(keys.of_insights_of(made.tenant, each), sk) for each in sorted(gone)]
        try:
            self._table.put_all([condition, *ways], deletes)
        except ConditionFailed as error:
            raise InsightsChanged("the insights were written meanwhile; try again") from error

    def customers(self, tenant: str, after: str, limit: int) -> Sequence[CustomerInsights]:
        first = keys.of_insight_customer(after) + " " if after else "customer#"
        found: list[CustomerInsights] = []
        for item in self._table.between(keys.of_insights(tenant), first, "customer#~", at_once=limit):
            if self._is_kept(item):
                found.append(_made.validate_json(item["body"]))
            if len(found) == limit:
                break
        return found

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[CustomerInsights]:
        ways = list(self._table.between(keys.of_insights_of(tenant, contact_id), "customer#", "customer#~"))
        there = (self._table.get(keys.of_insights(tenant), item["sk"]) for item in ways)
        return [_made.validate_json(item["body"]) for item in there if item is not None]

    def remove(self, made: CustomerInsights) -> None:
        sk = keys.of_insight_customer(made.customer_id)
        own = (keys.of_insights(made.tenant), sk, "version = :before", {"before": made.version})
        try:
            self._table.put_all([], [(keys.of_insights_of(made.tenant, each), sk) for each in made.contacts], [own])
        except ConditionFailed as error:
            raise InsightsChanged("the insights were written meanwhile; try again") from error

    @property
    def _now_s(self) -> int:
        return int(self._clock.now_ms() / 1000)

    def _is_kept(self, item: dict[str, object]) -> bool:
        return int(str(item["expires_at"])) > self._now_s
