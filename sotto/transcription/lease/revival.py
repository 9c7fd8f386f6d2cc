"""A call that nobody hears any more gets a new audio worker.

Lambda runs a worker's order three times and then gives it up. Two things tell of it: Lambda itself, through the order's
failure destination, and the lease, which has run out when the next contact event comes. Either starts another worker of
the same generation. It is fenced like any other: a worker too many finds the lease taken and leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.live import WorkerOrder, invocation_from
from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.transcription.lease.lease import LEASE_MS, Lease
from sotto.transcription.lease.worker_order import AudioWorkers

MOST_REVIVALS = 5
"""Each stands for three runs that died, minutes apart: what fails so often is not mended by another start."""


class WorkerGivenUp(SottoError):
    """No order for this contact's audio worker survives: the call goes on without guidance, and an alarm rings."""


class HeldLeases(Protocol):
    def current(self, tenant: str, contact_id: str) -> Lease | None: ...


class ContactsKept(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None: ...


@dataclass(frozen=True, slots=True)
class RevivePorts:
    contacts: ContactsKept
    leases: HeldLeases
    workers: AudioWorkers
    clock: Clock


def is_given_up(event: Any) -> bool:
    """Whether this is Lambda's record of an asynchronous invocation that failed for good.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return isinstance(event, Mapping) and "requestPayload" in event


def given_up_order(event: Mapping[str, Any]) -> WorkerOrder:
    """Raises NotAnInvocation."""
    return invocation_from(event["requestPayload"], WorkerOrder)


def revive(order: WorkerOrder, ports: RevivePorts) -> bool:
    """Start another worker in place of an order that was given up; False when its call does not need one.

    Raises WorkerGivenUp after so many revivals, and Retryable.
    """
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None or contact.status is ContactStatus.ENDED:
        return False
    held = ports.leases.current(order.tenant, order.contact_id)
    if held is not None and (held.is_released or held.generation > order.generation):
        return False
    if held is not None and held.generation < order.generation and held.expires_at_ms > ports.clock.now_ms():
        return False  # the worker before waits for this successor, and calls another one by itself
    if order.revivals >= MOST_REVIVALS:
        raise WorkerGivenUp(f"generation {order.generation} died after {order.revivals} revivals")
    ports.workers.start(order.tenant, order.contact_id, order.generation, revivals=order.revivals + 1)
    return True


@dataclass(frozen=True, slots=True)
class AbandonedCalls:
    """What contact events do about calls that nobody hears: the lease says so when it has run out."""

    ports: RevivePorts

    def revive_abandoned(self, contact: Contact) -> None:
        """Raises Retryable."""
        revive_abandoned(contact, self.ports)

    def in_another_language(self, contact: Contact) -> None:
        """Raises Retryable."""
        in_another_language(contact, self.ports)


def in_another_language(contact: Contact, ports: RevivePorts) -> None:
    """Have a worker of the next generation take the call over: it opens its sessions as the contact is now. A call that
    nobody transcribes, because nobody knew its language, gets one too, and whoever is only starting finds it there.
    Raises Retryable."""
    if contact.status is ContactStatus.ENDED or not contact.stream_arn:
        return
    held = ports.leases.current(contact.tenant, contact.contact_id)
    if held is not None and (held.is_released or not held.by_worker):
        return
    ports.workers.start(contact.tenant, contact.contact_id, 2 if held is None else held.generation + 1)


def revive_abandoned(contact: Contact, ports: RevivePorts) -> bool:
    """Start another worker where the lease has run out on a call that goes on; False where nothing is to be done.

    Lambda may be about to run the order again: whoever comes later finds the lease taken. A contact that no worker ever
    held is left to the record of its order: its first worker may only be starting. Raises Retryable.
    """
    if contact.status is ContactStatus.ENDED or not contact.stream_arn:
        return False
    held = ports.leases.current(contact.tenant, contact.contact_id)
    if held is None or held.is_released or not held.by_worker:
        return False
    if ports.clock.now_ms() <= held.expires_at_ms + LEASE_MS:
        return False
    ports.workers.start(contact.tenant, contact.contact_id, held.generation, revivals=0)
    return True
