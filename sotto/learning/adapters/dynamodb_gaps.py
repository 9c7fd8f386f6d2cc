"""Gaps in the partitions of their contacts, each with a row without words in the tenant's list of its kind; groups of
them, which hold what several calls share, in a partition of the tenant's.

The list's row is named by the gap (``beside``), so that it goes when the contact's words go. It begins with the gap's
group: a group's gaps are found without reading the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind
from sotto.learning.gaps.ports import GroupChanged

_gap, _group = silent(Gap), silent(GapGroup)
NO_GROUP = "-"


class DynamoGaps:
    """A GapStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def put(self, gap: Gap) -> Gap:
        pk, sk = keys.of_contact(gap.tenant, gap.contact_id), keys.of_gap(gap.kind.value, gap.id)
        known, listed = self._table.get(pk, sk), _listed(gap)
        if (int(known["version"]) if known else 0) != gap.version - 1:
            return _gap.validate_json(known["body"]) if known else gap
        expires_at = known["expires_at"] if known else self._retention.expires_at(gap.tenant, DataKind.EXAMPLES)
        item = {
            "pk": pk,
            "sk": sk,
            "version": gap.version,
            "body": _gap.dump_json(gap).decode(),
            "expires_at": int(expires_at),
            keys.BESIDE: list(listed),
        }
        row = {"pk": listed[0], "sk": listed[1], "expires_at": item["expires_at"]}
        first: Write = (item, "attribute_not_exists(pk)", {})
        condition = (item, "version = :before", {"before": gap.version - 1}) if known else first
        before = tuple(known[keys.BESIDE]) if known else listed
        with suppress(ConditionFailed):  # what was erased or changed meanwhile stays so
            self._table.put_all([condition, (row, None, {})], [before] if before != listed else [])
            return gap
        return self.gap(gap.tenant, gap.contact_id, gap.kind, gap.id) or gap

    def gap(self, tenant: str, contact_id: str, kind: GapKind, id: str) -> Gap | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_gap(kind.value, id))
        return _gap.validate_json(item["body"]) if item is not None else None

    def gaps(self, tenant: str, kind: GapKind, limit: int) -> Sequence[Gap]:
        rows = [item["sk"] for item in self._table.between(keys.of_gaps(tenant, kind.value), " ", "~")]
        latest = sorted(rows, key=lambda sk: sk.partition("#")[2], reverse=True)[:limit]
        return list(self._read(tenant, kind, latest))

    def of_group(self, tenant: str, kind: GapKind, group: str, limit: int) -> Sequence[Gap]:
        first = f"{keys.gap_part(group)}#"
        found = self._table.between(keys.of_gaps(tenant, kind.value), first, first + "~", limit, backwards=True)
        return [each for each in self._read(tenant, kind, (item["sk"] for item in found)) if each.group == group]

    def _read(self, tenant: str, kind: GapKind, rows: Iterable[str]) -> Iterator[Gap]:
        for row in rows:
            _, _, contact_id, id = row.split("#")
            found = self.gap(tenant, contact_id, kind, id)
            if found is not None:
                yield found

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Gap]:
        found = self._table.between(keys.of_contact(tenant, contact_id), keys.GAP, keys.GAP + "~")
        return [_gap.validate_json(item["body"]) for item in found]

    def remove(self, gap: Gap) -> None:
        pk, sk = keys.of_contact(gap.tenant, gap.contact_id), keys.of_gap(gap.kind.value, gap.id)
        known = self._table.get(pk, sk)
        if known is not None:
            self._table.put_all([], [(pk, sk), tuple(known[keys.BESIDE])])

    def groups(self, tenant: str, kind: GapKind) -> Sequence[GapGroup]:
        found = self._table.between(keys.of_gap_groups(tenant, kind.value), " ", "~")
        return [_group.validate_json(item["body"]) for item in found]

    def group(self, tenant: str, kind: GapKind, id: str) -> GapGroup | None:
        item = self._table.get(keys.of_gap_groups(tenant, kind.value), keys.gap_part(id))
        return _group.validate_json(item["body"]) if item is not None else None

    def save_group(self, group: GapGroup) -> GapGroup:
        """Kept as long as examples, from the last time that it was saved."""
        item = {
            "pk": keys.of_gap_groups(group.tenant, group.kind.value),
            "sk": keys.gap_part(group.id),
            "version": group.version,
            "body": _group.dump_json(group).decode(),
            "expires_at": self._retention.expires_at(group.tenant, DataKind.EXAMPLES),
        }
        condition = "attribute_not_exists(pk)" if group.version == 1 else "version = :before"
        values = {} if group.version == 1 else {"before": group.version - 1}
        try:
            self._table.put(item, condition, **values)
        except ConditionFailed as error:
            raise GroupChanged("the group was changed by somebody else") from error
        return group

    def remove_group(self, group: GapGroup) -> None:
        place = (keys.of_gap_groups(group.tenant, group.kind.value), keys.gap_part(group.id))
        with suppress(ConditionFailed):
            self._table.put_all(
                [], removals=[(*place, "attribute_not_exists(pk) OR version = :known", {"known": group.version})]
            )


def _listed(gap: Gap) -> tuple[str, str]:
    place = f"{keys.contact_part(gap.contact_id)}#{keys.gap_part(gap.id)}"
    group = keys.gap_part(gap.group or NO_GROUP)
    return keys.of_gaps(gap.tenant, gap.kind.value), f"{group}#{gap.at_ms:013d}#{place}"
