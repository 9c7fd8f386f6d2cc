"""Shared moments beside the call that they are of, sealed as all that is written there, and two lists of the tenant's
that hold ids, names and times. Each list's row is named by an item of the call, and goes when that goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.api.coaching.shared import SharedMomentChanged, SharedRow
from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.shared_moment import SharedMoment
from sotto.core.validation import silent

_moment = silent(SharedMoment)
_LAST = "~"


class DynamoSharedMoments:
    """SharedMoments."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def add(self, moment: SharedMoment) -> SharedMoment:
        listed, of_agent = self._rows(moment)
        beside = {
            "pk": keys.of_contact(moment.tenant, moment.contact_id),
            "sk": keys.of_shared_listing(moment.id),
            keys.BESIDE: [listed["pk"], listed["sk"]],
            "expires_at": listed["expires_at"],
        }
        writes: list[Write] = [
            (self._item(moment), "attribute_not_exists(pk)", {}), (beside, None, {}), (listed, None, {}),
            (of_agent, None, {}),
        ]  # fmt: skip
        try:
            self._table.put_all(writes)
        except ConditionFailed as error:
            known = self.moment(moment.tenant, moment.contact_id, moment.id)
            if known is None:
                raise StorageUnavailable("another process shares it in the same moment") from error
            return known
        return moment

    def replace(self, moment: SharedMoment) -> None:
        try:
            self._table.put(self._item(moment), "version = :before", before=moment.version - 1)
        except ConditionFailed:
            raise SharedMomentChanged("somebody changed it in the same moment; read it again") from None

    def moment(self, tenant: str, contact_id: str, share_id: str) -> SharedMoment | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_shared(share_id))
        return _moment.validate_json(item["body"]) if item else None

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[SharedMoment]:
        items = self._table.between(keys.of_contact(tenant, contact_id), keys.SHARED, f"{keys.SHARED}{_LAST}")
        found = (_moment.validate_json(item["body"]) for item in items)
        return sorted(found, key=lambda each: (each.shared_at_ms, each.id), reverse=True)

    def rows(self, tenant: str, *, agent: str | None = None, before: str = "", limit: int) -> Sequence[SharedRow]:
        pk = keys.of_shared_moments(tenant) if agent is None else keys.of_shared_with(tenant, agent)
        wanted = limit + 1 if before else limit  # the bound itself is known
        items = self._table.between(pk, "0", before or _LAST, wanted, backwards=True, at_once=wanted)
        return [_row(item) for item in items if item["sk"] != before][:limit]

    def _item(self, moment: SharedMoment) -> dict[str, Any]:
        of_agent = self._rows(moment)[1]
        return {
            "pk": keys.of_contact(moment.tenant, moment.contact_id),
            "sk": keys.of_shared(moment.id),
            "version": moment.version,
            "body": _moment.dump_json(moment).decode(),
            keys.BESIDE: [of_agent["pk"], of_agent["sk"]],
            "expires_at": of_agent["expires_at"],
        }

    def _rows(self, moment: SharedMoment) -> tuple[dict[str, Any], dict[str, Any]]:
        row = {
            "sk": keys.of_shared_place(moment.shared_at_ms, moment.id),
            "contact_id": moment.contact_id,
            "share_id": moment.id,
            "agent": moment.agent,
            "team": moment.team,
            "expires_at": self._retention.expires_at(moment.tenant),
        }
        of_agent = keys.of_shared_with(moment.tenant, moment.agent)
        return {"pk": keys.of_shared_moments(moment.tenant)} | row, {"pk": of_agent} | row


def _row(item: dict[str, Any]) -> SharedRow:
    return SharedRow(item["sk"], item["contact_id"], item["share_id"], item["agent"], item.get("team"))
