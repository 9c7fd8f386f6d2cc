"""Notes by what a contact's customer is known, when the contact begins: on an event, beside the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.call.contact import ContactReader
from sotto.call.events import ConversationStarted
from sotto.contacts.instance import InstanceContacts
from sotto.erasure.identity import IdentityIndex, IdentityKind, identities_of
from sotto.tenants.book import BookReader, TenantSettings


@dataclass(frozen=True, slots=True)
class IndexPorts:
    contacts: ContactReader
    books: BookReader
    instance: InstanceContacts
    identities: IdentityIndex


def index_contact(started: ConversationStarted, ports: IndexPorts) -> int:
    """By how many identities it can be found. An erased contact's are not asked for again. Raises Retryable."""
    contact = ports.contacts.contact(started.tenant, started.contact_id)
    if contact is None or contact.erased or contact.imported:  # an import has noted them itself
        return 0
    attributes = ports.instance.attributes(contact)
    found = identities_of(
        contact.attributes if attributes is None else attributes,
        caller=ports.instance.caller(contact),
        names=attribute_names(ports.books.current(started.tenant).settings),
    )
    ports.identities.add(started.tenant, started.contact_id, found)
    return len(found)


def attribute_names(settings: TenantSettings) -> Mapping[IdentityKind, str]:
    """The attributes in which the tenant's flows say who calls."""
    named = {
        IdentityKind.EMAIL: settings.identities.get("email"),
        IdentityKind.CUSTOMER_ID: settings.identities.get("customer_id"),
    }
    return {kind: name for kind, name in named.items() if name}
