"""Quality forms as a tenant writes them: sections, questions, and what answers a question without a person.

The terms are those of Connect's evaluation forms (sections, questions, options, weights, enablement, automatic fail),
so that forms import and export (sotto.scorecards.connect_import, connect_export).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sotto.call.contact import Channel, Speaker
from sotto.tenants.playbook import CALL_START, Rule

BEST_SCORE = 10
"""Of an option; Connect scores answers from 0 to 10."""
YES, NO = "yes", "no"


class QuestionType(StrEnum):
    SINGLE_SELECT = "SINGLESELECT"
    NUMERIC = "NUMERIC"
    TEXT = "TEXT"


class ScoringMode(StrEnum):
    """What has a weight: each question, each section (whose questions weigh the same), or nothing: points are added."""

    QUESTION = "QUESTION_ONLY"
    SECTION = "SECTION_ONLY"
    POINTS = "POINTS_BASED"


class Comparator(StrEnum):
    IN = "IN"
    NOT_IN = "NOT_IN"
    GREATER_THAN = "GREATER_THAN"
    LESS_THAN = "LESS_THAN"
    AT_LEAST = "GREATER_THAN_OR_EQUAL_TO"
    AT_MOST = "LESS_THAN_OR_EQUAL_TO"
    EQUAL_TO = "EQUAL_TO"
    NOT_EQUAL_TO = "NOT_EQUAL_TO"


class Compared(Rule):
    """What another question was answered with: one of ``options``, or a number compared with ``number``."""

    kind: Literal["compared"] = "compared"
    question: str
    comparator: Comparator = Comparator.IN
    options: tuple[str, ...] = ()
    number: float | None = None


class Joined(Rule):
    kind: Literal["joined"] = "joined"
    operator: Literal["AND", "OR"]
    operands: tuple[AnswerCondition, ...]


AnswerCondition = Annotated[Compared | Joined, Field(discriminator="kind")]
Joined.model_rebuild()


class Enablement(Rule):
    """An item is asked when the condition holds, or, with ``disables``, when it does not."""

    condition: AnswerCondition
    disables: bool = False


class Graded(Rule):
    """What an answer is worth. ``automatic_fail``: of the whole form, or of the section ``fails_section`` alone."""

    score: int | None = None
    points: int | None = None
    is_bonus: bool = False
    automatic_fail: bool = False
    fails_section: str = ""


class Option(Graded):
    ref: str
    text: str


class NumberRange(Graded):
    """Both ends belong to it."""

    least: int
    most: int


class Window(Rule):
    """When it has to be spoken: from ``after`` (call_start, agent_connected, each time of a moment) for ``within_ms``,
    or until the moment ``before`` and ``grace_ms`` longer; until the end of the call where neither is given."""

    after: str = CALL_START
    within_ms: int | None = None
    before: str = ""
    grace_ms: int = 0


class AutomaticAnswer(Rule):
    """What shows that something was done, the surest first: facts of the playbook (``items`` of checklists as
    "checklist/item", ``moments``, ``actions`` that were withdrawn because they had been done), then rules over the
    words (``phrases`` as in a playbook, ``behaviours`` by meaning), then a model, where ``model`` asks for one.

    ``present`` and ``absent``: the options. ``needed_when``: moments without which the question does not apply,
    each at least as sure as ``needed_at_least``: guidance may be shown on a suspicion, nobody is scored on one.
    ``count``: of a numeric question, the moment whose times are counted. A "no" that is less sure than
    ``least_confidence`` stays open.
    """

    speaker: Speaker = Speaker.AGENT
    items: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    behaviours: tuple[str, ...] = ()
    at_least: float = 0.5
    window: Window | None = None
    """None: that of the first of ``items``, or the whole call."""
    needed_when: tuple[str, ...] = ()
    needed_at_least: float = 0.8
    present: str = YES
    absent: str = NO
    count: str = ""
    model: bool = False
    least_confidence: float = 0.5

    @property
    def looks_by_itself(self) -> bool:
        """Without a model."""
        return any((self.items, self.moments, self.actions, self.phrases, self.behaviours))


class Question(Rule):
    """``weight`` in percent, None for an equal share of what is left. ``instructions``: what counts, for whoever
    judges, person or model."""

    kind: Literal["question"] = "question"
    ref: str
    title: str
    instructions: str = ""
    type: QuestionType = QuestionType.SINGLE_SELECT
    weight: float | None = None
    scored: bool = True
    not_applicable: bool = False
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 0
    ranges: tuple[NumberRange, ...] = ()
    enablement: Enablement | None = None
    answer: AutomaticAnswer | None = None

    def option(self, ref: str) -> Option | None:
        return next((each for each in self.options if each.ref == ref), None)

    def range_of(self, number: float) -> NumberRange | None:
        return next((each for each in self.ranges if each.least <= number <= each.most), None)

    @property
    def is_scored(self) -> bool:
        return self.scored and self.type is not QuestionType.TEXT


class Section(Rule):
    kind: Literal["section"] = "section"
    ref: str
    title: str
    instructions: str = ""
    weight: float | None = None
    scored: bool = True
    enablement: Enablement | None = None
    items: tuple[FormItem, ...] = ()


FormItem = Annotated[Section | Question, Field(discriminator="kind")]
Section.model_rebuild()


class Form(Rule):
    """``name`` is unique within the tenant. ``appeal_days``: how long after a person's review its agent may appeal.
    ``channel``: of what contacts; None: of all."""

    name: str
    title: str
    description: str = ""
    language: str = ""
    channel: Channel | None = None
    mode: ScoringMode = ScoringMode.QUESTION
    scored: bool = True
    appeal_days: int = 14
    sections: tuple[Section, ...] = ()

    @property
    def version(self) -> str:
        """Made from the content: an answer names the form that it was given to, whatever becomes of the form."""
        unsaid = {"channel"} if self.channel is None else set()  # forms from before there were channels keep theirs
        return hashlib.sha256(self.model_dump_json(exclude=unsaid).encode()).hexdigest()[:12]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(item for item, _ in walk(self) if isinstance(item, Question))

    def question(self, ref: str) -> Question | None:
        return next((each for each in self.questions if each.ref == ref), None)


def walk(form: Form) -> Iterator[tuple[Section | Question, tuple[Section, ...]]]:
    """Every item with the sections that it is in, the outermost first, in the order of the form."""

    def inside(
        section: Section, above: tuple[Section, ...]
    ) -> Iterator[tuple[Section | Question, tuple[Section, ...]]]:
        yield section, above
        for item in section.items:
            if isinstance(item, Section):
                yield from inside(item, (*above, section))
            else:
                yield item, (*above, section)

    for each in form.sections:
        yield from inside(each, ())


def comparisons(condition: Compared | Joined) -> Iterator[Compared]:
    if isinstance(condition, Compared):
        yield condition
        return
    for operand in condition.operands:
        yield from comparisons(operand)
