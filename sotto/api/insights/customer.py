"""Which conversations are a customer's: those of what they are known by, and with each all legs of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sotto.after_call.stored_call import Call, stored_call
from sotto.api.caller import Caller
from sotto.api.insights.ports import InsightPorts
from sotto.api.panel.request_models import NotFound
from sotto.api.roles import Action
from sotto.call.contact import Contact
from sotto.erasure.identity import Identity, IdentityKind
from sotto.guidance.stored_call import MOST_ANNOTATIONS, MOST_UTTERANCES
from sotto.insights.past_call import PastCall
from sotto.insights.store import CustomerInsights

MOST_CONTACTS = 40
"""The latest."""


class NobodyKnown(NotFound):
    """No conversation that the caller may see is this customer's; the same whether there is one or not."""

    def __init__(self) -> None:
        super().__init__("person: none of the conversations that you may see is theirs")


@dataclass(frozen=True, slots=True)
class Customer:
    """``known_by``, ``contact_id``: as of CustomerInsights."""

    tenant: str
    known_by: tuple[str, ...]
    contact_id: str = ""

    @property
    def id(self) -> str:
        of = "\0".join((self.tenant, *self.known_by, self.contact_id))
        return "cus_" + sha256(of.encode()).hexdigest()[:24]


def customer_of(tenant: str, asked: Identity, ports: InsightPorts) -> Customer:
    """By a contact: whose it was, by all that the contact's customer is known by."""
    if asked.kind is not IdentityKind.CONTACT:
        return Customer(tenant, (ports.customers.name_of(tenant, asked),))
    names = tuple(ports.customers.names_of_contact(tenant, asked.value))
    return Customer(tenant, names, "" if names else asked.value)


def customer_again(made: CustomerInsights) -> Customer:
    return Customer(made.tenant, made.known_by, made.contact_id)


def contacts_of(customer: Customer, ports: InsightPorts) -> list[Contact]:
    """The latest ``MOST_CONTACTS`` that are kept, the latest first; whoever may see them."""
    seeds = dict.fromkeys(
        each for name in customer.known_by for each in ports.customers.contacts_named(customer.tenant, name)
    )
    found: dict[str, Contact] = {}
    for contact_id in (*seeds, *([customer.contact_id] if customer.contact_id else [])):
        if contact_id not in found and (contact := _contact(customer.tenant, contact_id, ports)) is not None:
            legs = ports.legs.contacts_of_conversation(customer.tenant, contact.conversation_id)
            found |= {each.contact_id: each for each in (contact, *legs)}
    kept = [each for each in found.values() if not each.erased]
    kept.sort(key=lambda each: (each.media_started_at_ms, each.contact_id), reverse=True)
    return kept[:MOST_CONTACTS]


def seen_by(caller: Caller, contacts: list[Contact]) -> list[Contact]:
    """Raises NobodyKnown."""
    seen = [each for each in contacts if caller.may(Action.READ_INSIGHTS, each)]
    if not seen:
        raise NobodyKnown
    return seen


def past_call(contact: Contact, ports: InsightPorts) -> PastCall:
    panel, about = ports.panel, (contact.tenant, contact.contact_id)
    summary, work = panel.summaries.summary(*about), panel.work.records.work(*about)
    code = work.disposition if work is not None else None
    titles = {each.code: each.title for each in code.ranked} if code is not None else {}
    ended = "" if code is None else code.choice.title if code.choice is not None else titles.get(code.suggested, "")
    return PastCall(
        contact,
        panel.conversations.utterances(*about, 0, MOST_UTTERANCES),
        summary.lines if summary is not None else (),
        panel.conversations.annotations(*about, 0, MOST_ANNOTATIONS),
        ended,
    )


def call_of(contact: Contact, ports: InsightPorts) -> Call:
    """As questions about one call read it."""
    return stored_call(contact, ports.panel.conversations, ports.panel.feedback)


def others_of(caller: Caller, contact_ids: Iterator[str], contacts: list[Contact]) -> list[Contact]:
    """Those of ``contact_ids`` that are not the caller's own."""
    by_id = {each.contact_id: each for each in contacts}
    found = (by_id[each] for each in dict.fromkeys(contact_ids))
    return [each for each in found if not caller.serves(each)]


def _contact(tenant: str, contact_id: str, ports: InsightPorts) -> Contact | None:
    return ports.panel.conversations.contact(tenant, contact_id)
