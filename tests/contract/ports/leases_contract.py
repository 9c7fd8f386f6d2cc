"""What every adapter of Leases must do, as a class of tests to inherit. A subclass gives ``leases`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.media.timeline import Anchor, Resumption
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, Lease, LeaseLost, Leases, Place, Takeover
from tests.contract.ports.bad_ids import for_each_bad_id

TENANT, CONTACT = "harbour_bank", "contact-1"
NOW_MS = 1_726_677_688_000


def taken_by(leases: Leases, owner: str, generation: int = 1, now_ms: float = NOW_MS) -> Lease:
    lease = leases.take(TENANT, CONTACT, Takeover(owner, generation), now_ms=now_ms)
    assert lease is not None, f"{owner} was refused"
    return lease


def any_utterance(seq: int) -> Utterance:
    return Utterance(TENANT, CONTACT, f"agent-{seq}", seq, Speaker.AGENT, seq * 1000, seq * 1000 + 500, "hello there")


def committed(leases: Leases, lease: Lease, seq: int) -> Lease:
    checkpoint = replace(lease.checkpoint, utterances=seq, committed_ms={Speaker.AGENT: seq * 1000 + 500})
    return leases.commit(lease, any_utterance(seq), checkpoint)


class LeasesContract:
    def test_a_contact_that_nobody_has_is_taken_from_its_beginning(self, leases: Leases) -> None:
        assert leases.current(TENANT, CONTACT) is None
        lease = taken_by(leases, "a")
        assert lease.checkpoint == Checkpoint()
        assert leases.current(TENANT, CONTACT) == lease

    def test_a_living_worker_keeps_its_contact_from_another_of_its_generation(self, leases: Leases) -> None:
        taken_by(leases, "a")
        wanted = Takeover("b", 1)
        assert leases.take(TENANT, CONTACT, wanted, now_ms=NOW_MS + LEASE_MS - 1) is None

    def test_a_renewed_lease_lasts_longer(self, leases: Leases) -> None:
        leases.renew(taken_by(leases, "a"), now_ms=NOW_MS + 10_000)
        assert leases.take(TENANT, CONTACT, Takeover("b", 1), now_ms=NOW_MS + LEASE_MS + 1) is None

    def test_a_lease_that_ran_out_may_be_taken_by_another_of_its_generation(self, leases: Leases) -> None:
        taken_by(leases, "a")
        assert taken_by(leases, "b", now_ms=NOW_MS + LEASE_MS + 1).owner == "b"

    def test_a_retry_of_the_same_order_takes_its_lease_back_at_once_and_fences_the_run_before(
        self, leases: Leases
    ) -> None:
        before = taken_by(leases, "a")
        again = taken_by(leases, "a", now_ms=NOW_MS + 1)
        with pytest.raises(LeaseLost):
            leases.renew(before, now_ms=NOW_MS + 2)
        with pytest.raises(LeaseLost):
            committed(leases, before, 1)
        assert leases.committed_after(again, 0) == []

    def test_a_later_generation_takes_over_from_a_living_worker_with_its_checkpoint(self, leases: Leases) -> None:
        before = committed(leases, taken_by(leases, "a"), 1)
        taken = leases.take(TENANT, CONTACT, Takeover("b", 2, fragment="f9", overlap_ms=21_000), now_ms=NOW_MS)
        assert taken is not None
        assert taken.checkpoint == replace(before.checkpoint, fragment="f9", overlap_ms=21_000)
        assert leases.current(TENANT, CONTACT) == taken

    def test_a_superseded_worker_can_write_nothing_more(self, leases: Leases) -> None:
        before = taken_by(leases, "a")
        after = taken_by(leases, "b", 2)
        with pytest.raises(LeaseLost):
            committed(leases, before, 1)
        with pytest.raises(LeaseLost):
            leases.renew(before, now_ms=NOW_MS)
        with pytest.raises(LeaseLost):
            leases.release(before)
        assert leases.committed_after(after, 0) == []
        assert leases.current(TENANT, CONTACT) == after

    def test_an_earlier_generation_never_gets_the_contact_back(self, leases: Leases) -> None:
        taken_by(leases, "b", 2)
        assert leases.take(TENANT, CONTACT, Takeover("a", 1), now_ms=NOW_MS + 10 * LEASE_MS) is None

    def test_a_released_contact_is_taken_by_nobody(self, leases: Leases) -> None:
        leases.release(taken_by(leases, "a"))
        for wanted in (Takeover("a", 1), Takeover("b", 1), Takeover("c", 2)):
            assert leases.take(TENANT, CONTACT, wanted, now_ms=NOW_MS + 10 * LEASE_MS) is None
        current = leases.current(TENANT, CONTACT)
        assert current is not None and current.is_released

    def test_a_checkpoint_comes_back_as_it_was_stored(self, leases: Leases) -> None:
        anchors = (Anchor(Speaker.AGENT, "f7", 79_990), Anchor(Speaker.CUSTOMER, "f8", 80_000))
        checkpoint = Checkpoint(
            committed_ms={Speaker.AGENT: 12_000, Speaker.CUSTOMER: 9_000},
            resumption=Resumption(80_800, anchors, shift=-16),
            received_ms=14_300,
            utterances=4,
            published_seq=3,
            fragment="f9",
            overlap_ms=500,
            deadly=(Place(Speaker.AGENT, 11_000.5, 12_250.0),),
            handling=(Place(Speaker.CUSTOMER, 13_000.0, 13_000.5),),
        )
        leases.renew(replace(taken_by(leases, "a"), checkpoint=checkpoint), now_ms=NOW_MS)
        current = leases.current(TENANT, CONTACT)
        assert current is not None and current.checkpoint == checkpoint

    def test_what_was_committed_after_a_number_comes_in_order(self, leases: Leases) -> None:
        lease = taken_by(leases, "a")
        for seq in range(1, 13):
            lease = committed(leases, lease, seq)
        assert leases.committed_after(lease, 9) == [any_utterance(seq) for seq in (10, 11, 12)]

    def test_an_utterance_takes_the_place_of_the_one_with_its_number(self, leases: Leases) -> None:
        lease = committed(leases, committed(leases, taken_by(leases, "a"), 1), 2)
        amended = replace(any_utterance(1), text="[password]")
        lease = leases.commit(lease, amended, lease.checkpoint)
        assert leases.committed_after(lease, 0) == [amended, any_utterance(2)]

    def test_contacts_have_nothing_to_do_with_each_other(self, leases: Leases) -> None:
        taken_by(leases, "a")
        assert leases.take(TENANT, "contact-2", Takeover("b", 1), now_ms=NOW_MS) is not None
        assert leases.take("torque_garage", CONTACT, Takeover("c", 1), now_ms=NOW_MS) is not None

    def test_the_same_commit_again_stores_its_utterance_once(self, leases: Leases) -> None:
        lease = committed(leases, taken_by(leases, "a"), 1)
        committed(leases, lease, 1)
        assert leases.committed_after(lease, 0) == [any_utterance(1)]

    def test_nobody_writes_under_a_lease_that_was_never_taken(self, leases: Leases) -> None:
        forged = Lease(TENANT, CONTACT, "a", 1, NOW_MS + LEASE_MS)
        with pytest.raises(LeaseLost):
            leases.renew(forged, now_ms=NOW_MS)
        with pytest.raises(LeaseLost):
            leases.release(forged)
        assert leases.current(TENANT, CONTACT) is None

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(self, leases: Leases, tenant: str, contact_id: str) -> None:
        with pytest.raises(BadKey):
            leases.take(tenant, contact_id, Takeover("a", 1), now_ms=NOW_MS)
        with pytest.raises(BadKey):
            leases.current(tenant, contact_id)
