"""Legal holds: what must be kept though somebody asks for its erasure, or its time is up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.core.subject_data import Holds
from sotto.erasure.ask import AskPorts, ask_again
from sotto.erasure.request import ErasureRequest

_MATTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


class BadMatter(Rejected):
    """A hold names a matter by its reference, and no person."""


@dataclass(frozen=True, slots=True)
class Hold:
    """``matter``: the reference under which the lawyers know it."""

    tenant: str
    contact_id: str
    matter: str
    placed_by: str
    placed_at_ms: int


class HoldStore(Holds, Protocol):
    """Raises Retryable throughout."""

    def place(self, hold: Hold) -> Hold:
        """Answers with the hold that stands: the first of its contact."""
        ...

    def release(self, tenant: str, contact_id: str) -> bool:
        """Whether there was one."""
        ...

    def holds(self, tenant: str) -> Sequence[Hold]: ...

    def postpone(self, tenant: str, contact_id: str) -> None:
        """An erasure came for a contact that is held: it is due once the hold is released."""
        ...

    def postponed(self, tenant: str, contact_id: str) -> bool: ...

    def forget_postponed(self, tenant: str, contact_id: str) -> None: ...


class Expiry(Protocol):
    """Of all items of a contact, its data key among them. Twice is as good as once. Raises Retryable."""

    def lift(self, tenant: str, contact_id: str) -> int:
        """Nothing of it expires; how many items it concerned."""
        ...

    def restore(self, tenant: str, contact_id: str) -> int:
        """What was lifted stands again; what would be over by now is over soon."""
        ...


@dataclass(frozen=True, slots=True)
class HoldPorts:
    holds: HoldStore
    expiry: Expiry
    ask: AskPorts
    audit: AuditLog
    clock: Clock


def place_hold(tenant: str, contacts: Sequence[str], *, matter: str, who: str, ports: HoldPorts) -> list[Hold]:
    """First the hold, then the expiry: what is deleted between the two was due before anybody asked. Raises BadMatter
    and Retryable."""
    if not _MATTER.fullmatch(matter):
        raise BadMatter("matter: write the reference of the case, letters, digits and . _ / - alone, 64 at most")
    placed = []
    for contact_id in contacts:
        now_ms = int(ports.clock.now_ms())
        placed.append(ports.holds.place(Hold(tenant, contact_id, matter, who, now_ms)))
        ports.expiry.lift(tenant, contact_id)
        ports.audit.append(AuditEntry(tenant, who, AuditAction.HOLD_PLACED, contact_record(contact_id), now_ms))
    return placed


def release_hold(tenant: str, contacts: Sequence[str], *, who: str, ports: HoldPorts) -> ErasureRequest | None:
    """The erasure that is now due because a refusal came meanwhile, if any; one that was asked for stands as it is, and
    goes on. Raises Retryable."""
    due = []
    for contact_id in contacts:
        if not ports.holds.release(tenant, contact_id):
            continue
        ports.expiry.restore(tenant, contact_id)
        now_ms = int(ports.clock.now_ms())
        ports.audit.append(AuditEntry(tenant, who, AuditAction.HOLD_RELEASED, contact_record(contact_id), now_ms))
        if ports.holds.postponed(tenant, contact_id):
            due.append(contact_id)
    request = ask_again(tenant, due, who=who, ports=ports.ask)
    for contact_id in due:
        ports.holds.forget_postponed(tenant, contact_id)
    return request


def keep_lifted(tenant: str, ports: HoldPorts) -> int:
    """What was written of a held contact since: run now and then, far more often than anything expires."""
    return sum(ports.expiry.lift(tenant, hold.contact_id) for hold in ports.holds.holds(tenant))
