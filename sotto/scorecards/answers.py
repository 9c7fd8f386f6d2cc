"""What a question of a quality form was answered with, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sotto.core.errors import Rejected
from sotto.tenants.scorecards.form import Form, Question, QuestionType


class Standing(StrEnum):
    """``OPEN``: not determinable, nobody answered yet. ``NOT_ASKED``: its condition does not hold."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"
    NOT_ASKED = "not_asked"


class How(StrEnum):
    """Who answered, the surest first. ``NOBODY``: of what is open or not asked."""

    PLAYBOOK = "playbook"
    RULES = "rules"
    MODEL = "model"
    PERSON = "person"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Span:
    """Call time in which it would have had to happen."""

    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``value``: an option's reference, or a number as text; empty unless answered. ``utterances``: ids, in the order
    of the call, of what shows it; of a "no", what was spoken in ``span`` instead. ``reason``: why it is open, or a
    person's comment. ``prompt``, ``model``: where a model answered."""

    question: str
    standing: Standing
    value: str = ""
    how: How = How.NOBODY
    confidence: float = 0.0
    utterances: tuple[str, ...] = ()
    span: Span | None = None
    reason: str = ""
    prompt: str = ""
    model: str = ""


class NotAnAnswer(Rejected):
    """The question cannot be answered so; the message names the question."""


def by_person(question: Question, value: str | None, utterances: tuple[str, ...], comment: str = "") -> Answer:
    """``value`` None: does not apply. Raises NotAnAnswer."""
    if value is None:
        if not question.not_applicable:
            raise NotAnAnswer(f"{question.ref}: this question always applies; choose an answer")
        return Answer(question.ref, Standing.NOT_APPLICABLE, "", How.PERSON, 1.0, utterances, reason=comment)
    check_value(question, value)
    return Answer(question.ref, Standing.ANSWERED, value, How.PERSON, 1.0, utterances, reason=comment)


def check_value(question: Question, value: str) -> None:
    """Raises NotAnAnswer."""
    if question.type is QuestionType.SINGLE_SELECT and question.option(value) is None:
        known = ", ".join(option.ref for option in question.options)
        raise NotAnAnswer(f"{question.ref}: that is none of its options; choose one of {known}")
    if question.type is QuestionType.NUMERIC:
        number = number_of(value)
        if number is None or not question.least <= number <= question.most:
            raise NotAnAnswer(f"{question.ref}: give a number from {question.least} to {question.most}")


def number_of(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def values_of(form: Form, answers: Mapping[str, Answer]) -> dict[str, str | float]:
    """What conditions compare: answered questions alone."""
    found: dict[str, str | float] = {}
    for question in form.questions:
        answer = answers.get(question.ref)
        if answer is None or answer.standing is not Standing.ANSWERED:
            continue
        if question.type is QuestionType.SINGLE_SELECT:
            found[question.ref] = answer.value
        elif question.type is QuestionType.NUMERIC and (number := number_of(answer.value)) is not None:
            found[question.ref] = number
    return found
