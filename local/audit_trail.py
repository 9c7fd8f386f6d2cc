"""Whoever publishes, in the audit log of the tenant that it is published for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """``who`` asks when it is needed first: as AWS knows the credentials."""

    log: AuditLog
    who: Callable[[], str]
    clock: Clock

    def note(self, tenant: str, action: AuditAction, record: str) -> None:
        """Raises Retryable."""
        self.log.append(AuditEntry(tenant, self.who(), action, record, int(self.clock.now_ms())))
