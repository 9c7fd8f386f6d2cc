"""Facts hold no text, and still say what somebody's call was like: they go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sotto.analytics.days.erase import erase_facts
from sotto.analytics.days.filing import FilingPorts, refile
from sotto.analytics.days.write import WritePorts
from sotto.core.subject_data import ErasureStep


class FiledContacts(Protocol):
    def contacts_filed(self, tenant: str, conversation_id: str) -> Sequence[str]:
        """Ids of contacts of which rows are filed. Raises Retryable."""
        ...


class FactsEraser:
    """An Eraser. A conversation's rows mix its contacts: all of them go, the day is written without them, and what is
    left of contacts that are not erased is filed anew."""

    name = "facts"
    step = ErasureStep.FACTS

    def __init__(self, filing: FilingPorts, writing: WritePorts, filed: FiledContacts) -> None:
        self._filing = filing
        self._writing = writing
        self._filed = filed

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        conversation = self._conversation(tenant, contact_id)
        days = len(erase_facts(tenant, conversation, self._writing).days)
        refile(tenant, conversation, self._filing)
        return {"days written anew": days}

    def left(self, tenant: str, contact_id: str) -> int:
        """Rows that are filed; files are made of those, and a day that is behind may still hold more."""
        conversation = self._conversation(tenant, contact_id)
        return int(contact_id in self._filed.contacts_filed(tenant, conversation))

    def _conversation(self, tenant: str, contact_id: str) -> str:
        contact = self._filing.records.contacts.contact(tenant, contact_id)
        return contact.conversation_id if contact is not None else contact_id
