"""What every store of facts must do, as a class of tests to inherit. A subclass gives ``facts`` and ``events``, which
says the names of the events that are stored about the contact, sorted (fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sotto.call.contact_facts import ContactFacts
from sotto.contacts.facts import FactStore

FACTS = ContactFacts("bank", "c1", "c0", 1_790_000_000_000, talk_ms=60_000, holds=1, disconnect_reason="OTHER")


class FactsContract:
    def test_what_nobody_stored_is_none(self, facts: FactStore) -> None:
        assert facts.facts("bank", "c1") is None

    def test_facts_come_back_as_they_were_and_are_stored_once(
        self, facts: FactStore, events: Callable[[], list[str]]
    ) -> None:
        assert facts.store(FACTS) is True
        assert facts.store(FACTS) is False
        assert facts.facts("bank", "c1") == FACTS
        assert facts.facts("garage", "c1") is None
        assert events() == [f"contact.measured#facts#{FACTS.updated_at_ms}"]

    def test_newer_ones_replace_them_and_older_ones_never_do(
        self, facts: FactStore, events: Callable[[], list[str]]
    ) -> None:
        newer = replace(FACTS, updated_at_ms=FACTS.updated_at_ms + 1, after_contact_work_ms=5)
        assert facts.store(newer) is True
        assert facts.store(FACTS) is False
        assert facts.facts("bank", "c1") == newer
        assert len(events()) == 1
