"""The tenant's consent rule, applied to a contact before the first word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sotto.call.contact import Contact, Speaker
from sotto.consent.rules import AWAITING, ConsentDecision, ConsentRecord, decide_at_start, record_of
from sotto.core.clock import Clock
from sotto.tenants.book import BookReader


class ConsentLog(Protocol):
    """The audit trail of decisions. Both raise Retryable."""

    def record(self, record: ConsentRecord) -> None: ...

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        """The decision that holds now."""
        ...


class BookConsent:
    """Decides by ``settings.consent`` of the tenant's book, and records each decision before it has any effect."""

    def __init__(
        self,
        books: BookReader,
        log: ConsentLog,
        clock: Clock,
        observer: Callable[[ConsentRecord], None] = lambda record: None,
    ) -> None:
        self._books = books
        self._log = log
        self._clock = clock
        self._observer = observer

    def refusal(self, contact: Contact, *, caller: str | None = None) -> str | None:
        """A word for the contact flow, or None when the contact may be listened to. ``caller`` (E.164) is used for this
        decision and kept nowhere. A rule that waits for spoken consent lets the worker listen for it."""
        rule = self._books.current(contact.tenant).settings.consent.rule
        spoken = self._spoken_before(contact)
        decision = spoken or decide_at_start(rule, attributes=contact.attributes, caller=caller)
        record = record_of(
            decision,
            tenant=contact.tenant,
            contact_id=contact.contact_id,
            decided_at_ms=int(self._clock.now_ms()),
            speaker=Speaker.CUSTOMER if spoken is not None else None,
        )
        self._log.record(record)
        self._observer(record)
        return None if decision.allowed or decision.reason == AWAITING else "no-consent"

    def _spoken_before(self, contact: Contact) -> ConsentDecision | None:
        """What somebody said holds for the whole conversation; what a rule decided is decided anew."""
        if contact.previous_contact_id is None:
            return None
        latest = self._log.latest(contact.tenant, contact.previous_contact_id)
        if latest is None or latest.speaker is None:
            return None
        return ConsentDecision(latest.allowed, latest.reason, latest.drop_kept)
