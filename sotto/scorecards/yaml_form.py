"""A quality form as the plain values of its YAML file (sotto.tenants.reading.scorecards reads them back)."""

from __future__ import annotations

from typing import Any

from sotto.call.contact import Speaker
from sotto.tenants.scorecards.form import (
    NO,
    YES,
    AutomaticAnswer,
    Comparator,
    Compared,
    Enablement,
    Form,
    Graded,
    Joined,
    Question,
    QuestionType,
    ScoringMode,
    Section,
    Window,
)

_MODES = {ScoringMode.QUESTION: "question", ScoringMode.SECTION: "section", ScoringMode.POINTS: "points"}
_COMPARED = {
    Comparator.GREATER_THAN: "above",
    Comparator.LESS_THAN: "below",
    Comparator.EQUAL_TO: "is",
}


class NotInYaml(ValueError):
    """A condition that YAML has no form for; ``args`` name the item."""


def yaml_of(form: Form) -> dict[str, Any]:
    """Raises NotInYaml."""
    written: dict[str, Any] = {"version": 1, "title": form.title}
    written |= _given(description=form.description, language=form.language, channel=form.channel and form.channel.value)
    written |= {"scoring": _MODES[form.mode] if form.scored else "none", "appeal_days": form.appeal_days}
    return written | {"sections": {each.ref: _section(each) for each in form.sections}}


def _given(**values: Any) -> dict[str, Any]:
    """Without what is not there."""
    return {name: value for name, value in values.items() if value not in ("", None, (), False)}


def _section(section: Section) -> dict[str, Any]:
    written = {"title": section.title} | _given(instructions=section.instructions, weight=section.weight)
    written |= {} if section.scored else {"scored": False}
    written |= _enablement(section.ref, section.enablement)
    questions = {each.ref: _question(each) for each in section.items if isinstance(each, Question)}
    sections = {each.ref: _section(each) for each in section.items if isinstance(each, Section)}
    return written | _given(questions=questions or None, sections=sections or None)


def _question(question: Question) -> dict[str, Any]:
    written = {"title": question.title} | _given(instructions=question.instructions, weight=question.weight)
    written |= {} if question.scored else {"scored": False}
    written |= _given(not_applicable=question.not_applicable)
    if question.type is QuestionType.TEXT:
        written["text"] = True
    elif question.type is QuestionType.NUMERIC:
        ranges = [{"from": each.least, "to": each.most, **_graded(each)} for each in question.ranges]
        written["numbers"] = {"from": question.least, "to": question.most} | _given(ranges=ranges or None)
    else:
        written["options"] = {each.ref: {"text": each.text, **_graded(each)} for each in question.options}
    written |= _enablement(question.ref, question.enablement)
    return written | ({"answer": _answer(question.answer)} if question.answer is not None else {})


def _graded(grade: Graded) -> dict[str, Any]:
    fails = (grade.fails_section or "form") if grade.automatic_fail else ""
    worth = {"score": grade.score} if grade.score is not None else {}
    worth |= {"points": grade.points} if grade.points is not None else {}
    return worth | _given(bonus=grade.is_bonus, fails=fails)


def _answer(answer: AutomaticAnswer) -> dict[str, Any]:
    lists = ("items", "moments", "actions", "phrases", "behaviours", "needed_when")
    written: dict[str, Any] = {name: list(getattr(answer, name)) for name in lists if getattr(answer, name)}
    written |= _given(count=answer.count, model=answer.model)
    written |= {"speaker": answer.speaker.value} if answer.speaker is not Speaker.AGENT else {}
    written |= {"present": answer.present} if answer.present != YES else {}
    written |= {"absent": answer.absent} if answer.absent != NO else {}
    standard = AutomaticAnswer()
    for name in ("at_least", "least_confidence", "needed_at_least"):
        written |= {name: getattr(answer, name)} if getattr(answer, name) != getattr(standard, name) else {}
    return written | (_window(answer.window) if answer.window is not None else {})


def _window(window: Window) -> dict[str, Any]:
    within = f"{window.within_ms}ms" if window.within_ms is not None else ""
    grace = f"{window.grace_ms}ms" if window.grace_ms else ""
    return _given(after=window.after, within=within, before=window.before, grace=grace)


def _enablement(ref: str, enablement: Enablement | None) -> dict[str, Any]:
    """Any of mappings, all of the entries of each: deeper conditions have no form in YAML."""
    if enablement is None:
        return {}
    condition = enablement.condition
    is_any = isinstance(condition, Joined) and condition.operator == "OR"
    parts = condition.operands if isinstance(condition, Joined) and is_any else (condition,)
    written = [_all_of(ref, part) for part in parts]
    return {"unless" if enablement.disables else "only_if": written if len(written) > 1 else written[0]}


def _all_of(ref: str, condition: Compared | Joined) -> dict[str, Any]:
    parts = (condition,) if isinstance(condition, Compared) else condition.operands
    written: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, Joined) or part.question in written:
            raise NotInYaml(ref)
        if isinstance(condition, Joined) and condition.operator == "OR":
            raise NotInYaml(ref)
        written[part.question] = _compared(ref, part)
    return written


def _compared(ref: str, compared: Compared) -> Any:
    if compared.comparator is Comparator.IN and compared.options:
        return list(compared.options)
    if compared.comparator in _COMPARED and compared.number is not None:
        return {_COMPARED[compared.comparator]: compared.number}
    raise NotInYaml(ref)
