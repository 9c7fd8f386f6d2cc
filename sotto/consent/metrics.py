"""Decisions about consent, counted."""

from __future__ import annotations

from sotto.consent.rules import AWAITING, ConsentRecord
from sotto.core.metrics.measure import CONSENT_DECISIONS
from sotto.core.metrics.recorder import Metrics


class ConsentMetrics:
    """Observes what is recorded."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, record: ConsentRecord) -> None:
        decision = "allowed" if record.allowed else "awaiting" if record.reason == AWAITING else "refused"
        self._metrics.add(CONSENT_DECISIONS, tenant=record.tenant, decision=decision)
