"""Gaps, their groups and new intents, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.aws import keys
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind
from sotto.learning.gaps.ports import GroupChanged


@dataclass
class GapsInMemory:
    """A GapStore."""

    all: dict[tuple[str, str, GapKind, str], Gap] = field(default_factory=dict)
    of_kind: dict[tuple[str, GapKind, str], GapGroup] = field(default_factory=dict)

    def put(self, gap: Gap) -> Gap:
        keys.of_contact(gap.tenant, gap.contact_id), keys.of_gap(gap.kind.value, gap.id)
        key = (gap.tenant, gap.contact_id, gap.kind, gap.id)
        known = self.all.get(key)
        if (known.version if known else 0) != gap.version - 1:
            return known or gap
        self.all[key] = gap
        return gap

    def gap(self, tenant: str, contact_id: str, kind: GapKind, id: str) -> Gap | None:
        keys.of_contact(tenant, contact_id)
        return self.all.get((tenant, contact_id, kind, id))

    def gaps(self, tenant: str, kind: GapKind, limit: int) -> Sequence[Gap]:
        keys.of_gaps(tenant, kind.value)
        found = [each for each in self.all.values() if (each.tenant, each.kind) == (tenant, kind)]
        return sorted(found, key=lambda each: (each.at_ms, each.contact_id, each.id), reverse=True)[:limit]

    def of_group(self, tenant: str, kind: GapKind, group: str, limit: int) -> Sequence[Gap]:
        return [each for each in self.gaps(tenant, kind, len(self.all)) if each.group == group][:limit]

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Gap]:
        keys.of_contact(tenant, contact_id)
        return [self.all[key] for key in sorted(self.all) if key[:2] == (tenant, contact_id)]

    def remove(self, gap: Gap) -> None:
        self.all.pop((gap.tenant, gap.contact_id, gap.kind, gap.id), None)

    def groups(self, tenant: str, kind: GapKind) -> Sequence[GapGroup]:
        return [group for (*key, _), group in sorted(self.of_kind.items()) if key == [tenant, kind]]

    def group(self, tenant: str, kind: GapKind, id: str) -> GapGroup | None:
        return self.of_kind.get((tenant, kind, id))

    def save_group(self, group: GapGroup) -> GapGroup:
        keys.of_gap_groups(group.tenant, group.kind.value)
        known = self.of_kind.get((group.tenant, group.kind, group.id))
        if (known.version if known else 0) != group.version - 1:
            raise GroupChanged("the group was changed by somebody else")
        self.of_kind[group.tenant, group.kind, group.id] = group
        return group

    def remove_group(self, group: GapGroup) -> None:
        known = self.group(group.tenant, group.kind, group.id)
        if known is not None and known.version == group.version:
            del self.of_kind[group.tenant, group.kind, group.id]


@dataclass
class NewIntentsInMemory:
    """A NewIntents."""

    all: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, tenant: str, name: str, who: str, at_ms: int) -> None:
        keys.of_tenant(tenant)
        self.all.setdefault((tenant, name), who)

    def names(self, tenant: str) -> Sequence[str]:
        return sorted(name for owner, name in self.all if owner == tenant)
