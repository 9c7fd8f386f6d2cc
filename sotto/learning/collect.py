"""From what happened in a call to examples that people look at: corrections, and an even sample of what was silent.

Only of calls whose customer agrees to learning, only of what is redacted, and only what says something. Whoever
corrects a great deal crowds nobody out: of one person so many corrections wait at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, ContactReader, Speaker
from sotto.call.correction import Correction, CorrectionKind
from sotto.call.events import ConsentWithdrawn, CorrectionGiven, Event, TranscriptCompleted
from sotto.call.utterance import Utterance
from sotto.consent.kept import Consents
from sotto.consent.rules import is_withdrawal
from sotto.core.clock import Clock
from sotto.learning.checks import warnings_beside, warnings_of
from sotto.learning.erase import RETRAINED_WITHIN_MS
from sotto.learning.example import NONE_OF_THESE, Example, ExampleState, Source, is_for_regression
from sotto.learning.gaps.collect import GapPorts, collect_gaps, forget_gaps
from sotto.learning.ports import ExampleStore, SetStore
from sotto.tenants.book import BookReader
from sotto.tenants.learning import LearnFrom, LearningSettings

MOST_OPEN = 500
MOST_OF_ONE = 50
"""Of one person's corrections, that wait: who corrects everything keeps nobody else's from being seen."""
MOST_OF_A_CALL = 5
"""Disagreements: one odd call is not the whole queue."""
MOST_UTTERANCES = MOST_ANNOTATIONS = 2_000
MOST_KNOWN = 5_000


class Corrections(Protocol):
    def corrections(self, tenant: str, contact_id: str) -> Sequence[Correction]: ...


class StoredCall(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...


class Disagreements(Protocol):
    def unsure(self, tenant: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        """Utterances, by id, that the version in the shadow answered otherwise than the live one, with how unsure the
        surer of both was, 0..1; nothing where no version is in the shadow. Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class CollectPorts:
    contacts: ContactReader
    books: BookReader
    consents: Consents
    corrections: Corrections
    calls: StoredCall
    examples: ExampleStore
    sets: SetStore
    disagreements: Disagreements
    clock: Clock
    gaps: GapPorts


def collect(event: Event, ports: CollectPorts) -> int:
    """How many examples and gaps were added, changed or removed. The same event again adds none. Raises Retryable, and
    Degraded where the intent model does not answer: the event comes again."""
    if isinstance(event, ConsentWithdrawn):
        return withdraw(event, ports)
    contact = ports.contacts.contact(event.tenant, event.contact_id)
    if contact is None or contact.erased:
        return 0
    settings = ports.books.current(event.tenant).settings.learning
    consent = consent_to_learn(contact, settings, ports.consents)
    if not consent:
        return 0
    found = _proposed(event, contact, consent, settings, ports)
    added = sum(_kept(each, ports) for each in found)
    if isinstance(event, TranscriptCompleted):
        now_ms = int(ports.clock.now_ms())
        added += collect_gaps(contact, consent, _utterances(contact, ports), now_ms, ports.gaps)
    return added


def withdraw(event: ConsentWithdrawn, ports: CollectPorts) -> int:
    """Whoever refuses in the call refuses to be learned from as well: how many examples and gaps went. What
    learned from them is trained anew before its deadline. Raises Retryable."""
    found = ports.examples.of_contact(event.tenant, event.contact_id)
    for each in found:
        ports.examples.remove(each)
    ports.sets.forget(event.tenant, event.contact_id, int(ports.clock.now_ms()) + RETRAINED_WITHIN_MS)
    return len(found) + forget_gaps(event.tenant, event.contact_id, ports.gaps.gaps)


def consent_to_learn(contact: Contact, settings: LearningSettings, consents: Consents) -> str:
    """By what it is given, for the record; empty where it is not, or not any more."""
    if contact.erased or not settings.allows(contact.attributes):
        return ""
    latest = consents.latest(contact.tenant, contact.contact_id)
    if latest is not None and is_withdrawal(latest):
        return ""
    return f"attribute:{settings.attribute}" if settings.consent is LearnFrom.ATTRIBUTE else settings.consent.value


def _proposed(
    event: Event, contact: Contact, consent: str, settings: LearningSettings, ports: CollectPorts
) -> list[Example]:
    if isinstance(event, CorrectionGiven):
        return _of_corrections(event, contact, consent, ports)
    if isinstance(event, TranscriptCompleted):
        differing = _of_disagreements(contact, consent, ports)
        known = {each.utterance_id for each in differing}
        silent = _of_silence(contact, consent, settings.silent_sample, ports) if settings.silent_sample else []
        return [*differing, *(each for each in silent if each.utterance_id not in known)]
    return []


def _of_corrections(event: CorrectionGiven, contact: Contact, consent: str, ports: CollectPorts) -> list[Example]:
    given = [
        each
        for each in ports.corrections.corrections(event.tenant, event.contact_id)
        if each.about == event.record and each.kind.labels
    ]
    utterances = {each.id: each for each in _utterances(contact, ports)}
    found = []
    for each in given:
        utterance = utterances.get(each.utterance_id)
        if utterance is not None and _waiting_of(each.agent, contact.tenant, ports) < MOST_OF_ONE:
            label = NONE_OF_THESE if each.kind is CorrectionKind.NO_INTENT else each.intent
            made = _example(utterance, Source.CORRECTION, consent, ports)
            found.append(replace(made, proposed=label, proposed_by=each.agent))
    return found


def _of_disagreements(contact: Contact, consent: str, ports: CollectPorts) -> list[Example]:
    """Nobody proposes a label: whoever looks is led to neither version's."""
    spoken = [each for each in _utterances(contact, ports) if each.speaker is Speaker.CUSTOMER]
    unsure = ports.disagreements.unsure(contact.tenant, spoken)
    found = [each for each in spoken if each.id in unsure]
    most = sorted(found, key=lambda each: (-unsure[each.id], each.id))[:MOST_OF_A_CALL]
    return [replace(_example(each, Source.SHADOW, consent, ports), unsure=unsure[each.id]) for each in most]


def _of_silence(contact: Contact, consent: str, one_in: int, ports: CollectPorts) -> list[Example]:
    shown = {
        each.utterance_id for each in ports.calls.annotations(contact.tenant, contact.contact_id, 0, MOST_ANNOTATIONS)
    }
    return [
        _example(each, Source.SILENT, consent, ports)
        for each in _utterances(contact, ports)
        if each.speaker is Speaker.CUSTOMER and each.id not in shown and is_sampled(each, one_in)
    ]


def is_sampled(utterance: Utterance, one_in: int) -> bool:
    """Evenly, whatever is in it; the same utterance always or never."""
    drawn = hashlib.sha256(f"silent\0{utterance.tenant}\0{utterance.contact_id}\0{utterance.id}".encode()).digest()
    return int.from_bytes(drawn[:8]) % one_in == 0


def _utterances(contact: Contact, ports: CollectPorts) -> Sequence[Utterance]:
    return ports.calls.utterances(contact.tenant, contact.contact_id, 0, MOST_UTTERANCES)


def _example(utterance: Utterance, source: Source, consent: str, ports: CollectPorts) -> Example:
    return Example(
        utterance.tenant,
        utterance.contact_id,
        utterance.id,
        utterance.text,
        source,
        int(ports.clock.now_ms()),
        consent,
        confidence=utterance.confidence,
        warnings=warnings_of(utterance.text),
        is_regression=is_for_regression(utterance.tenant, utterance.text),
    )


def _waiting_of(agent: str, tenant: str, ports: CollectPorts) -> int:
    return sum(each.proposed_by == agent for each in ports.examples.examples(tenant, ExampleState.OPEN, MOST_OPEN))


def _kept(made: Example, ports: CollectPorts) -> bool:
    """What somebody corrects anew is proposed anew, as long as nobody has voted on it."""
    known = ports.examples.example(made.tenant, made.contact_id, made.utterance_id)
    if known is None:
        accepted = ports.examples.examples(made.tenant, ExampleState.ACCEPTED, MOST_KNOWN)
        beside = warnings_beside(made.text, made.proposed, ((each.text, each.label) for each in accepted))
        ports.examples.put(replace(made, warnings=(*made.warnings, *beside)))
        return True
    if known.votes or (known.proposed, known.proposed_by) == (made.proposed, made.proposed_by):
        return False
    if made.source.worth < known.source.worth:
        return False
    ports.examples.put(
        replace(
            known,
            source=made.source,
            proposed=made.proposed,
            proposed_by=made.proposed_by,
            version=known.version + 1,
        )
    )
    return True
