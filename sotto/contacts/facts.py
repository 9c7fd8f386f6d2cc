"""Contact records become facts of the contacts that we know. Copies, and older ones that come late, change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import ContactReader
from sotto.call.contact_facts import ContactFacts
from sotto.contacts.start import TenantDirectory
from sotto.sources.connect.contact_record import ContactRecord


class FactStore(Protocol):
    """Raises StorageUnavailable."""

    def facts(self, tenant: str, contact_id: str) -> ContactFacts | None: ...

    def store(self, facts: ContactFacts) -> bool:
        """With the event that says so; False where as new ones, or newer, are there."""
        ...


@dataclass(frozen=True, slots=True)
class FactPorts:
    tenants: TenantDirectory
    contacts: ContactReader
    facts: FactStore


def take_record(record: ContactRecord, ports: FactPorts) -> bool:
    """Whether it said something new. A contact that was never guided is nobody's business here. Raises
    StorageUnavailable."""
    tenant = ports.tenants.tenant_of(record.instance_arn)
    if tenant is None or ports.contacts.contact(tenant, record.contact_id) is None:
        return False
    return ports.facts.store(record.facts_for(tenant))
