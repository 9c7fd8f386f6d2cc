"""What can be known to be wrong with a definition before it runs: tools, arguments, references, jumps, permissions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sotto.call.events import (
    CallNoted,
    CrmFiled,
    DispositionChosen,
    OutcomeKnown,
    ReviewClosed,
    ScorecardReady,
    SummaryReady,
    WorkflowDecided,
    WorkflowEnded,
    WorkflowStarted,
    WorkflowWaiting,
)
from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.workflows.definition import END, NEXT, OUTWARD, Ask, Branch, Each, Human, Use, Wait
from sotto.workflows.expressions import NotAnExpression, is_reference, root_of, roots_of
from sotto.workflows.steps_reading import ReadStep
from sotto.workflows.tools import TOOLS, BadArguments, checked

STARTERS = frozenset(
    kind.TYPE
    for kind in (
        SummaryReady,
        DispositionChosen,
        ScorecardReady,
        ReviewClosed,
        OutcomeKnown,
    )  # fmt: skip
)
CAUSED_BY_US = frozenset(
    kind.TYPE for kind in (CrmFiled, CallNoted, WorkflowStarted, WorkflowWaiting, WorkflowDecided, WorkflowEnded)
)
_USED = re.compile(r"\$[a-z][a-z0-9_.]*")
_OF_AN_AGENT = ("text", "origin", "rests_on", "agent")
_OF_A_PERSON = ("choice", "reason", "by", "is_answered")
Known = dict[str, tuple[str, ...] | None]
"""Names that a reference may begin with, each with the fields it has; None for any."""


def check(read: Sequence[ReadStep]) -> None:
    """Notes every mistake at its place."""
    _check_ids(read)
    outward = {each.step.id for each in _every(read) if isinstance(each.step, Use) and each.step.tool in OUTWARD}
    _check_list(read, {}, outward, in_map=False)


def _every(read: Sequence[ReadStep]) -> list[ReadStep]:
    return [one for each in read for one in (each, *each.inner)]


def _check_ids(read: Sequence[ReadStep]) -> None:
    seen: set[str] = set()
    for each in _every(read):
        names = [each.step.id, *([each.step.name] if isinstance(each.step, Each) else [])]
        for name in names:
            if name in seen:
                each.place.wrong(f"'{name}' is the name of another step already; names are unique in a workflow")
            seen.add(name)


def _check_list(read: Sequence[ReadStep], known: Known, outward: set[str], *, in_map: bool) -> None:
    places = {each.step.id: place for place, each in enumerate(read)}
    for place, each in enumerate(read):
        step = each.step
        if isinstance(step, Use):
            check_tool(each.places["use"], step.tool, step.arguments)
            for value in step.arguments.values():
                _check_value(each.places.get("with", each.place), value, known)
            known[step.id] = TOOLS[step.tool].gives if step.tool in TOOLS else None
        elif isinstance(step, Ask):
            known[step.id] = _OF_AN_AGENT
        elif isinstance(step, Branch):
            _check_branch(each, place, places, known, in_map=in_map)
        elif isinstance(step, Wait):
            if step.until:
                _check_value(each.places["wait"], step.until, known)
            known[step.id] = ("at_ms",)
        elif isinstance(step, Human):
            _check_human(each, known, outward)
            known[step.id] = _OF_A_PERSON
        elif isinstance(step, Each):
            _check_value(each.places["map"], step.over, known, is_reference_needed=True)
            _check_list(each.inner, {**known, step.name: None}, outward, in_map=True)


def _check_branch(each: ReadStep, place: int, places: Mapping[str, int], known: Known, *, in_map: bool) -> None:
    for case in each.step.cases:
        if case.when:
            check_condition(each.place, case.when, known)
        if case.go == END or (case.go == NEXT and in_map):
            continue
        if case.go not in places:
            each.places["branch"].wrong(f"there is no step '{case.go[:40]}' here{did_you_mean(case.go, places)}")
        elif places[case.go] <= place:
            each.places["branch"].wrong(
                f"'{case.go}' comes before this step: that would be a cycle, and workflows only go on; use a map"
            )


def _check_human(each: ReadStep, known: Known, outward: set[str]) -> None:
    at = each.places["human"]
    for value in each.step.show:
        _check_value(at, value, known, is_reference_needed=True)
    if not 1 <= len(each.step.choices) <= 6:
        at.wrong(f"a person chooses among 1 to 6 things, not {len(each.step.choices)}")
    for name in each.step.allows:
        if name not in outward:
            at.wrong(f"'{name[:40]}' is no step that acts outside{did_you_mean(name, outward)}")


def check_tool(place: YamlPlace, name: str, arguments: Mapping[str, Any], *, reads: bool = False) -> None:
    """``reads``: it may only read. References are tried when the step runs; constants now."""
    spec = TOOLS.get(name)
    if spec is None:
        place.wrong(f"unknown tool '{name[:40]}'{did_you_mean(name, TOOLS)}")
        return
    if reads and spec.outward:
        place.wrong(f"'{name}' acts outside, and here something is only looked up; make it a step")
    unknown = [each for each in arguments if each not in spec.arguments.model_fields]
    for each in unknown:
        place.wrong(f"'{name}' takes no '{each[:40]}'{did_you_mean(each, spec.arguments.model_fields)}")
    if unknown:
        return
    constants = {key: value for key, value in arguments.items() if not is_reference(value)}
    referred = arguments.keys() - constants.keys()
    needed = {key for key, field in spec.arguments.model_fields.items() if field.is_required()}
    try:
        checked(spec, constants)
    except BadArguments as error:
        wrong = {part.split(":")[0].strip() for part in str(error).split("missing:")[-1].split(";")}
        if not wrong <= referred & needed:
            place.wrong(str(error))


def check_condition(place: YamlPlace, condition: str, known: Known) -> None:
    try:
        roots_of(condition)
    except NotAnExpression as error:
        place.wrong(str(error))
        return
    for reference in _USED.findall(condition):
        _check_value(place, reference.rstrip("."), known)


def check_reference(place: YamlPlace, condition: str, tools: Mapping[str, str]) -> None:
    known: Known = {name: TOOLS[tool].gives if tool in TOOLS else None for name, tool in tools.items()}
    for reference in _USED.findall(condition):
        if root_of(reference) in known:
            _check_value(place, reference, known)


def _check_value(place: YamlPlace, value: Any, known: Known, *, is_reference_needed: bool = False) -> None:
    if not is_reference(value):
        if is_reference_needed:
            place.wrong(f"expected a reference, such as $promises.items, not '{str(value)[:40]}'")
        return
    try:
        root = root_of(value)
    except NotAnExpression as error:
        place.wrong(str(error))
        return
    if root not in known:
        place.wrong(f"'${root}' is no step before this one{did_you_mean(root, known)}")
        return
    fields, rest = known[root], value.split(".")[1:]
    if fields is not None and rest and rest[0] not in fields:
        place.wrong(f"'${root}' has no '{rest[0]}'{did_you_mean(rest[0], fields)}")
