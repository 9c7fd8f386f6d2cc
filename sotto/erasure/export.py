"""What is kept of a person, and who looked at it: for the person.

All at once, or asked for first and then read a few contacts at a time. What was asked for is kept for a week: ids of
contacts, and no copy of what they hold. So a page says what is kept when it is read, and what was erased meanwhile is
in none.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.core.audit import MOST_ABOUT, AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.subject_data import Exporter
from sotto.erasure.find import FindPorts, contacts_of_subject
from sotto.erasure.identity import Identity, IdentityKind
from sotto.erasure.request import NoSuchRequest

FORMAT = "sotto-subject-export/1"
LOOKED_BACK_MS = 730 * 86_400_000
"""As long as the audit log is kept unless a tenant writes otherwise."""
KEPT_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """``by``: what kind of identity was asked for, never which. ``contacts``: ids, sorted. Times are Unix epoch."""

    tenant: str
    id: str
    asked_by: str
    asked_at_ms: int
    by: IdentityKind
    contacts: tuple[str, ...]
    expires_at_ms: int


class ExportRequests(Protocol):
    """Raises StorageUnavailable throughout."""

    def add(self, request: ExportRequest) -> None: ...

    def request(self, tenant: str, request_id: str) -> ExportRequest | None:
        """None once it has expired, too."""
        ...


@dataclass(frozen=True, slots=True)
class ExportPorts:
    find: FindPorts
    exporters: Sequence[Exporter]
    audit: AuditLog
    clock: Clock
    requests: ExportRequests


def export_subject(tenant: str, asked: Identity, *, who: str, ports: ExportPorts) -> dict[str, object]:
    """JSON of all contacts of the person. That it was handed out is in the audit log before it is, and in the export.
    Raises NobodyKnown and Retryable."""
    contacts = contacts_of_subject(tenant, asked, ports.find)
    now_ms = int(ports.clock.now_ms())
    return {
        "format": FORMAT,
        "tenant": tenant,
        "exported_at_ms": now_ms,
        "asked_by": asked.kind.value,
        "contacts": _handed_out(tenant, contacts, now_ms, who, ports),
    }


def ask_export(tenant: str, asked: Identity, *, who: str, ports: ExportPorts) -> ExportRequest:
    """Nothing is handed out yet. Raises NobodyKnown and Retryable."""
    contacts = contacts_of_subject(tenant, asked, ports.find)
    now_ms = int(ports.clock.now_ms())
    request_id = f"{now_ms:013d}-{secrets.token_hex(4)}"
    request = ExportRequest(tenant, request_id, who, now_ms, asked.kind, tuple(contacts), now_ms + KEPT_MS)
    ports.requests.add(request)
    return request


def read_export(
    tenant: str, request_id: str, *, after: str, limit: int, who: str, ports: ExportPorts
) -> tuple[ExportRequest, list[dict[str, object]]]:
    """The contacts after ``after``, at most ``limit``; noted before they leave. Raises NoSuchRequest and Retryable."""
    request = ports.requests.request(tenant, request_id)
    if request is None:
        raise NoSuchRequest("export: it has expired, or is not this tenant's; ask for it again")
    wanted = [each for each in request.contacts if each > after][:limit]
    return request, _handed_out(tenant, wanted, int(ports.clock.now_ms()), who, ports)


def _handed_out(
    tenant: str, contacts: Sequence[str], now_ms: int, who: str, ports: ExportPorts
) -> list[dict[str, object]]:
    for contact_id in contacts:
        ports.audit.append(AuditEntry(tenant, who, AuditAction.SUBJECT_EXPORTED, contact_record(contact_id), now_ms))
    return [
        {"contact_id": each, **_parts(tenant, each, ports), "accesses": _accesses(tenant, each, now_ms, ports)}
        for each in contacts
    ]


def _parts(tenant: str, contact_id: str, ports: ExportPorts) -> dict[str, object]:
    parts = {each.name: each.export(tenant, contact_id) for each in ports.exporters}
    return {name: part for name, part in sorted(parts.items()) if part is not None}


def _accesses(tenant: str, contact_id: str, now_ms: int, ports: ExportPorts) -> list[dict[str, object]]:
    """Of a contact that was looked into more often than is found by it, the days are read through."""
    found = ports.audit.about_contact(tenant, contact_id)
    if len(found) >= MOST_ABOUT:
        every = ports.audit.entries(tenant, now_ms - LOOKED_BACK_MS, now_ms + 1)
        found = [each for each in every if each.record == contact_record(contact_id)]
    return [{"who": each.who, "action": each.action.value, "at_ms": each.at_ms} for each in found]
