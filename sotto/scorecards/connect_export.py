"""A quality form as the JSON that Connect's CreateEvaluationForm takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sotto.scorecards.connect_conditions import enablement_to
from sotto.scorecards.scoring import section_weights, weights
from sotto.tenants.scorecards.form import Form, Graded, Question, QuestionType, ScoringMode, Section


@dataclass(frozen=True, slots=True)
class Exported:
    """``document`` as CreateEvaluationForm takes it, without InstanceId. ``left_out``: what Connect has no word for."""

    document: dict[str, Any]
    left_out: tuple[str, ...] = ()


def exported(form: Form) -> Exported:
    left_out: list[str] = []
    document: dict[str, Any] = {
        "Title": form.title,
        "Items": [_item(each, form, left_out) for each in form.sections],
        "ScoringStrategy": {"Mode": form.mode.value, "Status": "ENABLED" if form.scored else "DISABLED"},
    }
    if form.description:
        document["Description"] = form.description
    if form.language:
        document["LanguageConfiguration"] = {"FormLanguage": form.language}
    left_out.append("appeal_days: Connect wants to know whom to notify; set it in its console")
    return Exported(document, tuple(left_out))


def _item(item: Section | Question, form: Form, left_out: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"Title": item.title, "RefId": item.ref}
    if item.instructions:
        made["Instructions"] = item.instructions
    if item.enablement is not None:
        made["Enablement"] = enablement_to(item.enablement)
    weight = _written_weight(item, form)
    if weight is not None:
        made["Weight"] = weight
    if isinstance(item, Section):
        made |= {"IsExcludedFromScoring": not item.scored} if not item.scored else {}
        return {"Section": made | {"Items": [_item(each, form, left_out) for each in item.items]}}
    made |= {"QuestionType": item.type.value, "NotApplicableEnabled": item.not_applicable}
    if not item.scored:
        made["ScoringConfiguration"] = {"IsExcludedFromScoring": True}
    properties = _properties(item, left_out)
    return {"Question": made | ({"QuestionTypeProperties": properties} if properties else {})}


def _written_weight(item: Section | Question, form: Form) -> float | None:
    """Connect wants all of them; of ours some may be left to share."""
    if not form.scored or form.mode is ScoringMode.POINTS:
        return None
    found = section_weights(form) if form.mode is ScoringMode.SECTION else weights(form)
    weighed = isinstance(item, Section) is (form.mode is ScoringMode.SECTION)
    return round(found[item.ref], 4) if weighed and item.ref in found else None


def _properties(question: Question, left_out: list[str]) -> dict[str, Any]:
    if question.type is QuestionType.NUMERIC:
        ranges = [{"MinValue": each.least, "MaxValue": each.most, **_grade(each)} for each in question.ranges]
        if question.answer is not None:
            left_out.append(f"{question.ref}: what counts it")
        return {"Numeric": {"MinValue": question.least, "MaxValue": question.most, "Options": ranges}}
    if question.type is QuestionType.TEXT:
        return {}
    options = [{"RefId": each.ref, "Text": each.text, **_grade(each)} for each in question.options]
    automation = _automation(question, left_out)
    return {"SingleSelect": {"Options": options, **({"Automation": automation} if automation else {})}}


def _grade(grade: Graded) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if grade.score is not None:
        made["Score"] = grade.score
    if grade.points is not None:
        made["PointsConfiguration"] = {"PointValue": grade.points, "IsBonus": grade.is_bonus}
    if grade.automatic_fail:
        made["AutomaticFail"] = True
        if grade.fails_section:
            made["AutomaticFailConfiguration"] = {"TargetSection": grade.fails_section}
    return made


def _automation(question: Question, left_out: list[str]) -> dict[str, Any]:
    """Rule categories by the moments' names: create them in Contact Lens for Connect to answer by."""
    answer = question.answer
    if answer is None:
        return {}
    others = [
        name for name in ("items", "actions", "phrases", "behaviours", "window", "needed_when") if getattr(answer, name)
    ]
    left_out += [f"{question.ref}: {name}" for name in others]
    if answer.model and not answer.moments:
        return {"AnswerSource": {"SourceType": "GEN_AI"}}
    if not answer.moments:
        return {}
    rules = [
        {"RuleCategory": {"Category": moment, "Condition": "PRESENT", "OptionRefId": answer.present}}
        for moment in answer.moments
    ]
    return {"Options": rules, "DefaultOptionRefId": answer.absent, "AnswerSource": {"SourceType": "CONTACT_LENS_DATA"}}
