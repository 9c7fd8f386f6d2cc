"""Whose call is, or was, erased."""

from __future__ import annotations

from sotto.call.contact import Contact
from sotto.consent.rules import is_withdrawal
from sotto.contacts.erase import Decisions


class RecordedWithdrawals:
    """A Withdrawals, by the decisions of consent."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def is_withdrawn(self, contact: Contact) -> bool:
        latest = self._decisions.latest(contact.tenant, contact.contact_id)
        return latest is not None and is_withdrawal(latest)
