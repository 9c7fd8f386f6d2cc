"""What is wrong with a quality form, whoever wrote it: the tenant's YAML and Connect's JSON are held to the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from sotto.graph.graph import circle
from sotto.tenants.playbook import ANCHORS, Playbook
from sotto.tenants.scorecards.conditions import is_enabled
from sotto.tenants.scorecards.form import (
    BEST_SCORE,
    AutomaticAnswer,
    Compared,
    Form,
    Graded,
    Question,
    QuestionType,
    ScoringMode,
    Section,
    comparisons,
    walk,
)

MOST_SECTIONS = MOST_QUESTIONS = 100
"""Connect's quotas."""
MOST_COMBINATIONS = 2_000
WHOLE = 100.0
ROUNDED = 0.5
"""Thirds of a hundred are written as 33.3."""
_REF = re.compile(r"[a-zA-Z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True)
class Fault:
    """``ref``: the item where it is, empty for the form. ``field``: of the item, as YAML calls it; may be empty."""

    ref: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Names:
    """What a form may mention of the tenant's playbook."""

    moments: Collection[str] = ()
    items: Collection[str] = ()
    actions: Collection[str] = ()
    behaviours: Collection[str] = ()

    @staticmethod
    def of(playbook: Playbook) -> Names:
        sets = playbook.sets
        return Names(
            moments={moment.name for one in sets for moment in one.moments},
            items={f"{each.name}/{item.name}" for one in sets for each in one.checklists for item in each.items},
            actions={action.name for one in sets for action in one.actions},
            behaviours=set(playbook.behaviours),
        )


def faults(form: Form, names: Names) -> list[Fault]:
    """All of them; a form without any can be published."""
    found = [*_sizes(form), *_refs(form)]
    if found:  # what follows looks items up by their references
        return found
    found = [*_weights(form), *(fault for each in form.questions for fault in _question(each, form, names))]
    conditions = [*_conditions(form)]
    return [*found, *conditions, *([] if conditions else _reachable(form))]


def _sizes(form: Form) -> Iterator[Fault]:
    sections = [item for item, _ in walk(form) if isinstance(item, Section)]
    if not form.questions:
        yield Fault("", "sections", "the form asks nothing; write at least one question")
    if len(sections) > MOST_SECTIONS:
        yield Fault("", "sections", f"{len(sections)} sections are more than {MOST_SECTIONS}, which is Connect's limit")
    if len(form.questions) > MOST_QUESTIONS:
        yield Fault(
            "", "sections", f"{len(form.questions)} questions are more than {MOST_QUESTIONS}, which is Connect's limit"
        )


def _refs(form: Form) -> Iterator[Fault]:
    seen: set[str] = set()
    for item, _ in walk(form):
        if not _REF.fullmatch(item.ref):
            yield Fault(item.ref, "", f"'{item.ref}' is no reference; use 1 to 40 of a-z, A-Z, 0-9, '.', '_' and '-'")
        if item.ref in seen:
            yield Fault(item.ref, "", f"'{item.ref}' names two items of the form; rename one")
        seen.add(item.ref)
        if isinstance(item, Section) and not item.items:
            yield Fault(item.ref, "", "the section holds nothing; write a question, or take it out")
        if isinstance(item, Question):
            refs = [option.ref for option in item.options]
            for ref in {each for each in refs if refs.count(each) > 1}:
                yield Fault(item.ref, "options", f"'{ref}' names two options of the question; rename one")


def _weights(form: Form) -> Iterator[Fault]:
    if not form.scored:
        return
    if form.mode is ScoringMode.POINTS:
        yield from _points(form)
        return
    if form.mode is ScoringMode.SECTION:
        weighed: list[Section | Question] = [each for each in form.sections if each.scored]
        others: list[Section | Question] = list(form.questions)
    else:
        weighed = [each for each in form.questions if each.is_scored]
        others = [item for item, _ in walk(form) if isinstance(item, Section)]
    for item in others:
        if item.weight is not None:
            instead = "sections" if form.mode is ScoringMode.SECTION else "questions"
            yield Fault(item.ref, "weight", f"this form weighs {instead}; take the weight out, or change 'scoring'")
    if not weighed:
        yield Fault("", "sections", "nothing is scored; score a question, or write 'scoring: none'")
        return
    for item in weighed:
        if item.weight is not None and not 0 < item.weight <= WHOLE:
            yield Fault(
                item.ref, "weight", f"a weight of {item.weight:g} counts nothing; write 1 to 100, or 'scored: no'"
            )
    given = [item.weight for item in weighed if item.weight is not None]
    total = sum(given)
    if len(given) == len(weighed) and abs(total - WHOLE) > ROUNDED:
        yield Fault(weighed[0].ref, "weight", f"the weights add up to {total:g}; they must add up to 100")
    elif len(given) < len(weighed) and given and total >= WHOLE:
        open_one = next(item for item in weighed if item.weight is None)
        yield Fault(open_one.ref, "", f"the other weights add up to {total:g}, so that nothing is left for this one")


def _points(form: Form) -> Iterator[Fault]:
    asked = [each for each in form.questions if each.is_scored]
    best = [max((grade.points or 0 for grade in _grades(each) if not grade.is_bonus), default=0) for each in asked]
    if not sum(best):
        yield Fault("", "sections", "no answer gives a point; give points to options, or write 'scoring: none'")


def _grades(question: Question) -> tuple[Graded, ...]:
    return question.options if question.type is QuestionType.SINGLE_SELECT else question.ranges


def _question(question: Question, form: Form, names: Names) -> Iterator[Fault]:
    if question.type is QuestionType.SINGLE_SELECT and len(question.options) < 2:
        yield Fault(question.ref, "options", "nobody can answer this: it has fewer than two options")
    if question.type is QuestionType.NUMERIC:
        yield from _numeric(question)
    sections = {item.ref for item, _ in walk(form) if isinstance(item, Section)}
    for grade in _grades(question):
        if grade.fails_section and grade.fails_section not in sections:
            yield Fault(question.ref, "options", f"it fails the section '{grade.fails_section}', which there is not")
        if form.scored and question.is_scored and form.mode is not ScoringMode.POINTS and grade.score is None:
            yield Fault(question.ref, "options", "an answer has no score; write 'score: 0' to 'score: 10'")
            break
    scores = [grade.score for grade in _grades(question) if grade.score is not None]
    if any(not 0 <= score <= BEST_SCORE for score in scores):
        yield Fault(question.ref, "options", f"scores are from 0 to {BEST_SCORE}")
    if question.answer is not None:
        yield from _answer(question, question.answer, names)


def _numeric(question: Question) -> Iterator[Fault]:
    if question.least > question.most:
        yield Fault(
            question.ref, "numbers", f"nobody can answer this: no number is from {question.least} to {question.most}"
        )
        return
    at = question.least
    for each in sorted(question.ranges, key=lambda one: one.least):
        if each.least != at or each.most < each.least:
            yield Fault(question.ref, "numbers", f"the ranges must follow each other; the next one begins with {at}")
            return
        at = each.most + 1
    if question.ranges and at != question.most + 1:
        yield Fault(question.ref, "numbers", f"no range holds the numbers from {at} to {question.most}")


def _answer(question: Question, answer: AutomaticAnswer, names: Names) -> Iterator[Fault]:
    named = {
        "moments": ((*answer.moments, *answer.needed_when, *((answer.count,) if answer.count else ())), names.moments),
        "items": (answer.items, names.items),
        "actions": (answer.actions, names.actions),
        "behaviours": (answer.behaviours, names.behaviours),
    }
    for field, (used, known) in named.items():
        for name in used:
            if name not in known:
                yield Fault(question.ref, "answer", f"the playbook has none of {field} '{name}'")
    if answer.window is not None:
        for name in filter(None, (answer.window.after, answer.window.before)):
            if name not in names.moments and name not in ANCHORS:
                yield Fault(question.ref, "answer", f"the playbook has no moment '{name}'")
        if answer.window.before and answer.window.before == answer.window.after:
            yield Fault(question.ref, "answer", "nobody can answer this: it must be after and before the same")
    if question.type is QuestionType.NUMERIC:
        if not answer.count:
            yield Fault(question.ref, "answer", "a number is answered by 'count', with the moment that is counted")
        return
    if question.type is QuestionType.TEXT:
        yield Fault(question.ref, "answer", "a text is a person's to write; take 'answer' out")
        return
    for which, ref in (("present", answer.present), ("absent", answer.absent)):
        if question.option(ref) is None:
            yield Fault(question.ref, "answer", f"'{which}' is '{ref}', which is none of the question's options")
    if answer.present == answer.absent:
        yield Fault(question.ref, "answer", "'present' and 'absent' are the same option, whatever happens")
    if not any((answer.items, answer.moments, answer.actions, answer.phrases, answer.behaviours, answer.model)):
        yield Fault(question.ref, "answer", "nothing can answer this; name items, moments, phrases or behaviours")
    if answer.needed_when and not question.not_applicable:
        yield Fault(question.ref, "answer", "nobody can answer this when it is not needed; write 'not_applicable: yes'")


def _conditions(form: Form) -> Iterator[Fault]:
    known = {question.ref: question for question in form.questions}
    needs: dict[str, list[str]] = {}
    for item, above in walk(form):
        conditions = [each.enablement.condition for each in (*above, item) if each.enablement is not None]
        own = [] if item.enablement is None else [*comparisons(item.enablement.condition)]
        wrong = [fault for compared in own for fault in _comparison(item.ref, compared, known)]
        yield from wrong
        if isinstance(item, Question):
            needs[item.ref] = sorted({each.question for one in conditions for each in comparisons(one)} & known.keys())
    if found := circle(needs):
        yield Fault(found[0], "only_if", f"questions wait for each other: {' -> '.join(found)}; take one condition out")


def _comparison(ref: str, compared: Compared, known: Mapping[str, Question]) -> Iterator[Fault]:
    other = known.get(compared.question)
    if other is None:
        yield Fault(ref, "only_if", f"there is no question '{compared.question}'")
    elif other.type is QuestionType.TEXT:
        yield Fault(ref, "only_if", f"the answer to '{other.ref}' is free text, which nothing can depend on")
    elif other.type is QuestionType.SINGLE_SELECT:
        if not compared.options:
            yield Fault(ref, "only_if", f"say which options of '{other.ref}' it is asked after")
        for option in compared.options:
            if other.option(option) is None:
                yield Fault(ref, "only_if", f"'{option}' is none of the options of '{other.ref}'")
    elif compared.number is None:
        yield Fault(ref, "only_if", f"compare the answer to '{other.ref}' with a number")


def _reachable(form: Form) -> Iterator[Fault]:
    """An item is asked after some answers to those that it depends on, directly or not."""
    known = {question.ref: question for question in form.questions}
    for question in form.questions:
        others = involved(question.ref, form)
        answers = [_possible(known[ref]) for ref in others]
        count = 1
        for each in answers:
            count *= len(each)
        if not others or count > MOST_COMBINATIONS:
            continue
        combinations = (dict(zip(others, chosen, strict=True)) for chosen in product(*answers))
        if not any(is_enabled(form, question.ref, each) for each in combinations):
            yield Fault(question.ref, "only_if", "nobody can answer this: no answers to the other questions lead to it")


def involved(ref: str, form: Form) -> list[str]:
    """The questions on whose answers it depends whether this item is asked, directly or not."""
    sections = {item.ref: above for item, above in walk(form)}
    items = {item.ref: item for item, _ in walk(form)}
    found: list[str] = []
    waiting = [ref]
    while waiting:
        one = waiting.pop()
        for each in (*sections[one], items[one]):
            if each.enablement is not None:
                new = [other.question for other in comparisons(each.enablement.condition)]
                waiting += [other for other in dict.fromkeys(new) if other not in found and other != ref]
                found += [other for other in dict.fromkeys(new) if other not in found and other != ref]
    return found


def _possible(question: Question) -> list[str | float]:
    if question.type is QuestionType.SINGLE_SELECT:
        return [option.ref for option in question.options]
    edges = {question.least, question.most, *(edge for each in question.ranges for edge in (each.least, each.most))}
    return sorted(
        {float(edge) for one in edges for edge in (one - 1, one, one + 1) if question.least <= edge <= question.most}
    )
