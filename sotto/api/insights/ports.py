"""What insights are made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.api.panel.ports import AgentPorts
from sotto.contacts.transfers import ConversationContacts
from sotto.erasure.identity import Identity
from sotto.insights.store import InsightStore


class CustomerIndex(Protocol):
    """By what contacts' customers are known, without saying who they are. Raises Retryable throughout."""

    def name_of(self, tenant: str, asked: Identity) -> str:
        """An HMAC under a key of the tenant's."""
        ...

    def names_of_contact(self, tenant: str, contact_id: str) -> Sequence[str]:
        """By rising name."""
        ...

    def contacts_named(self, tenant: str, name: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class InsightPorts:
    panel: AgentPorts
    customers: CustomerIndex
    legs: ConversationContacts
    store: InsightStore
