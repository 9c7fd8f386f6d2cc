"""Who is calling, beside the live path: nothing waits for it, and an answer that comes too late is dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.contact import Contact, ContactStatus
from sotto.call.customer import CustomerContext, CustomerField, CustomerState
from sotto.call.live import CustomerOrder
from sotto.contacts.customer.crm_source import CrmSource
from sotto.contacts.customer.fields import fields_of, fields_of_crm
from sotto.contacts.customer.profiles import (
    CustomerProfiles,
    NoProfileDomain,
    ProfilesForbidden,
    ProfilesThrottled,
    ProfilesUnavailable,
    SeveralProfiles,
)
from sotto.contacts.start import AssignmentChannel, ContactChanged, ContactRegister
from sotto.core.clock import Clock
from sotto.core.errors import Degraded, Retryable
from sotto.tenants.book import BookReader
from sotto.tenants.customer_fields import CustomerSettings
from sotto.tenants.redaction_rules import RedactionRules

DEADLINE_MS = 800.0
ATTEMPTS = 4


class Callers(Protocol):
    def caller(self, contact: Contact) -> str | None:
        """The customer's number, E.164; None where it is withheld, or the instance does not say. Raises Retryable."""
        ...


class Withdrawals(Protocol):
    def is_withdrawn(self, contact: Contact) -> bool:
        """Whether what is kept of the call was, or is being, erased. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerPorts:
    """``looked_up``: gets each outcome, for metrics. ``redact(tenant, text)``."""

    contacts: ContactRegister
    books: BookReader
    callers: Callers
    profiles: CustomerProfiles
    crm: CrmSource
    withdrawals: Withdrawals
    channel: AssignmentChannel
    redact: Callable[[str, str], str]
    clock: Clock
    looked_up: Callable[[CustomerState], None]


def look_up_customer(order: CustomerOrder, ports: CustomerPorts) -> Contact | None:
    """The contact with its customer, stored and shown; None where nothing is to be read, or nothing changes. Raises
    Retryable where our own records cannot be read or written."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    book = ports.books.current(order.tenant)
    settings, listed = book.settings, book.filing.context
    wanted = settings.customer
    if contact is None or contact.status is ContactStatus.ENDED or not (wanted.fields or listed):
        return None
    until_ms = ports.clock.monotonic_ms() + DEADLINE_MS
    state, profile = _found(contact, wanted, ports, until_ms)
    in_crm = _in_crm(contact, ports, until_ms) if listed else {}
    ports.looked_up(state)
    rules = RedactionRules.of(settings.redaction_in_effect)

    def redact(text: str) -> str:
        return ports.redact(order.tenant, text)

    for attempt in range(ATTEMPTS):
        fields = fields_of(wanted, contact.attributes, profile, rules, redact)
        of_crm = fields_of_crm(listed, in_crm, redact) or _of_crm_before(contact, listed)
        customer = CustomerContext(state, (*_kept(contact, fields, wanted, state), *of_crm))
        if customer == contact.customer or ports.withdrawals.is_withdrawn(contact):
            return None
        changed = replace(contact, customer=customer, version=contact.version + 1)
        try:
            ports.contacts.replace(changed, expected_version=contact.version, events=())
        except ContactChanged:
            known = ports.contacts.contact(order.tenant, order.contact_id)
            if attempt == ATTEMPTS - 1 or known is None:
                raise
            contact = known
            continue
        ports.channel.contact_changed(changed, previous_agent=changed.agent)
        return changed
    return None


def _kept(
    contact: Contact, fields: tuple[CustomerField, ...], wanted: CustomerSettings, state: CustomerState
) -> tuple[CustomerField, ...]:
    """A look-up that is repeated because attributes changed, and fails, takes nothing of the profile away."""
    before = contact.customer
    if before is None or before.state is not CustomerState.FOUND or state is CustomerState.FOUND:
        return fields
    now = {each.name: each for each in fields}
    of_profile = {name for name, rule in wanted.fields.items() if rule.profile}
    known = {each.name: each for each in before.fields if each.name in of_profile}
    return tuple(each for name in wanted.fields if (each := now.get(name) or known.get(name)))


def _of_crm_before(contact: Contact, listed: Collection[str]) -> tuple[CustomerField, ...]:
    """What a look-up before this one found stays where this one was late."""
    return tuple(each for each in (contact.customer.fields if contact.customer else ()) if each.name in listed)


def _in_crm(contact: Contact, ports: CustomerPorts, until_ms: float) -> Mapping[str, str]:
    try:
        number = ports.callers.caller(contact)
    except Retryable:
        return {}
    return ports.crm.values(contact.tenant, number, until_ms=until_ms) if number else {}


def _found(
    contact: Contact, wanted: CustomerSettings, ports: CustomerPorts, until_ms: float
) -> tuple[CustomerState, Mapping[str, str]]:
    """Nothing is asked where the tenant lists no field of a profile."""
    if not wanted.profile_paths:
        return CustomerState.FOUND, {}
    try:
        found = _asked(contact, wanted, ports, until_ms)
    except SeveralProfiles:
        return CustomerState.SEVERAL, {}
    except NoProfileDomain:
        return CustomerState.NO_DOMAIN, {}
    except ProfilesForbidden:
        return CustomerState.FORBIDDEN, {}
    except ProfilesThrottled:
        return CustomerState.THROTTLED, {}
    except (ProfilesUnavailable, Retryable):
        return CustomerState.UNAVAILABLE, {}
    except _NoNumber:
        return CustomerState.NO_NUMBER, {}
    except _Late:
        return CustomerState.LATE, {}
    if found is None:
        return CustomerState.NOT_FOUND, {}
    return CustomerState.FOUND, found


class _NoNumber(Degraded):
    """The caller withheld it."""


class _Late(Degraded):
    """The deadline is over."""


def _asked(
    contact: Contact, wanted: CustomerSettings, ports: CustomerPorts, until_ms: float
) -> Mapping[str, str] | None:
    """By the id that a flow has found, else by the number. Each answer is looked at by the clock."""
    instance = contact.instance_arn.rpartition("/")[2]
    profile_id = contact.attributes.get(wanted.profile_id, "").strip() if wanted.profile_id else ""
    if profile_id:
        found = ports.profiles.by_id(instance, profile_id, wanted.profile_paths)
    else:
        number = ports.callers.caller(contact)
        if not number:
            raise _NoNumber("the instance gives none")
        _check_time(ports.clock, until_ms)
        found = ports.profiles.by_phone(instance, number, wanted.profile_paths)
    _check_time(ports.clock, until_ms)
    return found


def _check_time(clock: Clock, until_ms: float) -> None:
    if clock.monotonic_ms() > until_ms:
        raise _Late("the deadline is over")
