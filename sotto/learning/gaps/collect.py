"""From a call that is over to its gaps: where the customer agrees to learning, of what is redacted, and only what says
something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.learning.checks import STOPS, warnings_of
from sotto.learning.example import normal
from sotto.learning.gaps.gap import FEWEST_WORDS, Gap, GapKind
from sotto.learning.gaps.ports import GapStore, IntentModel, UnansweredQuestions

MOST_OF_A_CALL = 20
"""Of each kind, the first: one odd call is no group."""


@dataclass(frozen=True, slots=True)
class GapPorts:
    gaps: GapStore
    model: IntentModel
    questions: UnansweredQuestions


def collect_gaps(contact: Contact, consent: str, utterances: Sequence[Utterance], now_ms: int, ports: GapPorts) -> int:
    """How many were added; the same call again adds none. Raises Retryable, and Degraded where the model does not
    answer."""
    found = [*_wishes(contact, consent, utterances, now_ms, ports), *_questions(contact, consent, ports)]
    added = 0
    for each in found:
        if ports.gaps.gap(each.tenant, each.contact_id, each.kind, each.id) is None:
            ports.gaps.put(each)
            added += 1
    return added


def forget_gaps(tenant: str, contact_id: str, gaps: GapStore) -> int:
    """Whoever refuses to be learned from: how many went. Raises Retryable."""
    found = gaps.of_contact(tenant, contact_id)
    for each in found:
        gaps.remove(each)
    return len(found)


def says_something(text: str) -> bool:
    return len(normal(text).split()) >= FEWEST_WORDS and not STOPS & set(warnings_of(text))


def _wishes(
    contact: Contact, consent: str, utterances: Sequence[Utterance], now_ms: int, ports: GapPorts
) -> Iterator[Gap]:
    spoken = [each for each in utterances if each.speaker is Speaker.CUSTOMER and says_something(each.text)]
    unknown = ports.model.unknown(spoken) if spoken else frozenset()
    for each in [each for each in spoken if each.id in unknown][:MOST_OF_A_CALL]:
        yield Gap(
            contact.tenant, contact.contact_id, each.id, GapKind.INTENT, each.text, now_ms, consent, each.confidence
        )


def _questions(contact: Contact, consent: str, ports: GapPorts) -> Iterator[Gap]:
    asked = ports.questions.unanswered(contact.tenant, contact.contact_id)
    for each in [each for each in asked if says_something(each.text)][:MOST_OF_A_CALL]:
        id = f"question-{each.at_ms}"
        yield Gap(contact.tenant, contact.contact_id, id, GapKind.ARTICLE, each.text, each.at_ms, consent)
