"""A call that is over is sketched: what the tenant's intent model makes of it, added up and without words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import ContactReader, Speaker
from sotto.call.events import TranscriptCompleted
from sotto.call.sketch import CallSketch
from sotto.call.utterance import Utterance

MOST_UTTERANCES = 2_000


class StoredUtterances(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...


class Sketcher(Protocol):
    def sketch(self, utterances: Sequence[Utterance]) -> CallSketch | None:
        """Of utterances of one contact, by the version of the intent model that answers it; None where its tenant has
        none. Raises Degraded where the model does not answer."""
        ...


class SketchStore(Protocol):
    """Raises Retryable."""

    def put(self, sketch: CallSketch, *, at_ms: int) -> None:
        """In the place of an older one, with the event that says so in the same transaction. What reaches no further
        than what is there changes nothing."""
        ...

    def sketch(self, tenant: str, contact_id: str) -> CallSketch | None: ...


@dataclass(frozen=True, slots=True)
class SketchPorts:
    contacts: ContactReader
    calls: StoredUtterances
    sketcher: Sketcher
    sketches: SketchStore


def sketch_call(event: TranscriptCompleted, ports: SketchPorts) -> CallSketch | None:
    """Of what the customer said. The same event again changes nothing. Raises Retryable, and Degraded where the model
    does not answer: the event comes again."""
    contact = ports.contacts.contact(event.tenant, event.contact_id)
    if contact is None or contact.erased:
        return None
    found = ports.calls.utterances(event.tenant, event.contact_id, 0, MOST_UTTERANCES)
    spoken = [each for each in found if each.speaker is Speaker.CUSTOMER and each.text.strip()]
    if not spoken:
        return None
    known = ports.sketches.sketch(event.tenant, event.contact_id)
    if known is not None and known.through_seq >= spoken[-1].seq:
        return known
    made = ports.sketcher.sketch(spoken)
    if made is not None:
        ports.sketches.put(made, at_ms=event.occurred_at_ms)
    return made
