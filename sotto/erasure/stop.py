"""Nothing more is written of a contact that is erased: whoever transcribes it loses it, and whoever would begin is told
that the customer does not want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import ContactReader, Speaker
from sotto.consent.rules import ConsentRecord, is_withdrawal
from sotto.core.clock import Clock
from sotto.transcription.lease.lease import Leases, Takeover

REASON = "erasure"
LAST_GENERATION = 2**31
"""No worker's: each hand-over counts up by one."""


class Decisions(Protocol):
    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None: ...

    def record(self, record: ConsentRecord) -> None:
        """Raises Retryable. A withdrawal is an event as well."""
        ...


@dataclass(frozen=True, slots=True)
class ContactStopper:
    """A Stopper."""

    contacts: ContactReader
    decisions: Decisions
    leases: Leases
    clock: Clock

    def stop(self, tenant: str, contact_id: str) -> None:
        if self.contacts.contact(tenant, contact_id) is None:
            return
        latest = self.decisions.latest(tenant, contact_id)
        if latest is None or not (is_withdrawal(latest) and latest.drop_kept):
            self.decisions.record(self._refusal(tenant, contact_id))
        now_ms = self.clock.now_ms()
        taken = self.leases.take(tenant, contact_id, Takeover(REASON, LAST_GENERATION), now_ms=now_ms)
        if taken is not None:
            self.leases.release(taken)

    def _refusal(self, tenant: str, contact_id: str) -> ConsentRecord:
        """As if the customer had said so in the call: everybody who works on calls looks at that already."""
        now_ms = int(self.clock.now_ms())
        return ConsentRecord(tenant, contact_id, now_ms, False, REASON, drop_kept=True, speaker=Speaker.CUSTOMER)
