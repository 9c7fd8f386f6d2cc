"""What is stored of calls and may be erased, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections import defaultdict

from sotto.aws import keys
from sotto.call.events import ConversationErased
from sotto.contacts.erase import Erasure


class ErasuresInMemory:
    """``items``: names of what is stored of a contact, by its key. ``events``: in the order in which they came."""

    def __init__(self) -> None:
        self.items: defaultdict[str, list[str]] = defaultdict(list)
        self.events: list[ConversationErased] = []
        self._erasures: dict[tuple[str, int], Erasure] = {}

    def drop(self, tenant: str, contact_id: str) -> int:
        return len(self.items.pop(keys.of_contact(tenant, contact_id), []))

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self.items.get(keys.of_contact(tenant, contact_id), []))

    def erasure(self, tenant: str, contact_id: str, asked_by: int) -> Erasure | None:
        return self._erasures.get((keys.of_contact(tenant, contact_id), asked_by))

    def record(self, erasure: Erasure) -> Erasure:
        first = self.erasure(erasure.tenant, erasure.contact_id, erasure.asked_by)
        if first is not None:
            return first
        self._erasures[keys.of_contact(erasure.tenant, erasure.contact_id), erasure.asked_by] = erasure
        of = (erasure.tenant, erasure.contact_id)
        self.events.append(ConversationErased.of(*of, asked_by=erasure.asked_by, at_ms=erasure.erased_at_ms))
        return erasure
