"""Reads the steps of a definition, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.workflows.definition import Ask, Branch, Case, Choice, Each, Human, Use, Wait
from sotto.workflows.expressions import literal

LANGUAGES = ("en", "de")
DAY_MS = 86_400_000
LONGEST_MS = 180 * DAY_MS
LONGEST_HUMAN_MS = 60 * DAY_MS
MOST_STEPS = 60
MOST_ITEMS = 20
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KINDS = ("use", "ask", "branch", "map", "wait", "human")
_BESIDE = {"use": ("with",), "ask": (), "branch": (), "map": ("as", "most", "steps"), "wait": (), "human": ()}
_DAYS = re.compile(r"(\d{1,4})d")


@dataclass(frozen=True, slots=True)
class ReadStep:
    """``places``: where its parts stand, by name. ``inner``: the steps of a map."""

    step: Any
    place: YamlPlace
    places: Mapping[str, YamlPlace]
    inner: Sequence[ReadStep] = field(default=())


def read_steps(place: YamlPlace, agents: Collection[str], *, in_map: bool = False) -> list[ReadStep]:
    items = place.items() if place.is_list else []
    if not items:
        place.wrong("expected steps: a list whose entries begin with '- id: ...'")
    if len(items) > MOST_STEPS:
        place.wrong(f"{len(items)} steps are more than {MOST_STEPS}; make two workflows of it")
    found = [_step(item, agents, in_map=in_map) for item in items[:MOST_STEPS]]
    return [each for each in found if each is not None]


def _step(item: YamlPlace, agents: Collection[str], *, in_map: bool) -> ReadStep | None:
    if not item.is_map:
        item.wrong("expected a step, such as '- id: promises' with 'use: find_promises' below it")
        return None
    written = {name: value for name, _, value in item.named("a step")}
    kinds = [kind for kind in _KINDS if kind in written]
    if len(kinds) != 1:
        known = ", ".join(_KINDS)
        several = f"not of {', '.join(kinds)}" if kinds else did_you_mean(next(iter(written), ""), _KINDS).lstrip("; ")
        item.wrong(f"a step is one of {known}{'; ' + several if several else ''}")
        return None
    kind = kinds[0]
    fields = item.fields(("id", kind, *_BESIDE[kind]), needed=("id",))
    if "id" not in fields:
        return None
    id = fields["id"].text() or ""
    if not _ID.fullmatch(id) or id in ("end", "next", "found"):
        fields["id"].wrong(f"'{id[:40]}' is no id of a step: use a-z, 0-9 and '_', but not end, next or found")
    if kind == "map" and in_map:
        item.wrong("a map within a map is not possible; have a tool give one list")
        return None
    places = {**fields, "place": item}
    if kind == "map":
        return _map(id, fields, item, agents)
    made = {"use": _use, "ask": _ask, "branch": _branch, "wait": _wait, "human": _human}[kind](id, fields, agents)
    return ReadStep(made, item, places) if made is not None else None


def _use(id: str, fields: Mapping[str, YamlPlace], agents: Collection[str]) -> Use:
    arguments = {}
    if "with" in fields:
        arguments = {name: written_value(value) for name, _, value in fields["with"].named("arguments")}
    return Use(id, fields["use"].text() or "", arguments)


def _ask(id: str, fields: Mapping[str, YamlPlace], agents: Collection[str]) -> Ask:
    name = fields["ask"].text() or ""
    if name not in agents:
        fields["ask"].wrong(f"unknown agent '{name[:40]}'{did_you_mean(name, agents)}")
    return Ask(id, name)


def _branch(id: str, fields: Mapping[str, YamlPlace], agents: Collection[str]) -> Branch:
    cases = []
    for item in fields["branch"].items():
        parts = item.fields(("if", "go"), needed=("go",))
        if "go" in parts:
            cases.append(Case(parts["if"].text() or "" if "if" in parts else "", parts["go"].text() or ""))
    return Branch(id, tuple(cases))


def _map(id: str, fields: Mapping[str, YamlPlace], item: YamlPlace, agents: Collection[str]) -> ReadStep | None:
    for name in ("as", "steps"):
        if name not in fields:
            item.wrong(f"'{name}' is missing; add '{name}: ...'")
            return None
    name = fields["as"].text() or ""
    if not _ID.fullmatch(name):
        fields["as"].wrong(f"'{name[:40]}' is no name: use a-z, 0-9 and '_'")
    most = int(fields["most"].number(1, MOST_ITEMS, MOST_ITEMS)) if "most" in fields else MOST_ITEMS
    inner = read_steps(fields["steps"], agents, in_map=True)
    step = Each(id, fields["map"].text() or "", name, most, tuple(each.step for each in inner))
    return ReadStep(step, item, {**fields, "place": item}, inner)


def _wait(id: str, fields: Mapping[str, YamlPlace], agents: Collection[str]) -> Wait:
    if not fields["wait"].is_map:
        return Wait(id, duration_ms(fields["wait"], LONGEST_MS))
    parts = fields["wait"].fields(("until", "at_most"), needed=("until", "at_most"))
    at_most = duration_ms(parts["at_most"], LONGEST_MS) if "at_most" in parts else DAY_MS
    return Wait(id, at_most, parts["until"].text() or "" if "until" in parts else "")


def _human(id: str, fields: Mapping[str, YamlPlace], agents: Collection[str]) -> Human | None:
    known = ("title", "show", "choices", "within", "otherwise", "allows")
    parts = fields["human"].fields(known, needed=("title", "choices", "within", "otherwise"))
    if any(name not in parts for name in ("title", "choices", "within", "otherwise")):
        return None
    choices = tuple(Choice(name, translated(value)) for name, _, value in parts["choices"].named("choices"))
    names = [each.id for each in choices]
    otherwise = parts["otherwise"].text() or ""
    if otherwise in names:
        parts["otherwise"].wrong("that nobody came is no choice of theirs; use another word, such as 'unanswered'")
    allows: dict[str, tuple[str, ...]] = {}
    for step, _, value in parts["allows"].named("steps") if "allows" in parts else ():
        allows[step] = value.known(names, "choice")
    return Human(
        id,
        translated(parts["title"]),
        choices,
        duration_ms(parts["within"], LONGEST_HUMAN_MS),
        otherwise,
        parts["show"].words() if "show" in parts else (),
        allows,
    )


def translated(place: YamlPlace) -> dict[str, str]:
    """English and German; an English text alone stands for both."""
    if not place.is_map:
        text = place.text() or ""
        return dict.fromkeys(LANGUAGES, text)
    fields = place.fields(LANGUAGES, needed=LANGUAGES)
    return {name: value.text() or "" for name, value in fields.items()}


def duration_ms(place: YamlPlace, most_ms: int) -> int:
    """``30d``, or a time in hours and less."""
    days = _DAYS.fullmatch((place.text() or "").replace(" ", ""))
    if days is None:
        return place.duration_ms(most_ms=min(most_ms, 48 * 3_600_000))
    value = int(days[1]) * DAY_MS
    if not 0 < value <= most_ms:
        place.wrong(f"{days[0]} is out of range; nothing waits longer than {most_ms // DAY_MS}d, records are not kept")
        return DAY_MS
    return value


def written_value(place: YamlPlace) -> Any:
    """A list of words, a reference, a number, true, false or a word."""
    if place.is_list:
        return [literal(text) for text, _ in place.texts()]
    return literal(place.text() or "")
