"""How a call ended, by the tenant's own codes: moments of the playbook speak for them, and a model that learned from
phrases. The agent decides (sotto.after_call.disposition.choose)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.after_call.extract import key_utterances
from sotto.after_call.stored_call import Call, FeedbackReader, stored_call
from sotto.after_call.workflow.records import WorkPorts, changed
from sotto.call.after_call_work import AfterCallWork, Disposition, RankedCode, StepOrder
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Contact, ContactReader
from sotto.call.events import DispositionSuggested
from sotto.call.language import LanguageSet
from sotto.call.utterance import Utterance
from sotto.guidance.stored_call import StoredCall
from sotto.tenants.book import BookReader, TenantBook
from sotto.tenants.dispositions import DispositionCode

LIKELY = 0.5
"""What is less likely is listed, and not suggested."""
BY_MOMENTS, BY_EACH_FURTHER, AT_MOST = 0.7, 0.1, 0.9
"""How much moments speak for a code: a code that asks for more of them is the more particular one."""
MOST_READ = 16
"""Utterances that the model reads."""
LATEST = 4
"""Of them: how a call ended stands at its end."""


class CodeModel(Protocol):
    def scores(self, contact: Contact, utterances: Sequence[Utterance]) -> Mapping[str, Mapping[str, float]]:
        """Utterance's id -> code -> 0 to 1; what is none of the codes, and what was not answered in time, is absent."""
        ...


@dataclass(frozen=True, slots=True)
class SuggestPorts:
    contacts: ContactReader
    books: BookReader
    calls: StoredCall
    feedback: FeedbackReader
    model: CodeModel
    work: WorkPorts


def suggest_disposition(order: StepOrder, ports: SuggestPorts) -> Disposition | None:
    """As it is stored; a choice that is there stays. None where the tenant has no codes, nothing was spoken, or nothing
    may be kept. Raises Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None:
        return None
    book = ports.books.current(contact.tenant)
    if not book.dispositions.codes:
        return None
    call = stored_call(contact, ports.calls, ports.feedback)
    if not call.utterances:
        return None
    ranked = _ranked(contact, book, call, ports)
    suggested = ranked[0].code if ranked[0].confidence >= LIKELY else ""
    made = Disposition(ranked, suggested, book.version)

    def change(work: AfterCallWork, at_ms: int) -> AfterCallWork:
        choice = work.disposition.choice if work.disposition else None
        return replace(work, disposition=replace(made, choice=choice))

    def event(work: AfterCallWork) -> DispositionSuggested | None:
        return DispositionSuggested.of(work, at_ms=ports.work.clock.now_ms()) if suggested else None

    stored = changed(contact, change, ports.work, event=event)
    return stored.disposition if stored else None


def _ranked(contact: Contact, book: TenantBook, call: Call, ports: SuggestPorts) -> tuple[RankedCode, ...]:
    conversation = ports.calls.conversation(contact.tenant, contact.contact_id)
    happened = set(conversation.state.moments) if conversation else set()
    happened |= {each.name for each in call.annotations if each.kind is AnnotationKind.MOMENT}
    scores = ports.model.scores(contact, _read_by_the_model(call)) if _understood(contact, book) else {}
    found = [_weighed(code, happened, call, scores) for code in book.dispositions.codes]
    return tuple(sorted(found, key=lambda each: -each.confidence))  # of equals the first in the tenant's order


def _understood(contact: Contact, book: TenantBook) -> bool:
    if not any(code.has_phrases for code in book.dispositions.codes):
        return False
    languages = book.dispositions.languages
    return not languages or book.settings.language_of(contact) in LanguageSet(languages)


def _read_by_the_model(call: Call) -> list[Utterance]:
    """What the summary rests on, and how the call ended."""
    keys = {each.id for each in (*key_utterances(call), *call.utterances[-LATEST:])}
    return [each for each in call.utterances if each.id in keys and each.text.strip()][-MOST_READ:]


def _weighed(
    code: DispositionCode, happened: Collection[str], call: Call, scores: Mapping[str, Mapping[str, float]]
) -> RankedCode:
    by_moments = _by_moments(code, happened)
    best = max(scores, key=lambda id: scores[id].get(code.code, 0.0), default=None)
    by_model = scores[best].get(code.code, 0.0) if best is not None else 0.0
    rests_on = {best} if best is not None and by_model >= LIKELY else set()
    if by_moments:
        rests_on |= {
            words.utterance_id for each in call.annotations if each.name in code.moments for words in each.evidence
        }
    confidence = 1.0 - (1.0 - by_moments) * (1.0 - by_model)
    in_order = tuple(each.id for each in call.utterances if each.id in rests_on)
    return RankedCode(code.code, code.title, round(confidence, 3), in_order)


def _by_moments(code: DispositionCode, happened: Collection[str]) -> float:
    if not code.moments or any(each in happened for each in code.without):
        return 0.0
    if not all(each in happened for each in code.moments):
        return 0.0
    return min(AT_MOST, BY_MOMENTS + BY_EACH_FURTHER * (len(code.moments) - 1))
