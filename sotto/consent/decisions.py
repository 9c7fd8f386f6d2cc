"""What was decided about a contact, and what follows: who may be transcribed, what is recorded, what is deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact
from sotto.consent.at_start import ConsentLog
from sotto.consent.gate import ConsentGate, SpokenDecision, is_final_refusal, standing
from sotto.consent.rules import ConsentRecord, record_of
from sotto.core.clock import Clock
from sotto.redaction.redactor import Redactor
from sotto.redaction.withheld import Alarm
from sotto.tenants.consent_rule import ConsentRule


class StoredText(Protocol):
    def drop(self, tenant: str, contact_id: str) -> int:
        """Delete what was said in a call and what was made of it; how many items. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class ConsentPorts:
    """``rule`` of a tenant. All of them may block, and raise Retryable."""

    rule: Callable[[str], ConsentRule]
    log: ConsentLog
    stored: StoredText
    clock: Clock
    observer: Callable[[ConsentRecord], None] = lambda record: None

    def gate(self, contact: Contact, redactor: Redactor, alarm: Alarm) -> ConsentGate | None:
        """The gate that the contact's words must pass from now on; None after a refusal."""
        rule = self.rule(contact.tenant)
        decision, allowed_from_ms = standing(self.log.latest(contact.tenant, contact.contact_id), rule)
        if is_final_refusal(decision):
            return None
        return ConsentGate(redactor, rule, decision, allowed_from_ms=allowed_from_ms, alarm=alarm)

    def record(self, contact: Contact, spoken: SpokenDecision) -> None:
        """Append a decision to the audit trail."""
        record = record_of(
            spoken.decision,
            tenant=contact.tenant,
            contact_id=contact.contact_id,
            decided_at_ms=int(self.clock.now_ms()),
            speaker=spoken.speaker,
            call_time_ms=spoken.call_ms,
        )
        self.log.record(record)
        self.observer(record)

    def withdraw(self, contact: Contact, spoken: SpokenDecision) -> None:
        """Recorded first: whatever happens then, no other worker goes on transcribing."""
        self.record(contact, spoken)
        if spoken.decision.drop_kept:
            self.stored.drop(contact.tenant, contact.contact_id)
