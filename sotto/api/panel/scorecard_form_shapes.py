"""Quality forms, and agreement by them, in the shapes of schema.graphql."""

from __future__ import annotations

from sotto.api.scorecards.forms import FormAgreement, RatedCall
from sotto.realtime.shapes import Shape
from sotto.scorecards.agreement import Interval
from sotto.scorecards.gate import Agreement
from sotto.scorecards.scoring import weights
from sotto.tenants.scorecards.form import (
    AnswerCondition,
    AutomaticAnswer,
    Compared,
    Enablement,
    Form,
    Option,
    Question,
    Section,
    walk,
)


def form_shape(form: Form) -> Shape:
    weight_of = weights(form)
    items = [(item, above) for item, above in walk(form) if isinstance(item, Question)]
    return {
        "form": form.name,
        "title": form.title,
        "version": form.version,
        "description": form.description,
        "language": form.language or None,
        "scoring": form.mode.value if form.scored else None,
        "appealDays": form.appeal_days,
        "questions": [_question_shape(each, above, weight_of.get(each.ref)) for each, above in items],
    }


def _question_shape(question: Question, above: tuple[Section, ...], weight: float | None) -> Shape:
    enabled_by = [*(each.enablement for each in above), question.enablement]
    return {
        "id": question.ref,
        "section": above[-1].title,
        "title": question.title,
        "instructions": question.instructions,
        "type": question.type.value,
        "weight": weight,
        "mayNotApply": question.not_applicable,
        "options": [_option_shape(each) for each in question.options],
        "conditions": [_condition(each) for each in enabled_by if each is not None],
        "answeredBy": _sources(question.answer),
    }


def _option_shape(option: Option) -> Shape:
    return {
        "id": option.ref,
        "text": option.text,
        "score": option.score,
        "points": option.points,
        "failsForm": option.automatic_fail and not option.fails_section,
        "failsSection": option.fails_section or None,
    }


def _condition(enablement: Enablement) -> Shape:
    return {"isUnless": enablement.disables, "text": _words(enablement.condition)}


def _words(condition: AnswerCondition) -> str:
    """As short as the form's own YAML: ``disclose: no or late``, joined by ``and`` and ``or``."""
    if isinstance(condition, Compared):
        if condition.options:
            sign = "≠" if condition.comparator.value == "NOT_IN" else "="
            return f"{condition.question} {sign} {' | '.join(condition.options)}"
        return f"{condition.question} {_SIGNS[condition.comparator.value]} {condition.number:g}"
    joined = f" {'∧' if condition.operator == 'AND' else '∨'} ".join(_words(each) for each in condition.operands)
    return f"({joined})" if len(condition.operands) > 1 else joined


_SIGNS = {
    "GREATER_THAN": ">",
    "LESS_THAN": "<",
    "GREATER_THAN_OR_EQUAL_TO": "≥",
    "LESS_THAN_OR_EQUAL_TO": "≤",
    "EQUAL_TO": "=",
    "NOT_EQUAL_TO": "≠",
    "IN": "=",
    "NOT_IN": "≠",
}


def _sources(answer: AutomaticAnswer | None) -> list[str]:
    """In the order in which they are asked; a person comes last, and alone where nothing else does."""
    if answer is None:
        return ["PERSON"]
    playbook = bool(answer.items or answer.moments or answer.actions or answer.count)
    rules = bool(answer.phrases or answer.behaviours)
    named = (("PLAYBOOK", playbook), ("RULES", rules), ("MODEL", answer.model))
    return [name for name, is_asked in named if is_asked]


def agreement_shape(found: FormAgreement) -> Shape:
    titles = {each.ref: each.title for each in found.form.questions}
    return {
        "form": found.form.name,
        "title": found.form.title,
        "version": found.form.version,
        "questions": [_agreement_shape(each, titles[each.question]) for each in found.questions],
        "calls": [_call_shape(each) for each in found.calls],
    }


def _agreement_shape(agreement: Agreement, title: str) -> Shape:
    return {
        "question": agreement.question,
        "title": title,
        "decision": agreement.decision.value.upper(),
        "calls": agreement.calls,
        "machineHuman": agreement.machine_human,
        "machineHumanInterval": _interval_shape(agreement.machine_human_interval),
        "humanHuman": agreement.human_human,
        "humanHumanInterval": _interval_shape(agreement.human_human_interval),
        "alpha": agreement.alpha,
        "raw": agreement.raw,
    }


def _interval_shape(interval: Interval | None) -> Shape | None:
    return None if interval is None else {"low": interval.low, "high": interval.high}


def _call_shape(call: RatedCall) -> Shape:
    return {
        "contactId": call.contact_id,
        "raters": [
            {"by": by, "values": [{"question": question, "value": value} for question, value in given.items()]}
            for by, given in sorted(call.ratings.items())
        ],
    }
