"""What is kept of a person, and who looked at it: for the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.subject_data import Exporter
from sotto.erasure.find import FindPorts, contacts_of_subject
from sotto.erasure.identity import Identity

LOOKED_BACK_MS = 730 * 86_400_000
"""As long as the audit log is kept unless a tenant writes otherwise."""


@dataclass(frozen=True, slots=True)
class ExportPorts:
    find: FindPorts
    exporters: Sequence[Exporter]
    audit: AuditLog
    clock: Clock


def export_subject(tenant: str, asked: Identity, *, who: str, ports: ExportPorts) -> dict[str, object]:
    """JSON of all contacts of the person. That it was handed out is in the audit log before it is, and in the export.
    Raises NobodyKnown and Retryable."""
    contacts = contacts_of_subject(tenant, asked, ports.find)
    now_ms = int(ports.clock.now_ms())
    for contact_id in contacts:
        ports.audit.append(AuditEntry(tenant, who, AuditAction.SUBJECT_EXPORTED, contact_record(contact_id), now_ms))
    accesses = _accesses(tenant, contacts, now_ms, ports)
    return {
        "format": "sotto-subject-export/1",
        "tenant": tenant,
        "exported_at_ms": now_ms,
        "asked_by": asked.kind.value,
        "contacts": [
            {"contact_id": each, **_parts(tenant, each, ports), "accesses": accesses[each]} for each in contacts
        ],
    }


def _parts(tenant: str, contact_id: str, ports: ExportPorts) -> dict[str, object]:
    parts = {each.name: each.export(tenant, contact_id) for each in ports.exporters}
    return {name: part for name, part in sorted(parts.items()) if part is not None}


def _accesses(
    tenant: str, contacts: Sequence[str], now_ms: int, ports: ExportPorts
) -> Mapping[str, list[dict[str, object]]]:
    by_record = {contact_record(each): each for each in contacts}
    found: dict[str, list[dict[str, object]]] = {each: [] for each in contacts}
    for entry in ports.audit.entries(tenant, now_ms - LOOKED_BACK_MS, now_ms + 1):
        contact_id = by_record.get(entry.record)
        if contact_id is not None:
            found[contact_id].append({"who": entry.who, "action": entry.action.value, "at_ms": entry.at_ms})
    return found
