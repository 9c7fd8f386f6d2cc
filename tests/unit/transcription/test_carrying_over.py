"""Unit: what a contact begins with that follows another one of its conversation."""

from __future__ import annotations

from dataclasses import replace

from local.simulation.leases import LeasesInMemory
from local.simulation.virtual_time import EPOCH_MS, VirtualClock, run_virtually
from sotto.call.contact import Contact
from sotto.media.timeline import Resumption
from sotto.transcription.lease.carry_over import PATIENCE_MS, carried_over
from sotto.transcription.lease.lease import Checkpoint, Takeover

STARTED_MS = int(EPOCH_MS)
OWN = Contact(
    "bank", "c2", "arn", "own", STARTED_MS + 48_000, previous_contact_id="c1", previous_started_at_ms=STARTED_MS
)
SHARED = replace(OWN, stream_arn="shared", continues=("c1",))
STOPPED = Checkpoint(received_ms=63_000, redactor_memory="a card number was asked for")


def first_contact(clock: VirtualClock, checkpoint: Checkpoint = STOPPED, *, released: bool = True) -> LeasesInMemory:
    leases = LeasesInMemory()
    lease = leases.take("bank", "c1", Takeover("w", 1), now_ms=clock.now_ms())
    assert lease is not None
    lease = leases.renew(replace(lease, checkpoint=checkpoint), now_ms=clock.now_ms())
    if released:
        leases.release(lease)
    return leases


def carried(contact: Contact, checkpoint: Checkpoint = STOPPED, *, released: bool = True) -> tuple[Checkpoint, float]:
    """And how many ms it waited."""

    async def main() -> tuple[Checkpoint, float]:
        clock = VirtualClock()
        began_ms = clock.monotonic_ms()
        found = await carried_over(contact, first_contact(clock, checkpoint, released=released), clock)
        return found, clock.monotonic_ms() - began_ms

    return run_virtually(main)


def test_a_first_contact_begins_with_nothing() -> None:
    assert carried(replace(OWN, previous_contact_id=None))[0] == Checkpoint()


def test_what_the_redactor_expected_goes_on() -> None:
    found, _ = carried(OWN)
    assert found.redactor_memory == "a card number was asked for"
    assert found.resumption == Resumption()


def test_a_shared_stream_goes_on_at_the_sample_at_which_the_first_worker_stopped() -> None:
    assert carried(SHARED)[0].resumption == Resumption(15_000 * 8)


def test_jumps_of_the_producers_clock_are_reckoned_with() -> None:
    jumped = replace(STOPPED, resumption=Resumption(0, shift=800))
    assert carried(SHARED, jumped)[0].resumption == Resumption(15_000 * 8 + 800)


def test_what_was_read_before_the_second_contact_began_moves_nothing() -> None:
    assert carried(SHARED, replace(STOPPED, received_ms=40_000))[0].resumption == Resumption(0)


def test_a_worker_that_still_reads_is_waited_for_until_its_lease_runs_out() -> None:
    found, waited_ms = carried(SHARED, released=False)
    assert 15_000 <= waited_ms < PATIENCE_MS
    assert found.resumption == Resumption(15_000 * 8)
    assert carried(OWN, released=False)[1] < 1_000


def test_without_a_worker_before_it_begins_at_its_own_beginning() -> None:
    async def main() -> Checkpoint:
        return await carried_over(SHARED, LeasesInMemory(), VirtualClock())

    assert run_virtually(main) == Checkpoint()
