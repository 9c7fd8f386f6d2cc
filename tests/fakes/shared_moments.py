"""Shared moments, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.api.coaching.shared import SharedMomentChanged, SharedRow
from sotto.aws import keys
from sotto.call.shared_moment import SharedMoment


@dataclass
class SharedMomentsInMemory:
    """SharedMoments."""

    kept: dict[tuple[str, str, str], SharedMoment] = field(default_factory=dict)

    def add(self, moment: SharedMoment) -> SharedMoment:
        keys.of_contact(moment.tenant, moment.contact_id), keys.of_shared(moment.id)
        return self.kept.setdefault((moment.tenant, moment.contact_id, moment.id), moment)

    def replace(self, moment: SharedMoment) -> None:
        key = (moment.tenant, moment.contact_id, moment.id)
        known = self.kept.get(key)
        if known is None or known.version != moment.version - 1:
            raise SharedMomentChanged
        self.kept[key] = moment

    def moment(self, tenant: str, contact_id: str, share_id: str) -> SharedMoment | None:
        keys.of_contact(tenant, contact_id), keys.of_shared(share_id)
        return self.kept.get((tenant, contact_id, share_id))

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[SharedMoment]:
        keys.of_contact(tenant, contact_id)
        found = [each for key, each in self.kept.items() if key[:2] == (tenant, contact_id)]
        return sorted(found, key=lambda each: (each.shared_at_ms, each.id), reverse=True)

    def rows(self, tenant: str, *, agent: str | None = None, before: str = "", limit: int) -> Sequence[SharedRow]:
        keys.of_tenant(tenant)
        found = [
            SharedRow(keys.of_shared_place(each.shared_at_ms, each.id), each.contact_id, each.id, each.agent, each.team)
            for key, each in self.kept.items()
            if key[0] == tenant and agent in (None, each.agent)
        ]
        listed = sorted(found, key=lambda each: each.place, reverse=True)
        return [each for each in listed if not before or each.place < before][:limit]
