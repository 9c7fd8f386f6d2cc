"""Asking for an erasure: who is meant is found, what will be deleted is noted, and the rest is work (run.py)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.erasure.find import FindPorts, contacts_of_subject
from sotto.erasure.identity import Identity, IdentityKind
from sotto.erasure.request import ErasureRequest, ErasureRequests

REPLAY = "sotto/replay_suppressed"
"""Who asks again for what a restore has brought back."""


@dataclass(frozen=True, slots=True)
class AskPorts:
    find: FindPorts
    requests: ErasureRequests
    audit: AuditLog
    clock: Clock


def ask_erasure(tenant: str, asked: Identity, *, who: str, ports: AskPorts) -> ErasureRequest:
    """Asked twice it is done twice, which finds nothing the second time. Raises NobodyKnown and Retryable."""
    return _asked(tenant, contacts_of_subject(tenant, asked, ports.find), asked.kind, who, ports)


def ask_again(tenant: str, contacts: Sequence[str], *, who: str, ports: AskPorts) -> ErasureRequest | None:
    """For contacts that are known by id, whether a record of them is left or not; None for none."""
    return _asked(tenant, contacts, IdentityKind.CONTACT, who, ports) if contacts else None


def replay_suppressed(tenant: str, ports: AskPorts) -> ErasureRequest | None:
    """After a restore: all that was erased before is erased again. None where nothing ever was."""
    return ask_again(tenant, ports.requests.suppressed(tenant), who=REPLAY, ports=ports)


def _asked(tenant: str, contacts: Sequence[str], by: IdentityKind, who: str, ports: AskPorts) -> ErasureRequest:
    now_ms = int(ports.clock.now_ms())
    request = ErasureRequest(tenant, f"{now_ms:013d}-{secrets.token_hex(4)}", who, now_ms, by, len(contacts))
    # First what says that somebody asked: it must not be missing where the rest is there.
    ports.audit.append(AuditEntry(tenant, who, AuditAction.ERASURE_ASKED, f"erasure/{request.id}", now_ms))
    ports.requests.add(request, contacts)
    return request
