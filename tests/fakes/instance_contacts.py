"""What a Connect instance says of contacts, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sotto.call.contact import Contact
from sotto.core.errors import Retryable
from sotto.sources.connect.contact_event import ContactEvent


@dataclass
class InstanceContactsInMemory:
    """``known``: by contact id. ``values``: attributes by the id of the conversation. ``asked``: contact ids."""

    known: dict[str, ContactEvent] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    callers: dict[str, str] = field(default_factory=dict)
    refuses: bool = False
    throttled: bool = False
    asked: list[str] = field(default_factory=list)

    def attributes(self, contact: Contact) -> Mapping[str, str] | None:
        self._note(contact)
        return None if self.refuses else self.values.get(contact.conversation_id)

    def caller(self, contact: Contact) -> str | None:
        self._note(contact)
        return None if self.refuses else self.callers.get(contact.contact_id)

    def described(self, contact: Contact) -> ContactEvent | None:
        self._note(contact)
        return None if self.refuses else self.known.get(contact.contact_id)

    def _note(self, contact: Contact) -> None:
        self.asked.append(contact.contact_id)
        if self.throttled:
            raise Retryable("throttled")
