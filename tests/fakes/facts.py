"""Facts of contacts in memory, with the rules of the stored ones."""

from __future__ import annotations

from sotto.call.contact_facts import ContactFacts
from sotto.call.events import ContactMeasured


class FactsInMemory:
    """``events``: in the order in which they were stored."""

    def __init__(self) -> None:
        self.events: list[ContactMeasured] = []
        self._facts: dict[tuple[str, str], ContactFacts] = {}

    def facts(self, tenant: str, contact_id: str) -> ContactFacts | None:
        return self._facts.get((tenant, contact_id))

    def store(self, facts: ContactFacts) -> bool:
        known = self.facts(facts.tenant, facts.contact_id)
        if known is not None and known.updated_at_ms >= facts.updated_at_ms:
            return False
        self._facts[facts.tenant, facts.contact_id] = facts
        self.events.append(ContactMeasured.of(facts))
        return True
