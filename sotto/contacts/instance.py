"""What a Connect instance says of a contact when it is asked, beside what its contact events bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sotto.call.contact import Contact
from sotto.sources.connect.contact_event import ContactEvent


class InstanceContacts(Protocol):
    """All are None where the instance does not know the contact, or refuses to say. Raises Retryable."""

    def attributes(self, contact: Contact) -> Mapping[str, str] | None:
        """As they are now, those of the whole conversation: an event says only that some have changed."""
        ...

    def caller(self, contact: Contact) -> str | None:
        """The customer's number, E.164; None where it is withheld too."""
        ...

    def described(self, contact: Contact) -> ContactEvent | None:
        """All that is known of it by now, as if an event had just told so."""
        ...
