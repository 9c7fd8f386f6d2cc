"""A quality form out of the JSON of Connect's evaluation forms (DescribeEvaluationForm, or CreateEvaluationForm's).

What our forms have no word for is refused with its place (multiple choices, dates, conditions on something else than
another answer), or, where it only decorates, left out and listed. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateEvaluationForm.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sotto.core.errors import Rejected
from sotto.scorecards.connect_conditions import enablement_from
from sotto.scorecards.connect_json import Problems, at
from sotto.tenants.scorecards.checks import Names, faults
from sotto.tenants.scorecards.form import (
    AutomaticAnswer,
    Form,
    NumberRange,
    Option,
    Question,
    QuestionType,
    ScoringMode,
    Section,
)

DECORATION = ("ScoreThresholds", "MetricConfiguration", "DisplayAs", "Tags", "TargetConfiguration")
_NOT_OURS = {
    "MULTISELECT": "several choices at once are not supported; ask a question for each",
    "DATETIME": "dates are not supported; ask for a text",
}


class FormRefused(Rejected):
    """``problems``: "Items[0].Section.RefId: what is wrong", one each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Imported:
    """``left_out``: places of what the form does not keep."""

    form: Form
    left_out: tuple[str, ...] = ()


def imported(document: Any, name: str, names: Names) -> Imported:
    """Raises FormRefused with every problem. ``names``: of the tenant's playbook; a rule category is a moment by its
    name, in lower case with '_'."""
    described = document.get("EvaluationForm", document) if isinstance(document, Mapping) else document
    return _Importing(described, names).read(name)


class _Importing:
    def __init__(self, document: Any, names: Names) -> None:
        self._document, self._names = document, names
        self._problems = Problems()
        self._left_out: list[str] = []
        self._places: dict[str, str] = {}
        self._mode = ScoringMode.QUESTION
        self._scored = True

    def read(self, name: str) -> Imported:
        root = self._problems.mapping(self._document, "")
        strategy = self._problems.mapping(root.get("ScoringStrategy", {}), "ScoringStrategy")
        modes = {each.value: each for each in ScoringMode}
        mode = str(strategy.get("Mode", "QUESTION_ONLY"))
        if mode not in modes:
            self._problems.add("ScoringStrategy.Mode", f"write one of {', '.join(modes)}")
        self._mode = modes.get(mode, ScoringMode.QUESTION)
        self._scored = bool(strategy) and strategy.get("Status") == "ENABLED"
        self._decoration(root, "")
        review = self._problems.mapping(root.get("ReviewConfiguration", {}), "ReviewConfiguration")
        language = self._problems.mapping(root.get("LanguageConfiguration", {}), "LanguageConfiguration")
        sections = self._top(root)
        form = Form(
            name=name,
            title=self._problems.text(root, "Title", ""),
            description=self._problems.text(root, "Description", "", needed=False),
            language=self._problems.text(language, "FormLanguage", "LanguageConfiguration", needed=False),
            mode=self._mode,
            scored=self._scored,
            appeal_days=int(self._problems.number(review, "EligibilityDays", "ReviewConfiguration") or 14),
            sections=sections,
        )
        if not self._problems.found:
            for fault in faults(form, self._names):
                self._problems.add(self._places.get(fault.ref, "Items"), fault.message)
        if self._problems.found:
            raise FormRefused(tuple(self._problems.found))
        return Imported(form, tuple(self._left_out))

    def _top(self, root: Mapping[str, Any]) -> tuple[Section, ...]:
        """Connect allows questions outside of sections; they get one around them."""
        items = self._items(root, "")
        sections = [each for each in items if isinstance(each, Section)]
        loose = tuple(each for each in items if isinstance(each, Question))
        if loose:
            sections.append(Section(ref="questions", title="Questions", items=loose))
        return tuple(sections)

    def _items(self, holder: Mapping[str, Any], path: str) -> tuple[Section | Question, ...]:
        found: list[Section | Question] = []
        for n, item in enumerate(self._problems.list(holder, "Items", path)):
            place = at(path, f"Items[{n}]")
            entry = self._problems.mapping(item, place)
            if "Section" in entry:
                found.append(self._section(self._problems.mapping(entry["Section"], at(place, "Section")), place))
            elif "Question" in entry:
                question = self._question(
                    self._problems.mapping(entry["Question"], at(place, "Question")), at(place, "Question")
                )
                found += [question] if question is not None else []
            else:
                self._problems.add(place, "an item is a Section or a Question")
        return tuple(found)

    def _section(self, given: Mapping[str, Any], place: str) -> Section:
        path = at(place, "Section")
        ref = self._ref(given, path)
        self._decoration(given, path)
        return Section(
            ref=ref,
            title=self._problems.text(given, "Title", path),
            instructions=self._problems.text(given, "Instructions", path, needed=False),
            weight=self._weight(given, path, ScoringMode.SECTION),
            scored=not given.get("IsExcludedFromScoring", False) and given.get("Weight") != 0,
            enablement=enablement_from(given.get("Enablement"), at(path, "Enablement"), self._problems),
            items=self._items(given, path),
        )

    def _question(self, given: Mapping[str, Any], path: str) -> Question | None:
        kind = str(given.get("QuestionType"))
        if kind in _NOT_OURS:
            self._problems.add(at(path, "QuestionType"), _NOT_OURS[kind])
            return None
        if kind not in {each.value for each in QuestionType}:
            self._problems.add(at(path, "QuestionType"), "write SINGLESELECT, NUMERIC or TEXT")
            return None
        self._decoration(given, path)
        properties = self._problems.mapping(given.get("QuestionTypeProperties", {}), at(path, "QuestionTypeProperties"))
        scoring = self._problems.mapping(given.get("ScoringConfiguration", {}), at(path, "ScoringConfiguration"))
        common: dict[str, Any] = {
            "ref": self._ref(given, path),
            "title": self._problems.text(given, "Title", path),
            "instructions": self._problems.text(given, "Instructions", path, needed=False),
            "type": QuestionType(kind),
            "weight": self._weight(given, path, ScoringMode.QUESTION),
            "scored": not scoring.get("IsExcludedFromScoring", False) and given.get("Weight") != 0,
            "not_applicable": bool(given.get("NotApplicableEnabled", False)),
            "enablement": enablement_from(given.get("Enablement"), at(path, "Enablement"), self._problems),
        }
        where = at(path, "QuestionTypeProperties")
        if kind == QuestionType.SINGLE_SELECT:
            own = self._problems.mapping(properties.get("SingleSelect", {}), at(where, "SingleSelect"))
            return Question(**common, **self._single(own, at(where, "SingleSelect")))
        if kind == QuestionType.NUMERIC:
            own = self._problems.mapping(properties.get("Numeric", {}), at(where, "Numeric"))
            return Question(**common, **self._numeric(own, at(where, "Numeric")))
        return Question(**common)

    def _single(self, own: Mapping[str, Any], path: str) -> dict[str, Any]:
        self._decoration(own, path)
        options = tuple(
            Option(
                ref=self._problems.text(option, "RefId", place),
                text=self._problems.text(option, "Text", place),
                **self._graded(option, place),
            )
            for place, option in self._problems.mappings(own, "Options", path)
        )
        return {"options": options, "answer": self._automation(own, at(path, "Automation"))}

    def _numeric(self, own: Mapping[str, Any], path: str) -> dict[str, Any]:
        if "Automation" in own:
            self._left_out.append(at(path, "Automation"))
        ranges = tuple(
            NumberRange(least=int(option["MinValue"]), most=int(option["MaxValue"]), **self._graded(option, place))
            for place, option in self._problems.mappings(own, "Options", path, needed=False)
            if self._problems.numbers(option, ("MinValue", "MaxValue"), place)
        )
        ends = own if self._problems.numbers(own, ("MinValue", "MaxValue"), path) else {"MinValue": 0, "MaxValue": 0}
        return {"least": int(ends["MinValue"]), "most": int(ends["MaxValue"]), "ranges": ranges}

    def _graded(self, option: Mapping[str, Any], place: str) -> dict[str, Any]:
        points = self._problems.mapping(option.get("PointsConfiguration", {}), at(place, "PointsConfiguration"))
        failing = option.get("AutomaticFailConfiguration")
        target = self._problems.mapping(failing or {}, at(place, "AutomaticFailConfiguration")).get("TargetSection")
        score = self._problems.number(option, "Score", place)
        worth = self._problems.number(points, "PointValue", at(place, "PointsConfiguration"))
        return {
            "score": None if score is None else int(score),
            "points": None if worth is None else int(worth),
            "is_bonus": bool(points.get("IsBonus", False)),
            "automatic_fail": bool(option.get("AutomaticFail", False)) or failing is not None,
            "fails_section": str(target) if target else "",
        }

    def _automation(self, own: Mapping[str, Any], path: str) -> AutomaticAnswer | None:
        """Rule categories become moments; a question for generative AI becomes one for a model."""
        given = self._problems.mapping(own.get("Automation", {}), path)
        if not given:
            return None
        present: list[str] = []
        chosen: dict[str, str] = {}
        for n, each in enumerate(self._problems.list(given, "Options", path, needed=False)):
            rule = each.get("RuleCategory") if isinstance(each, Mapping) else None
            moment = _moment(str(rule.get("Category", ""))) if isinstance(rule, Mapping) else ""
            if not isinstance(rule, Mapping) or moment not in self._names.moments:
                self._left_out.append(f"{path}.Options[{n}]")
                continue
            side, option = "present" if rule.get("Condition") == "PRESENT" else "absent", str(rule.get("OptionRefId"))
            if chosen.setdefault(side, option) != option:  # one answer is for "it was there", one for "it was not"
                self._left_out.append(f"{path}.Options[{n}]")
                continue
            present.append(moment)
        source = self._problems.mapping(given.get("AnswerSource", {}), at(path, "AnswerSource")).get("SourceType")
        refs = [str(each.get("RefId")) for each in own.get("Options") or [] if isinstance(each, Mapping)]
        if not present and source != "GEN_AI" or len(refs) < 2:
            return None
        default = given.get("DefaultOptionRefId")
        others = [ref for ref in refs if ref != chosen.get("absent")]
        yes = chosen.get("present") or next((ref for ref in others if ref != default), others[0])
        no = chosen.get("absent") or (str(default) if default else next(ref for ref in refs if ref != yes))
        return AutomaticAnswer(moments=tuple(dict.fromkeys(present)), present=yes, absent=no, model=source == "GEN_AI")

    def _ref(self, given: Mapping[str, Any], path: str) -> str:
        ref = self._problems.text(given, "RefId", path)
        self._places[ref] = path
        return ref

    def _weight(self, given: Mapping[str, Any], path: str, mode: ScoringMode) -> float | None:
        """Connect keeps weights that the form's mode does not use."""
        weight = self._problems.number(given, "Weight", path)
        return weight if mode is self._mode and self._scored and weight != 0 else None

    def _decoration(self, given: Mapping[str, Any], path: str) -> None:
        self._left_out += [at(path, name) for name in DECORATION if name in given]


def _moment(category: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", category.strip().lower()).strip("_")
