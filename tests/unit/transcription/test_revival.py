"""Unit: a call whose audio worker died for good gets another one, and only then."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace

import pytest

from sotto.call.contact import Contact, ContactStatus
from sotto.call.live import NotAnInvocation, WorkerOrder
from sotto.transcription.lease.lease import CONTACT_LENS, LEASE_MS, Lease
from sotto.transcription.lease.revival import (
    MOST_REVIVALS,
    RevivePorts,
    WorkerGivenUp,
    given_up_order,
    is_given_up,
    revive,
    revive_abandoned,
)

NOW_MS = 1_790_000_100_000
CONTACT = Contact("bank", "c1", "arn", "stream", NOW_MS - 100_000, status=ContactStatus.CONNECTED)
ORDER = WorkerOrder(tenant="bank", contact_id="c1", generation=2)
LAPSED = Lease("bank", "c1", "request-1", 2, NOW_MS - LEASE_MS - 1)
ALIVE = replace(LAPSED, expires_at_ms=NOW_MS + 5_000)


@dataclass
class Call:
    """One contact, its lease and the workers that were started for it, at a time that stands still."""

    lease: Lease | None = LAPSED
    contact_now: Contact | None = CONTACT
    started: list[tuple[int, int]] = field(default_factory=list)

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self.contact_now

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self.lease

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        self.started.append((generation, revivals))

    def now_ms(self) -> float:
        return NOW_MS

    def monotonic_ms(self) -> float:
        return NOW_MS

    async def sleep_ms(self, duration_ms: float) -> None:
        raise AssertionError("nothing waits here")

    def ports(self) -> RevivePorts:
        return RevivePorts(self, self, self, self)


@pytest.mark.parametrize("lease", [LAPSED, ALIVE, None, replace(LAPSED, generation=1)])
def test_an_order_that_was_given_up_is_given_again_with_its_generation(lease: Lease | None) -> None:
    call = Call(lease)
    assert revive(ORDER, call.ports())
    assert call.started == [(2, 1)]


@pytest.mark.parametrize(
    "lease", [replace(LAPSED, is_released=True), replace(LAPSED, generation=3), replace(ALIVE, generation=1)]
)
def test_a_call_that_was_completed_or_has_another_worker_is_left_alone(lease: Lease) -> None:
    call = Call(lease)
    assert not revive(ORDER, call.ports())
    assert call.started == []


@pytest.mark.parametrize("contact", [None, replace(CONTACT, status=ContactStatus.ENDED)])
def test_a_call_that_is_over_is_left_alone(contact: Contact | None) -> None:
    call = Call(contact_now=contact)
    assert not revive(ORDER, call.ports())
    assert contact is None or not revive_abandoned(contact, call.ports())
    assert call.started == []


def test_what_dies_again_and_again_is_given_up_aloud() -> None:
    call = Call()
    assert revive(replace(ORDER, revivals=MOST_REVIVALS - 1), call.ports())
    with pytest.raises(WorkerGivenUp):
        revive(replace(ORDER, revivals=MOST_REVIVALS), call.ports())
    assert call.started == [(2, MOST_REVIVALS)]


def test_a_contact_event_finds_that_the_lease_has_run_out() -> None:
    call = Call()
    assert revive_abandoned(CONTACT, call.ports())
    assert call.started == [(2, 0)]


@pytest.mark.parametrize(
    "lease",
    [
        None,
        ALIVE,
        replace(LAPSED, expires_at_ms=NOW_MS - LEASE_MS),
        replace(LAPSED, is_released=True),
        replace(LAPSED, owner=CONTACT_LENS),
    ],
)
def test_a_contact_event_leaves_a_call_alone_that_is_transcribed_or_may_be_about_to_be(lease: Lease | None) -> None:
    call = Call(lease)
    assert not revive_abandoned(CONTACT, call.ports())
    assert not revive_abandoned(replace(CONTACT, stream_arn=""), Call().ports())
    assert call.started == []


def test_the_record_of_a_failure_holds_the_order() -> None:
    record = {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": asdict(ORDER)}
    assert is_given_up(record) and not is_given_up({"detail": {}}) and not is_given_up(None)
    assert given_up_order(record) == ORDER
    with pytest.raises(NotAnInvocation):
        given_up_order({"requestPayload": {}})
