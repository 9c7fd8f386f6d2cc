"""The score of a filled-in form, as Connect's evaluation forms are scored.

Each answer is worth its option's score, a tenth of the way to 100 % a point. Questions (or sections, whose questions
then weigh the same) are weighed; the weight of what does not apply, is not asked, is not scored or has no answer yet
is shared among the others in proportion; where sections are weighed, first among those of its section. With points,
those earned are divided by those that could have been; a bonus adds to the first alone, and nothing passes 100 %. An
answer that fails automatically makes the form 0 %, or the section that it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sotto.scorecards.answers import Answer, Standing, number_of, values_of
from sotto.tenants.scorecards.conditions import enabled_items
from sotto.tenants.scorecards.form import (
    BEST_SCORE,
    Form,
    Graded,
    Question,
    QuestionType,
    ScoringMode,
    Section,
    walk,
)

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Score:
    """Of a form, a section or a question; the names are those of Connect's EvaluationScore. ``percentage`` is None
    where nothing in it could be scored. ``applied_weight``: in percent of the form, after sharing."""

    percentage: float | None = None
    not_applicable: bool = False
    automatic_fail: bool = False
    applied_weight: float | None = None
    earned_points: int | None = None
    max_base_points: int | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """``items``: sections and questions by reference. ``determined``: the share, 0 to 1, of the weight of what is asked
    and applies that has an answer: a total that rests on half of the form says so."""

    total: Score
    items: Mapping[str, Score] = field(default_factory=dict)
    determined: float = 1.0


def weights(form: Form) -> dict[str, float]:
    """Question's reference -> percent of the form as it is written, before sharing. Of a form with points: each
    question's greatest points."""
    asked = [
        item
        for item, above in walk(form)
        if isinstance(item, Question) and item.is_scored and all(section.scored for section in above)
    ]
    if form.mode is ScoringMode.POINTS:
        return {each.ref: float(_most_points(each)) for each in asked}
    if form.mode is ScoringMode.QUESTION:
        return _shared([(each.ref, each.weight) for each in asked])
    by_section, above = section_weights(form), sections_above(form)
    found: dict[str, float] = {}
    for section in form.sections:
        inside = [each for each in asked if above[each.ref][0].ref == section.ref]
        found |= {each.ref: by_section[section.ref] / len(inside) for each in inside if section.ref in by_section}
    return found


def section_weights(form: Form) -> dict[str, float]:
    """Of a form that weighs sections: outermost section's reference -> percent of the form, before sharing."""
    return _shared([(each.ref, each.weight) for each in form.sections if each.scored])


def _shared(given: Sequence[tuple[str, float | None]]) -> dict[str, float]:
    """What has no weight of its own shares equally what the others leave."""
    left = WHOLE - sum(weight for _, weight in given if weight is not None)
    without = sum(weight is None for _, weight in given)
    return {ref: weight if weight is not None else left / without for ref, weight in given}


def sections_above(form: Form) -> dict[str, tuple[Section, ...]]:
    """Of each item the sections that it is in, the outermost first."""
    return {item.ref: above for item, above in walk(form)}


def _most_points(question: Question) -> int:
    grades: Sequence[Graded] = question.options if question.type is QuestionType.SINGLE_SELECT else question.ranges
    return max((grade.points or 0 for grade in grades if not grade.is_bonus), default=0)


def grade_of(question: Question, answer: Answer) -> Graded | None:
    """What an answer is worth; None where nothing is written of it."""
    if answer.standing is not Standing.ANSWERED:
        return None
    if question.type is QuestionType.SINGLE_SELECT:
        return question.option(answer.value)
    number = number_of(answer.value)
    return None if number is None or question.type is QuestionType.TEXT else question.range_of(number)


def has_full_marks(form: Form, answer: Answer) -> bool | None:
    """Whether it is worth all that its question can give; None where nothing is scored: a question that does not count,
    does not apply, is open, or is not of this form."""
    question = form.question(answer.question)
    if question is None or question.ref not in (weights(form) if form.scored else {}):
        return None
    grade = grade_of(question, answer)
    if grade is None:
        return None
    if form.mode is ScoringMode.POINTS:
        return None if grade.points is None else grade.points >= _most_points(question)
    grades: Sequence[Graded] = question.options if question.type is QuestionType.SINGLE_SELECT else question.ranges
    best = max((each.score for each in grades if each.score is not None), default=None)
    return None if grade.score is None or best is None else grade.score >= best and not grade.automatic_fail


def scored(form: Form, answers: Mapping[str, Answer]) -> Scores:
    """``answers`` by question; what is absent is open."""
    if not form.scored:
        return Scores(Score(not_applicable=True))
    reckoning = _Reckoning(form, answers)
    return reckoning.scores()


class _Reckoning:
    def __init__(self, form: Form, answers: Mapping[str, Answer]) -> None:
        self._form = form
        self._questions = form.questions
        self._above = {ref: {each.ref for each in above} for ref, above in sections_above(form).items()}
        self._within: dict[str, set[str]] = {}
        for question in self._questions:
            for section in self._above[question.ref]:
                self._within.setdefault(section, set()).add(question.ref)
        self._asked = enabled_items(form, values_of(form, answers))
        self._weights = weights(form)
        self._applied_weights = self._weights
        self._answers = {ref: answer for ref, answer in answers.items() if ref in self._asked}
        self._grades = {
            each.ref: grade
            for each in self._questions
            if each.ref in self._weights
            and each.ref in self._answers
            and (grade := grade_of(each, self._answers[each.ref])) is not None
        }

    def scores(self) -> Scores:
        failed = [grade for grade in self._grades.values() if grade.automatic_fail]
        whole = any(not grade.fails_section for grade in failed)
        sections = {grade.fails_section for grade in failed}
        counted = {ref for ref, grade in self._grades.items() if self._counts(grade)}
        if self._form.mode is ScoringMode.SECTION:
            self._applied_weights = self._shared_in_sections(counted)
        zeroed = {ref for ref in counted if self._sections_above(ref) & sections}
        items = {each.ref: self._of_question(each, counted, zeroed) for each in self._questions}
        for section in (item for item, _ in walk(self._form) if isinstance(item, Section)):
            inside = self._inside(section.ref) & counted
            asked = section.ref in self._asked
            has_failed = any(
                self._grades[ref].automatic_fail for ref in self._inside(section.ref) & self._grades.keys()
            )
            score = self._joined(inside, zeroed)
            items[section.ref] = Score(
                0.0 if section.ref in sections else score.percentage,
                not_applicable=not asked or self._does_not_apply(section.ref),
                automatic_fail=has_failed or section.ref in sections,
                applied_weight=self._applied(inside, counted),
                earned_points=score.earned_points,
                max_base_points=score.max_base_points,
            )
        total = self._joined(counted, zeroed)
        percentage = 0.0 if whole else total.percentage
        return Scores(
            Score(percentage, not counted, bool(failed), WHOLE, total.earned_points, total.max_base_points),
            items,
            self._determined(),
        )

    def _shared_in_sections(self, counted: set[str]) -> dict[str, float]:
        shared: dict[str, float] = {}
        for ref, weight in section_weights(self._form).items():
            inside = sorted(self._inside(ref) & counted)
            shared |= {each: weight / len(inside) for each in inside}
        return shared

    @property
    def _is_points(self) -> bool:
        return self._form.mode is ScoringMode.POINTS

    def _counts(self, grade: Graded) -> bool:
        return grade.points is not None if self._is_points else grade.score is not None

    def _sections_above(self, ref: str) -> set[str]:
        return self._above[ref]

    def _inside(self, section: str) -> set[str]:
        return self._within.get(section, set())

    def _does_not_apply(self, section: str) -> bool:
        standings = {self._standing(ref) for ref in self._inside(section)}
        return standings <= {Standing.NOT_APPLICABLE, Standing.NOT_ASKED}

    def _standing(self, ref: str) -> Standing:
        if ref not in self._asked:
            return Standing.NOT_ASKED
        return self._answers[ref].standing if ref in self._answers else Standing.OPEN

    def _of_question(self, question: Question, counted: set[str], zeroed: set[str]) -> Score:
        standing = self._standing(question.ref)
        grade = self._grades.get(question.ref)
        if question.ref not in counted or grade is None:
            left_out = standing in (Standing.NOT_APPLICABLE, Standing.NOT_ASKED)
            return Score(not_applicable=left_out, automatic_fail=grade.automatic_fail if grade else False)
        joined = self._joined({question.ref}, zeroed)
        return Score(
            0.0 if grade.automatic_fail else joined.percentage,
            automatic_fail=grade.automatic_fail,
            applied_weight=self._applied({question.ref}, counted),
            earned_points=joined.earned_points,
            max_base_points=joined.max_base_points,
        )

    def _applied(self, some: set[str], counted: set[str]) -> float | None:
        whole = sum(self._applied_weights[ref] for ref in counted)
        if not some or not whole:
            return None
        return round(WHOLE * sum(self._applied_weights[ref] for ref in some) / whole, 4)

    def _joined(self, some: set[str], zeroed: set[str]) -> Score:
        """Of some questions. Those of a section that failed are worth nothing, and still weigh."""
        if not some:
            return Score()
        if self._is_points:
            return self._points(some, zeroed)
        whole = sum(self._applied_weights[ref] for ref in some)
        worth = sum(
            self._applied_weights[ref] * (self._grades[ref].score or 0) / BEST_SCORE for ref in sorted(some - zeroed)
        )
        return Score(round(WHOLE * worth / whole, 4))

    def _points(self, some: set[str], zeroed: set[str]) -> Score:
        base = int(sum(self._applied_weights[ref] for ref in some))
        earned = sum(self._grades[ref].points or 0 for ref in some - zeroed)
        percentage = min(WHOLE, round(WHOLE * earned / base, 4)) if base else None
        return Score(percentage, earned_points=earned, max_base_points=base)

    def _determined(self) -> float:
        applies = {ref for ref in self._weights if self._standing(ref) in (Standing.ANSWERED, Standing.OPEN)}
        whole = sum(self._weights[ref] for ref in applies)
        return round(sum(self._weights[ref] for ref in applies & self._grades.keys()) / whole, 4) if whole else 1.0
