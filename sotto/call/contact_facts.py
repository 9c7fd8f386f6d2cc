"""What Connect measured of a contact, once it is over: numbers and reasons, no text and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """As of ``updated_at_ms`` (Unix epoch, as all times here): Connect adds to a record later, such as the work after
    the contact. ``conversation_id`` joins the contacts of one conversation; ``next_contact_id``: of a transfer.
    ``initiation_method`` and ``disconnect_reason`` are Connect's words (INBOUND; CUSTOMER_DISCONNECT)."""

    tenant: str
    contact_id: str
    conversation_id: str
    updated_at_ms: int
    previous_contact_id: str | None = None
    next_contact_id: str | None = None
    initiation_method: str | None = None
    disconnect_reason: str | None = None
    initiated_at_ms: int | None = None
    disconnected_at_ms: int | None = None
    transferred_at_ms: int | None = None
    was_queued: bool = False
    queue_ms: int = 0
    was_answered: bool = False
    talk_ms: int = 0
    hold_ms: int = 0
    longest_hold_ms: int = 0
    holds: int = 0
    after_contact_work_ms: int = 0

    @property
    def handle_ms(self) -> int:
        """Talk, holds and the work after it, as Connect adds them up."""
        return self.talk_ms + self.hold_ms + self.after_contact_work_ms
