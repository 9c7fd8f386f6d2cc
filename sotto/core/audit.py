"""Who did what, when, to which record of a tenant: what anybody must be able to account for later.

Entries are appended and never changed or removed before their time. They hold names and ids, never what a record says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class AuditAction(StrEnum):
    LOOKED_INTO = "looked_into"
    """A call that is not one's own was read."""
    FIGURE_READ = "figure_read"
    """A metric was asked for; the record names it."""
    FIGURE_OPENED = "figure_opened"
    """Somebody asked for the conversations behind a figure."""
    NOTE_SENT = "note_sent"
    """A supervisor wrote to the agent of a live call."""
    MOMENT_SHARED = "moment_shared"
    """A coach showed the agent a moment of a call."""
    SHARE_ACKNOWLEDGED = "share_acknowledged"
    BOOK_PUBLISHED = "book_published"
    PLAYBOOK_DRAFTED = "playbook_drafted"
    """Somebody began, changed or removed a draft of a playbook; ``record`` names it by its id."""
    PLAYBOOK_REPLAYED = "playbook_replayed"
    """Somebody saw what a draft would have done in conversations of the past: their ids and times, no words."""
    RELEASE_PUBLISHED = "release_published"
    RELEASE_CHANGED = "release_changed"
    """Pinned, rolled back, shared out or put in the shadow."""
    ERASED = "erased"
    ERASURE_ASKED = "erasure_asked"
    """Somebody asked for a person's data to go; ``record`` names the request."""
    SUBJECT_EXPORTED = "subject_exported"
    """All that is kept of a contact was handed out, to be given to the person."""
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    CALL_REVIEWED = "call_reviewed"
    """A person filled in a quality form of a call, on what the machine had filled in."""
    CALL_CALIBRATED = "call_calibrated"
    """A person filled one in to be compared with others."""
    REVIEW_CLOSED = "review_closed"
    """A person reviewed what was made of a call, and changed something or nothing."""
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_DECIDED = "appeal_decided"
    RECORDING_PLAYED = "recording_played"
    """Somebody was given a link to the redacted recording of a call."""
    HISTORY_LISTED = "history_listed"
    """Rows of conversations were shown; the record says how many."""
    SEARCHED = "searched"
    """What was said was searched; each call of somebody else's whose words were shown has an entry of its own."""
    AUDIT_READ = "audit_read"
    KEY_CREATED = "key_created"
    """Somebody was given an API key; ``record`` names it by its id."""
    KEY_REVOKED = "key_revoked"
    IMPORT_STARTED = "import_started"
    """Somebody had conversations of the past imported; ``record`` names the import by its id."""
    EXAMPLE_JUDGED = "example_judged"
    """A person said what an utterance is an example of."""
    GAP_DECIDED = "gap_decided"
    """Somebody accepted, merged, ignored or reopened a group of what no intent or article is for."""
    EXAMPLES_LEARNED = "examples_learned"
    """A set of examples was made, and models learn from it; the record names the set."""
    ALERT_RULE_CHANGED = "alert_rule_changed"
    """Somebody created, changed or removed a rule of alerts, or quiet hours; ``record`` names it by its id."""
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_RAISED = "alert_raised"
    """A rule raised an alert; ``who`` is ours."""
    WEBHOOK_CHANGED = "webhook_changed"
    """Somebody created, changed, enabled, replayed or removed an endpoint of webhooks."""
    WEBHOOK_DISABLED = "webhook_disabled"
    """We did: it took nothing for days, or wants no more."""
    WORKFLOW_STARTED = "workflow_started"
    """Somebody started or forked a workflow; ``record`` names its run."""
    WORKFLOW_DECIDED = "workflow_decided"
    WORKFLOW_CANCELLED = "workflow_cancelled"


MOST_ABOUT = 1_000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``who``: a person's or a role's name as it signs in, or one of our functions. ``record``: its kind and id,
    ``contact/c1``. ``at_ms``: Unix epoch. Two equal entries are one."""

    tenant: str
    who: str
    action: AuditAction
    record: str
    at_ms: int


class AuditLog(Protocol):
    def append(self, entry: AuditEntry) -> None:
        """Twice is as good as once. Raises Retryable."""
        ...

    def entries(self, tenant: str, since_ms: int, until_ms: int) -> Iterator[AuditEntry]:
        """Oldest first; ``until_ms`` is not included. Raises Retryable."""
        ...

    def about_contact(self, tenant: str, contact_id: str) -> Sequence[AuditEntry]:
        """What was done with one contact, oldest first: the last ``MOST_ABOUT``. Raises Retryable."""
        ...


def contact_record(contact_id: str) -> str:
    """How entries name a contact."""
    return f"contact/{contact_id}"
