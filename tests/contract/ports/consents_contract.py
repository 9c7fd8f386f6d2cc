"""What every store of decisions about consent must do, as a class of tests to inherit. A subclass gives ``consents``
(a fixture)."""

from __future__ import annotations

from typing import Protocol

import pytest

from sotto.aws.keys import BadKey
from sotto.consent.at_start import ConsentLog
from sotto.consent.rules import ConsentDecision, ConsentRecord, record_of
from sotto.contacts.erase import Decisions
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000


class StoredConsents(ConsentLog, Decisions, Protocol): ...


def decided(
    reason: str, at_ms: int = NOW_MS, *, tenant: str = "bank", contact_id: str = "c1", allowed: bool = True
) -> ConsentRecord:
    decision = ConsentDecision(allowed, reason, drop_kept=not allowed)
    return record_of(decision, tenant=tenant, contact_id=contact_id, decided_at_ms=at_ms)


class ConsentsContract:
    def test_before_anybody_decides_there_is_no_decision(self, consents: StoredConsents) -> None:
        assert consents.latest("bank", "c1") is None
        assert consents.decision("bank", "c1", NOW_MS) is None

    def test_a_decision_comes_back_as_it_was_recorded(self, consents: StoredConsents) -> None:
        refused = decided("customer_refused", allowed=False)
        consents.record(refused)
        assert consents.latest("bank", "c1") == consents.decision("bank", "c1", NOW_MS) == refused

    def test_the_latest_decision_holds_in_whichever_order_they_arrive(self, consents: StoredConsents) -> None:
        consents.record(decided("customer_refused", NOW_MS + 2))
        consents.record(decided("always", 9))
        latest = consents.latest("bank", "c1")
        assert latest is not None and latest.reason == "customer_refused"

    def test_no_decision_is_overwritten_and_of_one_millisecond_the_last_recorded_holds(
        self, consents: StoredConsents
    ) -> None:
        for reason in ("always", "customer_refused", "customer_consented"):
            consents.record(decided(reason))
        latest, first = consents.latest("bank", "c1"), consents.decision("bank", "c1", NOW_MS)
        assert latest is not None and latest.reason == "customer_consented"
        assert first is not None and first.reason == "always"

    def test_contacts_and_tenants_have_decisions_of_their_own(self, consents: StoredConsents) -> None:
        consents.record(decided("always"))
        consents.record(decided("never", NOW_MS + 1, contact_id="c2"))
        consents.record(decided("never", NOW_MS + 1, tenant="garage"))
        latest = consents.latest("bank", "c1")
        assert latest is not None and latest.reason == "always"
        assert consents.decision("bank", "c1", NOW_MS + 1) is None

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, consents: StoredConsents, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            consents.record(decided("always", tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            consents.latest(tenant, contact_id)
