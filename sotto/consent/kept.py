"""Whether what was made of a conversation may be kept."""

from __future__ import annotations

from typing import Protocol

from sotto.call.contact import Contact
from sotto.consent.rules import ConsentRecord, is_withdrawal


class Consents(Protocol):
    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...


def may_keep(contact: Contact, consents: Consents) -> bool:
    """Asked again just before something is stored: what is made meanwhile must not outlive the erasure."""
    latest = consents.latest(contact.tenant, contact.contact_id)
    return not (latest is not None and is_withdrawal(latest) and latest.drop_kept)
