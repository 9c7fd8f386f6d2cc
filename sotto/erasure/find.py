"""Which contacts are meant: those of the person, and with each all of its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact, ContactReader
from sotto.contacts.transfers import ConversationContacts
from sotto.erasure.identity import Identity, IdentityIndex, IdentityKind
from sotto.erasure.request import NobodyKnown


class KnownContacts(ContactReader, ConversationContacts, Protocol):
    """What is recorded."""


@dataclass(frozen=True, slots=True)
class FindPorts:
    contacts: KnownContacts
    identities: IdentityIndex


def contacts_of_subject(tenant: str, asked: Identity, ports: FindPorts) -> Sequence[str]:
    """Ids, sorted. A conversation is one person's, so whoever asks for a leg of it asks for all. Raises NobodyKnown and
    Retryable."""
    named = [asked.value] if asked.kind is IdentityKind.CONTACT else ports.identities.contacts(tenant, asked)
    found: dict[str, None] = {}
    for contact_id in named:
        contact = ports.contacts.contact(tenant, contact_id)
        if contact is not None:
            found |= dict.fromkeys(each.contact_id for each in _conversation(contact, ports))
    if not found:
        raise NobodyKnown(f"{asked.kind.value}: no contact of this tenant is known by it")
    return sorted(found)


def _conversation(contact: Contact, ports: FindPorts) -> Sequence[Contact]:
    legs = ports.contacts.contacts_of_conversation(contact.tenant, contact.conversation_id)
    return [contact, *legs]
