"""The saga: each contact of a request goes through all erasers, in the order of their steps, twice.

Where it was is stored after each eraser, and each bears being run again, so that it goes on wherever it was
interrupted. The second round comes when no process can know a key any more that the first one destroyed, and whoever
was writing has stopped: what slipped in between goes then. After it each eraser looks anew, and only what it does not
find any more is certified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.core.subject_data import Eraser, ErasureStep, Holds
from sotto.erasure.request import (
    Certificate,
    ContactErasure,
    ErasureRequest,
    ErasureRequests,
    NoSuchRequest,
    Progress,
    Signer,
)

QUIET_MS = 330_000
"""Between the rounds: as long as a process may remember a key (sotto.aws.data_keys), and half a minute more."""
MOST_REQUESTS = 50
"""Of one tenant in one run."""
ERASER = "sotto/run_erasure"
"""Who it is in the audit log."""
ORDER = tuple(ErasureStep)


class Stopper(Protocol):
    def stop(self, tenant: str, contact_id: str) -> None:
        """Whoever transcribes the contact or works on it stops, and nobody begins. Twice is as good as once. Raises
        Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class RunPorts:
    """``erased``: stores that nothing of the contact is left, as an event."""

    requests: ErasureRequests
    holds: Holds
    stopper: Stopper
    erasers: Sequence[Eraser]
    signer: Signer
    audit: AuditLog
    clock: Clock
    erased: Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """How many contacts were looked at, how many are done since, and how many a hold keeps."""

    contacts: int = 0
    done: int = 0
    held: int = 0
    certified: bool = False


def run_request(tenant: str, request_id: str, ports: RunPorts, *, may_go_on: Callable[[], bool] = lambda: True) -> Ran:
    """As far as it gets now. Raises NoSuchRequest and Retryable; what was done is stored."""
    request = ports.requests.request(tenant, request_id)
    if request is None:
        raise NoSuchRequest("request: this tenant has none of this id")
    if request.finished_at_ms is not None:
        return Ran(certified=True)
    seen = done = held = 0
    standing: list[ContactErasure] = []
    late: Retryable | None = None
    for each in ports.requests.contacts(tenant, request_id):
        if each.progress is not Progress.DONE and may_go_on():
            try:
                each = _advanced(each, ports, may_go_on)
            except Retryable as error:  # the other contacts do not wait for this one
                late = late or error
            seen += 1
            done += each.progress is Progress.DONE
        held += each.progress is Progress.HELD
        standing.append(each)
    certified = len(standing) == request.contacts and all(each.progress is Progress.DONE for each in standing)
    if certified:
        ports.requests.finish(request, ports.signer.signed(_certificate(request, standing, ports)))
    if late is not None:
        raise late
    return Ran(seen, done, held, certified)


def run_open(tenant: str, ports: RunPorts, *, may_go_on: Callable[[], bool] = lambda: True) -> Ran:
    """All that is open, the oldest first. Raises Retryable when all others have had their turn."""
    total, late = Ran(), None
    for request_id in ports.requests.open_requests(tenant, limit=MOST_REQUESTS):
        if not may_go_on():
            break
        try:
            ran = run_request(tenant, request_id, ports, may_go_on=may_go_on)
        except Retryable as error:
            late = late or error
            continue
        total = Ran(total.contacts + ran.contacts, total.done + ran.done, total.held + ran.held)
    if late is not None:
        raise late
    return total


def _advanced(each: ContactErasure, ports: RunPorts, may_go_on: Callable[[], bool]) -> ContactErasure:
    if ports.holds.is_held(each.tenant, each.contact_id):
        return _saved(replace(each, progress=Progress.HELD), ports)
    if not each.stopped or each.progress is Progress.HELD:
        ports.stopper.stop(each.tenant, each.contact_id)
        each = _saved(replace(each, stopped=True, progress=Progress.OPEN), ports)
    for eraser in in_order(ports.erasers):
        if eraser.name in each.done:
            continue
        if not may_go_on():
            return each
        each = _saved(replace(each, done=(*each.done, eraser.name), counts=_with(each, eraser)), ports)
    now_ms = int(ports.clock.now_ms())
    if each.first_round_at_ms is None:
        return _saved(replace(each, first_round_at_ms=now_ms), ports)
    if now_ms < each.first_round_at_ms + QUIET_MS:
        return each
    return _second_round(each, ports)


def _second_round(each: ContactErasure, ports: RunPorts) -> ContactErasure:
    """Counted once more only what it finds: erasers that delete the same again count nothing."""
    for eraser in in_order(ports.erasers):
        each = replace(each, counts=_with(each, eraser))
    each = _saved(each, ports)
    if _left(each, ports):
        return each  # the next run looks again
    now_ms = int(ports.clock.now_ms())
    ports.erased(each.tenant, each.contact_id, now_ms, sum(each.counts.values()))
    ports.audit.append(AuditEntry(each.tenant, ERASER, AuditAction.ERASED, contact_record(each.contact_id), now_ms))
    return _saved(replace(each, progress=Progress.DONE, finished_at_ms=now_ms), ports)


def in_order(erasers: Sequence[Eraser]) -> list[Eraser]:
    return sorted(erasers, key=lambda each: (ORDER.index(each.step), each.name))


def _with(each: ContactErasure, eraser: Eraser) -> dict[str, int]:
    return dict(Counter(each.counts) + Counter(eraser.erase(each.tenant, each.contact_id)))


def _left(each: ContactErasure, ports: RunPorts) -> int:
    return sum(eraser.left(each.tenant, each.contact_id) for eraser in ports.erasers)


def _saved(each: ContactErasure, ports: RunPorts) -> ContactErasure:
    ports.requests.save(each)
    return each


def _certificate(request: ErasureRequest, done: Sequence[ContactErasure], ports: RunPorts) -> Certificate:
    counts: Counter[str] = Counter()
    for each in done:
        counts.update(each.counts)
    remaining = sum(_left(each, ports) for each in done)
    return Certificate(
        request.tenant, request.id, request.asked_at_ms, int(ports.clock.now_ms()), len(done), dict(counts), remaining
    )
