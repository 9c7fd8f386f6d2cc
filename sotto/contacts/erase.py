"""A speaker refused under a rule that lets nothing stay: all that was said, and all that was made of it, is deleted.

Runs on ``consent.withdrawn``, which may come twice or late. The audio worker has stopped by itself before. The refusal
holds for the whole conversation: it is recorded for every other contact of it, and each is then erased in its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.contact import Contact, ContactReader
from sotto.call.events import ConsentWithdrawn, Event
from sotto.consent.rules import ConsentRecord, is_withdrawal
from sotto.contacts.transfers import ConversationContacts
from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.subject_data import ErasureStep, Holds

IN_FLIGHT_MS = 20_000
"""Guidance that was asked for before a refusal is written within this time; then it is deleted too."""
ERASER = "sotto/erase_contact"
"""Who it is in the audit log."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """``asked_by``: number of the event that asked for it. ``items``: how many were deleted."""

    tenant: str
    contact_id: str
    asked_by: int
    erased_at_ms: int
    items: int


class Decisions(Protocol):
    def decision(self, tenant: str, contact_id: str, decided_at_ms: int) -> ConsentRecord | None: ...

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...

    def record(self, record: ConsentRecord) -> None:
        """Raises Retryable. A withdrawal is an event as well."""
        ...


class KnownContacts(ConversationContacts, ContactReader, Protocol):
    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event]) -> None:
        """Raises ContactChanged."""
        ...


class StoredCall(Protocol):
    def drop(self, tenant: str, contact_id: str) -> int:
        """Delete what was said in a call and what was made of it; how many items. Raises Retryable."""
        ...

    def left(self, tenant: str, contact_id: str) -> int:
        """How many items of that are there. Raises Retryable."""
        ...

    def erasure(self, tenant: str, contact_id: str, asked_by: int) -> Erasure | None: ...

    def record(self, erasure: Erasure) -> Erasure:
        """Store that nothing is left, and that as an event; answers with the first one, which stands. Raises
        Retryable."""
        ...


class HoldsOfContacts(Holds, Protocol):
    def postpone(self, tenant: str, contact_id: str) -> None:
        """The contact is held: it is erased when the hold is released. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class ErasePorts:
    """``wait``: for so many milliseconds."""

    decisions: Decisions
    contacts: KnownContacts
    stored: StoredCall
    holds: HoldsOfContacts
    audit: AuditLog
    clock: Clock
    wait: Callable[[float], None]


def erase_contact(asked: ConsentWithdrawn, ports: ErasePorts) -> Erasure | None:
    """None where the tenant's rule lets what was stored before the refusal stay, and where a legal hold insists on it.
    Raises Retryable."""
    decision = ports.decisions.decision(asked.tenant, asked.contact_id, asked.number)
    if decision is None or not decision.drop_kept:
        return None
    _withdraw_from_the_others(asked, decision, ports)
    if ports.holds.is_held(asked.tenant, asked.contact_id):
        ports.holds.postpone(asked.tenant, asked.contact_id)
        return None
    done = ports.stored.erasure(asked.tenant, asked.contact_id, asked.number) or _erased(asked, ports)
    # Each time anew: an entry that is there already stays as it is.
    ports.audit.append(
        AuditEntry(done.tenant, ERASER, AuditAction.ERASED, contact_record(done.contact_id), done.erased_at_ms)
    )
    return done


def _withdraw_from_the_others(asked: ConsentWithdrawn, decision: ConsentRecord, ports: ErasePorts) -> None:
    """Before anything else: what an erasure that fails leaves, its repetition must find."""
    contact = ports.contacts.contact(asked.tenant, asked.contact_id)
    if contact is None:
        return
    for other in ports.contacts.contacts_of_conversation(asked.tenant, contact.conversation_id):
        latest = ports.decisions.latest(asked.tenant, other.contact_id)
        if other.contact_id != asked.contact_id and not (latest is not None and is_withdrawal(latest)):
            now_ms = int(ports.clock.now_ms())
            carried = replace(decision, contact_id=other.contact_id, decided_at_ms=now_ms, call_time_ms=None)
            ports.decisions.record(carried)


def _erased(asked: ConsentWithdrawn, ports: ErasePorts) -> Erasure:
    items = ports.stored.drop(asked.tenant, asked.contact_id)
    _forget_customer(asked, ports)
    ports.wait(IN_FLIGHT_MS)
    items += ports.stored.drop(asked.tenant, asked.contact_id)
    _forget_customer(asked, ports)
    made = Erasure(asked.tenant, asked.contact_id, asked.number, int(ports.clock.now_ms()), items)
    return ports.stored.record(made)


def _forget_customer(asked: ConsentWithdrawn, ports: ErasePorts) -> None:
    forget_customer(asked.tenant, asked.contact_id, ports.contacts)


def forget_customer(tenant: str, contact_id: str, contacts: KnownContacts) -> int:
    """What was looked up of who called, and what the flow set: names and numbers are among attributes. How many
    contacts it concerned. Raises ContactChanged, and the erasure is asked for again."""
    contact = contacts.contact(tenant, contact_id)
    if contact is None or not remembers_customer(contact):
        return 0
    forgotten = replace(contact, customer=None, attributes={}, erased=True, version=contact.version + 1)
    contacts.replace(forgotten, expected_version=contact.version, events=())
    return 1


def remembers_customer(contact: Contact) -> bool:
    """Or would take it in again."""
    return not contact.erased or contact.customer is not None or bool(contact.attributes)


class ContactEraser:
    """The Eraser of what is stored of a contact in its own partition, and of what it says of who called."""

    name = "contact-records"
    step = ErasureStep.RECORDS

    def __init__(self, stored: StoredCall, contacts: KnownContacts) -> None:
        self._stored = stored
        self._contacts = contacts

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        forgotten = forget_customer(tenant, contact_id, self._contacts)
        return {"items": self._stored.drop(tenant, contact_id), "contacts' customers": forgotten}

    def left(self, tenant: str, contact_id: str) -> int:
        contact = self._contacts.contact(tenant, contact_id)
        remembered = contact is not None and remembers_customer(contact)
        return self._stored.left(tenant, contact_id) + int(remembered)
