"""Brings what a call holds into the index: an utterance when it is committed, all of the call when it has ended and
when something about it has changed.

Events come at least once and in any order. What is put is read from the records, so each of them leads to the same
passages; a text that has not changed is not read by the encoder again. After a put the contact is looked at once more:
had it been erased meanwhile, what was put goes again, and an erasure that comes later finds it by its own event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact, ContactReader
from sotto.call.events import ConversationErased, Event, UtteranceCommitted
from sotto.call.outcome import CallOutcome, OutcomeReader
from sotto.call.utterance import Utterance
from sotto.search.find import TextVectors
from sotto.search.index import IndexedPassage, SearchIndex, erase
from sotto.search.passage import LONGEST_TEXT, MOST_MOMENTS, Kind, Passage

READ_AT_ONCE = 500
"""Utterances and annotations."""
MOST_LINES = 40
"""Of a summary: an agent's edit has no more."""
Numbered = TypeVar("Numbered", Utterance, Annotation)


class CallWords(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        """Finals with ``seq`` > ``after_seq``, by rising ``seq``, at most ``limit``."""
        ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        """Annotations with ``seq`` > ``after_seq``, by rising ``seq``, at most ``limit``."""
        ...


@dataclass(frozen=True, slots=True)
class IndexPorts:
    contacts: ContactReader
    calls: CallWords
    outcomes: OutcomeReader
    vectors: TextVectors
    index: SearchIndex


def index_event(event: Event, ports: IndexPorts) -> int:
    """How many passages were put. Raises Retryable, and Degraded where the encoder does not answer."""
    if isinstance(event, ConversationErased):
        erase(event.tenant, event.contact_id, ports.index)
        return 0
    contact = ports.contacts.contact(event.tenant, event.contact_id)
    if contact is None:
        return 0
    if isinstance(event, UtteranceCommitted):
        return _put(contact, _new(contact, _utterance(contact, event.number, ports), ports), ports)
    return index_call(event.tenant, event.contact_id, ports)


def index_call(tenant: str, contact_id: str, ports: IndexPorts) -> int:
    """All of a contact; what is in the index and in the records no more is removed."""
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None:
        return 0
    passages = _all(contact, ports)
    put = _put(contact, passages, ports)
    lines = {each.number for each in passages if each.kind is Kind.SUMMARY}
    gone = [_line(contact, CallOutcome(), n, "").key for n in range(1, MOST_LINES + 1) if n not in lines]
    ports.index.remove(tenant, gone)
    return put


def _new(contact: Contact, passages: Sequence[Passage], ports: IndexPorts) -> list[Passage]:
    """What is there already has more about it than an event that comes late knows."""
    known = ports.index.known(contact.tenant, [each.key for each in passages]) if passages else {}
    return [each for each in passages if known.get(each.key, ("",))[0] != each.digest]


def _put(contact: Contact, passages: Sequence[Passage], ports: IndexPorts) -> int:
    tenant = contact.tenant
    if passages and not contact.erased:
        known = ports.index.known(tenant, [each.key for each in passages])
        new = [each for each in passages if known.get(each.key, ("",))[0] != each.digest]
        vectors = dict(zip([each.key for each in new], _read(tenant, new, ports), strict=True))
        ports.index.put(
            tenant,
            [
                IndexedPassage(each, vectors[each.key] if each.key in vectors else known[each.key][1])
                for each in passages
            ],
        )
    now = ports.contacts.contact(tenant, contact.contact_id)
    if now is None or now.erased:
        erase(tenant, contact.contact_id, ports.index)
        return 0
    return len(passages)


def _read(tenant: str, passages: Sequence[Passage], ports: IndexPorts) -> Sequence[Sequence[float]]:
    return ports.vectors.vectors(tenant, [each.text for each in passages]) if passages else []


def _all(contact: Contact, ports: IndexPorts) -> list[Passage]:
    if contact.erased:
        return []
    outcome = ports.outcomes.outcome(contact)
    utterances = _paged(ports.calls.utterances, contact)
    moments = _moments(_paged(ports.calls.annotations, contact))
    found = [_said(contact, each, outcome, moments.get(each.id, ())) for each in utterances if each.text.strip()]
    quoted = {each.text for each in found}  # such a line is found by its utterance, which has a time
    lines = [(number, text) for number, text in enumerate(outcome.summary[:MOST_LINES], 1) if text not in quoted]
    return found + [_line(contact, outcome, number, text) for number, text in lines if text.strip()]


def _utterance(contact: Contact, seq: int, ports: IndexPorts) -> list[Passage]:
    """Guidance on it is still under way; its moments come with the whole call."""
    found = ports.calls.utterances(contact.tenant, contact.contact_id, seq - 1, 1)
    return [_said(contact, each, CallOutcome(), ()) for each in found if each.seq == seq and each.text.strip()]


def _paged(read: Callable[[str, str, int, int], Sequence[Numbered]], contact: Contact) -> list[Numbered]:
    found: list[Numbered] = []
    while True:
        page = read(contact.tenant, contact.contact_id, found[-1].seq if found else 0, READ_AT_ONCE)
        found += page
        if len(page) < READ_AT_ONCE:
            return found


def _moments(annotations: Sequence[Annotation]) -> Mapping[str, tuple[str, ...]]:
    """By the utterances that they rest on."""
    named: dict[str, set[str]] = {}
    for each in annotations:
        if each.kind is not AnnotationKind.MOMENT:
            continue
        rests_on = {evidence.utterance_id for evidence in each.evidence} | ({each.utterance_id} - {None})
        for utterance_id in rests_on:
            named.setdefault(str(utterance_id), set()).add(each.name)
    return {utterance_id: tuple(sorted(names)[:MOST_MOMENTS]) for utterance_id, names in named.items()}


def _said(contact: Contact, utterance: Utterance, outcome: CallOutcome, moments: tuple[str, ...]) -> Passage:
    return Passage(
        contact_id=contact.contact_id,
        conversation_id=contact.conversation_id,
        kind=Kind.UTTERANCE,
        number=utterance.seq,
        text=utterance.text[:LONGEST_TEXT],
        start_ms=utterance.start_ms,
        end_ms=utterance.end_ms,
        at_ms=contact.media_started_at_ms + utterance.start_ms,
        utterance_id=utterance.id,
        speaker=utterance.speaker.value,
        agent=contact.agent or "",
        team=contact.team or "",
        queue=contact.queue or "",
        language=contact.language,
        disposition=outcome.disposition,
        moments=moments,
        score=outcome.lowest_score,
    )


def _line(contact: Contact, outcome: CallOutcome, number: int, text: str) -> Passage:
    return Passage(
        contact_id=contact.contact_id,
        conversation_id=contact.conversation_id,
        kind=Kind.SUMMARY,
        number=number,
        text=text[:LONGEST_TEXT],
        at_ms=contact.media_started_at_ms,
        agent=contact.agent or "",
        team=contact.team or "",
        queue=contact.queue or "",
        language=contact.language,
        disposition=outcome.disposition,
        moments=outcome.moments[:MOST_MOMENTS],
        score=outcome.lowest_score,
    )
