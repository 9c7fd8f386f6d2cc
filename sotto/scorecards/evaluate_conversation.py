"""After a conversation every form of its language and channel is filled in by what is known of it.

Asked again, it makes no second version of the same: of the same form over the same words the first one stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.call.contact import Contact, ContactReader
from sotto.call.language import overlap
from sotto.call.utterance import Utterance, by_time
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.guidance.stored_call import MOST_ANNOTATIONS, MOST_UTTERANCES, StoredCall
from sotto.scorecards.evaluation import MACHINE, Evaluation, EvaluationChanged, Evaluations, Kind, filled_in
from sotto.scorecards.judge.call_facts import CallFacts, facts_of
from sotto.scorecards.judge.judge import JudgeModel, judged
from sotto.tenants.book import BookReader, TenantBook
from sotto.tenants.scorecards.form import Form

ATTEMPTS = 5
DONE = "done"
NOT_TRANSCRIBED = "transcript"
"""Among ``Contact.unavailable``: no recogniser knows its language."""


@dataclass(frozen=True, slots=True)
class EvaluatePorts:
    contacts: ContactReader
    books: BookReader
    calls: StoredCall
    consents: Consents
    evaluations: Evaluations
    model: JudgeModel
    clock: Clock


def evaluate_conversation(tenant: str, contact_id: str, ports: EvaluatePorts) -> tuple[Evaluation, ...]:
    """The machine's evaluation by each form, as stored. Empty where the tenant has no form for it, nothing was spoken,
    or nothing may be kept. Raises Retryable."""
    contact = ports.contacts.contact(tenant, contact_id)
    if contact is None or contact.erased or not may_keep(contact, ports.consents):
        return ()
    book = ports.books.current(tenant)
    language = book.settings.language_of(contact)
    forms = [
        each
        for each in book.scorecards
        if (not each.language or overlap(each.language, language)) and each.channel in (None, contact.channel)
    ]
    if not forms:
        return ()
    utterances = ports.calls.utterances(tenant, contact_id, 0, MOST_UTTERANCES)
    if contact.is_written:
        utterances = by_time(utterances)
    if not utterances:
        return ()
    call = _facts(contact, book, language, utterances, ports)
    through_seq = max(each.seq for each in utterances)
    found = (_evaluated(contact, form, book, call, through_seq, ports) for form in forms)
    return tuple(each for each in found if each is not None)


def _facts(
    contact: Contact, book: TenantBook, language: str, utterances: Sequence[Utterance], ports: EvaluatePorts
) -> CallFacts:
    key = (contact.tenant, contact.contact_id)
    stored = ports.calls.conversation(*key)
    done = {
        f"{each.checklist}/{each.name}": each.done_by
        for each in (stored.checklist if stored else ())
        if each.state == DONE and each.done_by
    }
    return facts_of(
        utterances,
        stored.state if stored else None,
        ports.calls.annotations(*key, 0, MOST_ANNOTATIONS),
        done,
        book.playbook,
        language=language,
        agent_names=[name for name in (contact.agent, contact.agent_name) if name],
        is_whole=NOT_TRANSCRIBED not in contact.unavailable and len(utterances) < MOST_UTTERANCES,
    )


def _evaluated(
    contact: Contact, form: Form, book: TenantBook, call: CallFacts, through_seq: int, ports: EvaluatePorts
) -> Evaluation | None:
    made: Evaluation | None = None
    for _ in range(ATTEMPTS):
        versions = ports.evaluations.versions(contact.tenant, contact.contact_id, form.name)
        known = next((each for each in reversed(versions) if each.kind is Kind.MACHINE), None)
        if known is not None and (known.form_version, known.through_seq) == (form.version, through_seq):
            return known
        made = made or filled_in(  # a model is not asked again because somebody reviewed meanwhile
            form,
            judged(form, book.playbook, call, tenant=contact.tenant, model=ports.model),
            tenant=contact.tenant,
            contact_id=contact.contact_id,
            kind=Kind.MACHINE,
            by=MACHINE,
            at_ms=int(ports.clock.now_ms()),
            through_seq=through_seq,
        )
        if not may_keep(contact, ports.consents):
            return None
        try:
            return ports.evaluations.append(made, after=versions[-1].version if versions else 0)
        except EvaluationChanged:
            continue
    raise EvaluationChanged("other versions were stored at each of our attempts")
