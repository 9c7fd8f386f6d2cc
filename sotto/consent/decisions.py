"""What was decided about a contact, and what follows: who may be transcribed, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sotto.call.contact import Contact
from sotto.consent.at_start import ConsentLog
from sotto.consent.gate import ConsentGate, SpokenDecision, is_final_refusal, standing
from sotto.consent.rules import ConsentRecord, record_of
from sotto.core.clock import Clock
from sotto.redaction.redactor import Redactor
from sotto.redaction.withheld import Alarm
from sotto.tenants.consent_rule import ConsentRule


@dataclass(frozen=True, slots=True)
class ConsentPorts:
    """``rule`` of a tenant. All of them may block, and raise Retryable."""

    rule: Callable[[str], ConsentRule]
    log: ConsentLog
    clock: Clock
    observer: Callable[[ConsentRecord], None] = lambda record: None

    def gate(self, contact: Contact, redactor: Redactor, alarm: Alarm) -> ConsentGate | None:
        """The gate that the contact's words must pass from now on; None after a refusal."""
        rule = self.rule(contact.tenant)
        decision, allowed_from_ms = standing(self.log.latest(contact.tenant, contact.contact_id), rule)
        if is_final_refusal(decision):
            return None
        return ConsentGate(
            redactor, rule, decision, allowed_from_ms=allowed_from_ms, alarm=alarm, language=contact.language
        )

    def record(self, contact: Contact, spoken: SpokenDecision) -> None:
        """Append a decision to the audit trail. After a refusal no other worker goes on transcribing, and what was kept
        is erased when the record is announced."""
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
