"""What is stored of a call, read as the work after it needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sotto.call.annotation import Annotation, ChecklistItem
from sotto.call.contact import Contact
from sotto.call.feedback import Feedback
from sotto.call.utterance import Utterance, by_time
from sotto.core.clock import Clock
from sotto.guidance.stored_call import MOST_ANNOTATIONS, MOST_UTTERANCES, StoredCall
from sotto.transcription.lease.lease import Lease, nobody_writes


class LeaseReader(Protocol):
    def current(self, tenant: str, contact_id: str) -> Lease | None: ...


class FeedbackReader(Protocol):
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


@dataclass(frozen=True, slots=True)
class Call:
    """All that is stored of one call. ``utterances``: the finals in order. ``followed``: ids of the annotations that
    the agent acknowledged. ``started_at_ms``: Unix epoch; None where nobody knows."""

    utterances: Sequence[Utterance]
    annotations: Sequence[Annotation] = ()
    checklist: Sequence[ChecklistItem] = ()
    followed: Collection[str] = field(default_factory=frozenset)
    started_at_ms: int | None = None


def stored_call(contact: Contact, calls: StoredCall, feedback: FeedbackReader) -> Call:
    key = (contact.tenant, contact.contact_id)
    conversation = calls.conversation(*key)
    utterances = calls.utterances(*key, 0, MOST_UTTERANCES)
    return Call(
        utterances=by_time(utterances) if contact.is_written else utterances,
        annotations=calls.annotations(*key, 0, MOST_ANNOTATIONS),
        checklist=conversation.checklist if conversation else (),
        followed={each.annotation_id for each in feedback.feedback(*key) if each.acknowledged_at_ms is not None},
        started_at_ms=contact.media_started_at_ms,
    )


def is_transcribed(contact: Contact, leases: LeaseReader, clock: Clock) -> bool:
    return nobody_writes(leases.current(contact.tenant, contact.contact_id), clock.now_ms())
