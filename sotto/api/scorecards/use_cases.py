"""What people do with evaluations: review, calibrate, appeal, decide. Reading them: reading.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller
from sotto.api.roles import Action
from sotto.api.scorecards.access import (
    ScorecardPorts,
    allowed,
    decider,
    form_of,
    last_version,
    noted,
)
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction
from sotto.scorecards.answers import Answer, NotAnAnswer, Standing, by_person, values_of
from sotto.scorecards.evaluation import (
    Appeal,
    Evaluation,
    EvaluationChanged,
    Kind,
    NotAllowed,
    filled_in,
    gold_answers,
    standing,
)
from sotto.tenants.scorecards.conditions import enabled_items
from sotto.tenants.scorecards.form import Form

DAY_MS = 86_400_000
LONGEST_COMMENT = 1_000
MOST_CITED = 20


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """``value`` None: does not apply. ``utterances``: ids of what shows it, as the person chose them."""

    value: str | None
    utterances: tuple[str, ...] = ()
    comment: str = ""


def review(
    contact_id: str, form: str, given: Mapping[str, GivenAnswer], caller: Caller, ports: ScorecardPorts, *, after: int
) -> Evaluation:
    """A new version, of whoever supervises the call's team; what is not given stays as it stands. ``after``: the last
    version that the reviewer saw. Its answers join the gold set.

    Raises Unauthorised, NotAnAnswer, NotAllowed where an appeal waits for its decision, and EvaluationChanged."""
    contact = allowed(caller, Action.REVIEW, contact_id, ports)
    if _open_appeal(contact, form, ports) is not None:
        raise NotAllowed("review: an appeal waits for its decision; decide that first")
    return _changed(contact, form, given, Kind.REVIEW, caller, ports, after=after)


def calibrate(
    contact_id: str, form: str, given: Mapping[str, GivenAnswer], caller: Caller, ports: ScorecardPorts
) -> Evaluation:
    """One rater's own answers to all that is asked, beside the others': none of them stands for the call. Once for each
    rater, and never of a call that the rater reviewed. Raises Unauthorised, NotAnAnswer, NotAllowed and
    EvaluationChanged."""
    contact = allowed(caller, Action.CALIBRATE, contact_id, ports)
    versions = ports.evaluations.versions(caller.tenant, contact_id, form)
    if any(each.by == caller.agent for each in versions):
        raise NotAllowed("calibration: you have judged this call already, so you cannot rate it blindly")
    shape = form_of(caller.tenant, form, ports)
    answers = _answers(shape, given, {}, caller.tenant, ports)
    missing = [each.question for each in answers if each.standing is Standing.OPEN]
    if missing:
        raise NotAnAnswer(f"{missing[0]}: a calibration answers everything that is asked")
    made = _made(shape, answers, contact, Kind.CALIBRATION, caller, ports)
    stored = ports.evaluations.append(made, after=last_version(versions))
    noted(caller, AuditAction.CALL_CALIBRATED, contact, ports)
    return stored


def appeal(
    contact_id: str, form: str, questions: Sequence[str], reason: str, caller: Caller, ports: ScorecardPorts
) -> Appeal:
    """By the agent whose call it is, against what stands, once, while the form's days last. Raises Unauthorised,
    NotAllowed and NotAnAnswer."""
    contact = allowed(caller, Action.APPEAL, contact_id, ports)
    stands = standing(ports.evaluations.versions(caller.tenant, contact_id, form))
    if stands is None:
        raise NotAllowed("appeal: this call has not been judged")
    if stands.kind is Kind.APPEAL:
        raise NotAllowed("appeal: this has been decided after an appeal; that decision is final")
    shape = form_of(caller.tenant, form, ports)
    now_ms = int(ports.clock.now_ms())
    if now_ms > stands.at_ms + shape.appeal_days * DAY_MS:
        raise NotAllowed(f"appeal: the {shape.appeal_days} days in which an appeal is possible are over")
    unknown = [each for each in questions if each not in stands.by_question]
    if unknown or not questions:
        raise NotAnAnswer("questions: name at least one question of this evaluation, and no other")
    made = Appeal(
        caller.tenant,
        contact_id,
        form,
        stands.version,
        caller.agent,
        now_ms,
        tuple(dict.fromkeys(questions)),
        _comment(caller.tenant, reason, ports),
    )
    ports.evaluations.lodge(made)
    noted(caller, AuditAction.APPEAL_LODGED, contact, ports)
    return made


def decide(
    contact_id: str, form: str, given: Mapping[str, GivenAnswer], caller: Caller, ports: ScorecardPorts, *, after: int
) -> Evaluation:
    """Of the appeal that waits, by another supervisor of the team than who reviewed. Without answers the appeal is
    turned down; either way a version says so, the machine's stays to be seen, and the outcome joins the gold set.
    Raises Unauthorised, NotAllowed, NotAnAnswer, EvaluationChanged."""
    contact = allowed(caller, Action.DECIDE, contact_id, ports)
    waiting = _open_appeal(contact, form, ports)
    if waiting is None:
        raise NotAllowed("appeal: none waits for a decision")
    versions = ports.evaluations.versions(caller.tenant, contact_id, form)
    decider(caller, next(each for each in versions if each.version == waiting.version))
    if waiting.by == caller.agent:
        raise NotAllowed("appeal: it is your own; somebody else decides it")
    if outside := sorted(set(given) - set(waiting.questions)):
        raise NotAllowed(f"{outside[0]}: the appeal is not about this question")
    return _changed(contact, form, given, Kind.APPEAL, caller, ports, after=after, decides=waiting)


def _open_appeal(contact: Contact, form: str, ports: ScorecardPorts) -> Appeal | None:
    found = ports.evaluations.appeal(contact.tenant, contact.contact_id, form)
    return found if found is not None and not found.decided_version else None


def _changed(
    contact: Contact,
    form: str,
    given: Mapping[str, GivenAnswer],
    kind: Kind,
    caller: Caller,
    ports: ScorecardPorts,
    *,
    after: int,
    decides: Appeal | None = None,
) -> Evaluation:
    versions = ports.evaluations.versions(contact.tenant, contact.contact_id, form)
    if last_version(versions) != after:
        raise EvaluationChanged("after: another version was stored meanwhile; read it and try again")
    shape = form_of(contact.tenant, form, ports)
    stands = standing(versions)
    is_same = stands is not None and stands.form_version == shape.version
    known = dict(stands.by_question) if stands is not None and is_same else {}
    answers = _answers(shape, given, known, contact.tenant, ports)
    made = _made(shape, answers, contact, kind, caller, ports, rests_on=stands)
    stored = ports.evaluations.append(made, after=after, gold=gold_answers(made), decides=decides)
    what = AuditAction.APPEAL_DECIDED if kind is Kind.APPEAL else AuditAction.CALL_REVIEWED
    noted(caller, what, contact, ports)
    return stored


def _made(
    form: Form,
    answers: Sequence[Answer],
    contact: Contact,
    kind: Kind,
    caller: Caller,
    ports: ScorecardPorts,
    rests_on: Evaluation | None = None,
) -> Evaluation:
    return filled_in(
        form,
        answers,
        tenant=contact.tenant,
        contact_id=contact.contact_id,
        kind=kind,
        by=caller.agent,
        at_ms=int(ports.clock.now_ms()),
        through_seq=rests_on.through_seq if rests_on is not None else 0,
        rests_on=rests_on.version if rests_on is not None else 0,
    )


def _answers(
    form: Form, given: Mapping[str, GivenAnswer], known: Mapping[str, Answer], tenant: str, ports: ScorecardPorts
) -> tuple[Answer, ...]:
    """In the order of the form. What is not asked, by the new answers, is that, whatever was answered before."""
    for ref in given:
        if form.question(ref) is None:
            raise NotAnAnswer(f"{ref}: the form has no such question")
    found = dict(known)
    for question in form.questions:
        if question.ref in given:
            one = given[question.ref]
            comment = _comment(tenant, one.comment, ports)
            found[question.ref] = by_person(question, one.value, one.utterances[:MOST_CITED], comment)
        elif question.ref not in found or found[question.ref].standing is Standing.NOT_ASKED:
            found[question.ref] = Answer(question.ref, Standing.OPEN)
    asked = enabled_items(form, values_of(form, found))
    return tuple(
        found[each.ref] if each.ref in asked else Answer(each.ref, Standing.NOT_ASKED) for each in form.questions
    )


def _comment(tenant: str, text: str, ports: ScorecardPorts) -> str:
    if len(text) > LONGEST_COMMENT:
        raise NotAnAnswer(f"comment: at most {LONGEST_COMMENT} characters")
    return ports.redact(tenant, text) if text.strip() else ""
