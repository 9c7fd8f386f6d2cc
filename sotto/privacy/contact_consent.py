"""The tenant's consent rule, applied to a contact before the first word."""

from __future__ import annotations

from typing import Protocol

from sotto.contact.contact import Contact
from sotto.policy.book import TenantBook

AGREED = frozenset({"yes", "true", "granted"})


class Books(Protocol):
    def current(self, tenant: str) -> TenantBook: ...


class BookConsent:
    """``settings.consent``: always, never, or ``attribute:<name>`` whose value must be yes."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def refusal(self, contact: Contact) -> str | None:
        """A word for the contact flow, or None when the contact may be listened to."""
        rule = self._books.current(contact.tenant).settings.consent
        kind, _, attribute = rule.partition(":")
        if kind == "never":
            return "no-consent"
        if kind == "attribute" and contact.attributes.get(attribute, "").casefold() not in AGREED:
            return "no-consent"
        return None
