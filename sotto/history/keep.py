"""Keeps the row of a conversation as its events come: at least once, in any order."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.call.contact import Contact, ContactReader
from sotto.call.outcome import OutcomeReader
from sotto.history.conversation import leg_of, with_leg, without_leg
from sotto.history.store import HistoryChanged, HistoryStore

ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class KeepPorts:
    contacts: ContactReader
    outcomes: OutcomeReader
    store: HistoryStore


def keep(tenant: str, contact_id: str, ports: KeepPorts) -> bool:
    """Whether the row has changed; False too where the contact is not kept any more. Raises Retryable."""
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None:
        return False
    if contact.conversation_id != contact_id:
        _leave_its_own(contact, ports)
    for _ in range(ATTEMPTS):
        try:
            return _written(contact, ports)
        except HistoryChanged:
            continue
    raise HistoryChanged("the row of a conversation changes too often; try again")


def _written(contact: Contact, ports: KeepPorts) -> bool:
    """The row first, then the records: whoever writes on top of a row has seen all that its writer saw."""
    before = ports.store.row(contact.tenant, contact.conversation_id)
    now = ports.contacts.contact(contact.tenant, contact.contact_id)
    if now is None:
        return False
    row = with_leg(before, now, leg_of(now, ports.outcomes.outcome(now)))
    if before is not None and row is before:
        return False
    ports.store.replace(row, before=before)
    return True


def _leave_its_own(contact: Contact, ports: KeepPorts) -> None:
    """Before Connect had said which conversation it goes on with, it was one by itself."""
    alone = ports.store.row(contact.tenant, contact.contact_id)
    if alone is None or all(leg.contact_id != contact.contact_id for leg in alone.legs):
        return
    left = without_leg(alone, contact.contact_id)
    if left is None:
        ports.store.remove(alone)
    else:
        ports.store.replace(left, before=alone)


def forget(tenant: str, conversation_id: str, store: HistoryStore) -> bool:
    """Take a whole conversation out of the history; whether there was one. Raises Retryable."""
    row = store.row(tenant, conversation_id)
    if row is not None:
        store.remove(row)
    return row is not None
