"""Decisions about consent, counted."""

from __future__ import annotations

from sotto.consent.at_start import ConsentLog
from sotto.consent.rules import AWAITING, ConsentRecord
from sotto.core.metrics.measure import CONSENT_DECISIONS
from sotto.core.metrics.recorder import Metrics


class MeasuredConsents:
    """A ConsentLog."""

    def __init__(self, log: ConsentLog, metrics: Metrics) -> None:
        self._log = log
        self._metrics = metrics

    def record(self, record: ConsentRecord) -> None:
        self._log.record(record)
        decision = "allowed" if record.allowed else "awaiting" if record.reason == AWAITING else "refused"
        self._metrics.add(CONSENT_DECISIONS, tenant=record.tenant, decision=decision)

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        return self._log.latest(tenant, contact_id)
