"""Reads scorecards/*.yaml: quality forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.language import tag_of
from sotto.tenants.playbook import CALL_START, Playbook
from sotto.tenants.reading.channels import read_channel
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.phrases_source import short_texts
from sotto.tenants.reading.places import Mistakes, YamlPlace
from sotto.tenants.scorecards.checks import Names, faults
from sotto.tenants.scorecards.form import (
    BEST_SCORE,
    NO,
    YES,
    AutomaticAnswer,
    Comparator,
    Compared,
    Enablement,
    Form,
    Joined,
    NumberRange,
    Option,
    Question,
    QuestionType,
    ScoringMode,
    Section,
    Window,
)

FOLDER = "scorecards"
MOST_FORMS = 50
YES_OR_NO = (Option(ref=YES, text="Yes", score=BEST_SCORE), Option(ref=NO, text="No", score=0))
_MODES = {"question": ScoringMode.QUESTION, "section": ScoringMode.SECTION, "points": ScoringMode.POINTS}
NOT_SCORED = "none"
_EVIDENCE = ("items", "moments", "actions", "behaviours", "needed_when")
Fields = Mapping[str, YamlPlace]


def read_scorecards(folder: Path, playbook: Playbook, mistakes: Mistakes) -> tuple[Form, ...]:
    """Of a tenant's folder, by name; empty where it has none."""
    names = Names.of(playbook)
    files = sorted((folder / FOLDER).glob("*.yaml"))
    if len(files) > MOST_FORMS:
        mistakes.add(f"{folder.name}/{FOLDER}", 1, 1, f"{len(files)} forms are more than {MOST_FORMS}")
    roots = [(file.stem, read_yaml(file, f"{folder.name}/{FOLDER}/{file.name}", mistakes)) for file in files]
    return tuple(
        form for name, root in roots if root is not None and (form := FormReader(root, names).read(name)) is not None
    )


class FormReader:
    """``places``: (item, field) -> where it is written; the item's own key under an empty field."""

    def __init__(self, root: YamlPlace, names: Names) -> None:
        self._root, self._names = root, names
        self._places: dict[tuple[str, str], YamlPlace] = {}

    def read(self, name: str) -> Form | None:
        """None after having noted what is wrong."""
        before = len(self._root.mistakes.found)
        known = ("version", "title", "description", "language", "channel", "scoring", "appeal_days", "sections")
        fields = self._root.fields(known, needed=("version", "title", "sections"))
        if "version" in fields:
            fields["version"].version()
        self._places |= {("", field): place for field, place in fields.items()}
        mode = fields["scoring"].one_of((*_MODES, NOT_SCORED), "scoring", "question") if "scoring" in fields else ""
        form = Form(
            name=name,
            title=_text(fields, "title"),
            description=_text(fields, "description"),
            language=_language(fields),
            channel=read_channel(fields),
            mode=_MODES.get(mode, ScoringMode.QUESTION),
            scored=mode != NOT_SCORED,
            appeal_days=int(fields["appeal_days"].number(0, 365, 14)) if "appeal_days" in fields else 14,
            sections=self._sections(fields),
        )
        if len(self._root.mistakes.found) > before:
            return None
        for fault in faults(form, self._names):
            place = self._places.get((fault.ref, fault.field)) or self._places.get((fault.ref, "")) or self._root
            place.wrong(fault.message)
        return form if len(self._root.mistakes.found) == before else None

    def _sections(self, fields: Fields) -> tuple[Section, ...]:
        entries = fields["sections"].named("sections") if "sections" in fields else []
        return tuple(self._section(ref, key, place) for ref, key, place in entries)

    def _section(self, ref: str, key: YamlPlace, place: YamlPlace) -> Section:
        known = ("title", "instructions", "weight", "scored", "only_if", "unless", "questions", "sections")
        fields = self._noted(ref, key, place.fields(known, needed=("title",)))
        questions = fields["questions"].named("questions") if "questions" in fields else []
        items: tuple[Section | Question, ...] = (
            *(self._question(*entry) for entry in questions),
            *self._sections(fields),
        )
        return Section(
            ref=ref,
            title=_text(fields, "title"),
            instructions=_text(fields, "instructions"),
            weight=_weight(fields),
            scored=_truth(fields, "scored", True),
            enablement=_enablement(fields),
            items=items,
        )

    def _question(self, ref: str, key: YamlPlace, place: YamlPlace) -> Question:
        known = (
            "title", "instructions", "weight", "scored", "not_applicable", "options", "numbers", "text", "only_if",
            "unless", "answer",
        )  # fmt: skip
        fields = self._noted(ref, key, place.fields(known, needed=("title",)))
        kinds = [each for each in ("options", "numbers", "text") if each in fields]
        if len(kinds) > 1:
            key.wrong(f"a question has one kind of answer; take {' or '.join(kinds[1:])} out")
        common: dict[str, Any] = {
            "ref": ref,
            "title": _text(fields, "title"),
            "instructions": _text(fields, "instructions"),
            "weight": _weight(fields),
            "scored": _truth(fields, "scored", True),
            "not_applicable": _truth(fields, "not_applicable", False),
            "enablement": _enablement(fields),
            "answer": self._answer(fields["answer"]) if "answer" in fields else None,
        }
        if "text" in fields:
            return Question(**common, type=QuestionType.TEXT)
        if "numbers" in fields:
            return _numeric(fields["numbers"], common)
        options = tuple(_option(*each) for each in fields["options"].named("options")) if "options" in fields else ()
        return Question(**common, options=options if "options" in fields else YES_OR_NO)

    def _noted(self, ref: str, key: YamlPlace, fields: dict[str, YamlPlace]) -> dict[str, YamlPlace]:
        """Of a reference that is used twice, the second place is the one to look at."""
        self._places |= {(ref, field): place for field, place in fields.items()} | {(ref, ""): key}
        if "unless" in fields:
            self._places.setdefault((ref, "only_if"), fields["unless"])
        return fields

    def _answer(self, place: YamlPlace) -> AutomaticAnswer:
        known = (
            *_EVIDENCE, "phrases", "at_least", "speaker", "after", "within", "before", "grace", "present", "absent",
            "count", "model", "least_confidence", "needed_at_least",
        )  # fmt: skip
        fields = place.fields(known)
        known_names = {
            **{each: getattr(self._names, each) for each in _EVIDENCE[:4]},
            "needed_when": self._names.moments,
        }
        named = {
            field: fields[field].known(known_names[field], _one(field)) if field in fields else ()
            for field in _EVIDENCE
        }
        timed = {"after", "within", "before", "grace"} & fields.keys()
        return AutomaticAnswer(
            **named,
            phrases=short_texts(fields["phrases"]) if "phrases" in fields else (),
            at_least=fields["at_least"].number(0, 1, 0.5) if "at_least" in fields else 0.5,
            speaker=_speaker(fields),
            window=_window(fields) if timed else None,
            present=_text(fields, "present") or YES,
            absent=_text(fields, "absent") or NO,
            count=_text(fields, "count"),
            model=_truth(fields, "model", False),
            least_confidence=fields["least_confidence"].number(0, 1, 0.5) if "least_confidence" in fields else 0.5,
            needed_at_least=fields["needed_at_least"].number(0, 1, 0.8) if "needed_at_least" in fields else 0.8,
        )


def _one(field: str) -> str:
    return {"needed_when": "moment", "items": "item of a checklist"}.get(field, field.removesuffix("s"))


def _window(fields: Fields) -> Window:
    return Window(
        after=_text(fields, "after") or CALL_START,
        within_ms=fields["within"].duration_ms() if "within" in fields else None,
        before=_text(fields, "before"),
        grace_ms=fields["grace"].duration_ms() if "grace" in fields else 0,
    )


def _speaker(fields: Fields) -> Speaker:
    if "speaker" not in fields:
        return Speaker.AGENT
    return Speaker(fields["speaker"].one_of([one.value for one in CHANNELS], "speaker", Speaker.AGENT.value))


def _option(ref: str, key: YamlPlace, place: YamlPlace) -> Option:
    fields = place.fields(("text", "score", "points", "bonus", "fails"), needed=("text",))
    return Option(ref=ref, text=_text(fields, "text"), **_graded(fields))


def _numeric(place: YamlPlace, common: dict[str, Any]) -> Question:
    fields = place.fields(("from", "to", "ranges"), needed=("from", "to"))
    ranges = []
    for item in fields["ranges"].items() if "ranges" in fields else ():
        own = item.fields(("from", "to", "score", "points", "bonus", "fails"), needed=("from", "to"))
        ranges.append(NumberRange(least=_whole(own, "from"), most=_whole(own, "to"), **_graded(own)))
    return Question.model_validate(
        {**common, "type": QuestionType.NUMERIC, "least": _whole(fields, "from"), "most": _whole(fields, "to")}
        | {"ranges": tuple(ranges)}
    )


def _graded(fields: Fields) -> dict[str, Any]:
    fails = _text(fields, "fails")
    return {
        "score": int(fields["score"].number(0, BEST_SCORE, 0)) if "score" in fields else None,
        "points": int(fields["points"].number(0, 100, 0)) if "points" in fields else None,
        "is_bonus": _truth(fields, "bonus", False),
        "automatic_fail": bool(fails),
        "fails_section": "" if fails == "form" else fails,
    }


def _whole(fields: Fields, name: str) -> int:
    return int(fields[name].number(-1_000_000, 1_000_000, 0)) if name in fields else 0


def _enablement(fields: Fields) -> Enablement | None:
    if "only_if" in fields and "unless" in fields:
        fields["unless"].wrong("write either 'only_if' or 'unless'; a list under one of them joins by or")
    name = "only_if" if "only_if" in fields else "unless"
    if name not in fields:
        return None
    place = fields[name]
    parts = [joined for item in place.items() if (joined := _all_of(item)) is not None]
    if not parts:
        return None
    condition = parts[0] if len(parts) == 1 else Joined(operator="OR", operands=tuple(parts))
    return Enablement(condition=condition, disables=name == "unless")


def _all_of(place: YamlPlace) -> Compared | Joined | None:
    entries = place.named("questions with their options, such as 'identity: [yes]'")
    parts = [_compared(question, value) for question, _, value in entries]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Joined(operator="AND", operands=tuple(parts))


_NUMBERS = {"above": Comparator.GREATER_THAN, "below": Comparator.LESS_THAN, "is": Comparator.EQUAL_TO}


def _compared(question: str, place: YamlPlace) -> Compared:
    if not place.is_map:
        return Compared(question=question, options=place.words())
    fields = place.fields((*_NUMBERS,))
    for name, comparator in _NUMBERS.items():
        if name in fields:
            return Compared(question=question, comparator=comparator, number=fields[name].number(-1e6, 1e6, 0))
    return Compared(question=question)


def _language(fields: Fields) -> str:
    if "language" not in fields:
        return ""
    text = fields["language"].text() or ""
    if text and not tag_of(text):
        fields["language"].wrong(f"'{text}' is no language; write for example en-US")
    return text


def _weight(fields: Fields) -> float | None:
    return fields["weight"].number(0, 100, 0) if "weight" in fields else None


def _truth(fields: Fields, name: str, default: bool) -> bool:
    return fields[name].truth() if name in fields else default


def _text(fields: Fields, name: str) -> str:
    return (fields[name].text() or "") if name in fields else ""
