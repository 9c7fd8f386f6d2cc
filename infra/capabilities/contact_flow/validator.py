"""Judges a contact flow as Connect would on import, without Connect.

``problems`` accepts the flow language and the older form that the console exported; only the former can be deployed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.capabilities.contact_flow import language


@dataclass(frozen=True, slots=True)
class Step:
    """An action and where it leads. ``errors`` are the names of the errors it has a way on for."""

    identifier: str
    kind: str
    parameters: Mapping[str, Any]
    leads_to: tuple[str, ...]
    errors: frozenset[str]
    has_next: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Flow:
    start: str
    steps: tuple[Step, ...]
    deployable: bool


class NotAFlow(Exception):
    """The document has not the shape of a flow at all. The message names what is missing."""


def problems(document: Any, *, complete: bool = False) -> list[str]:
    """What Connect would refuse, one line each. ``complete``: as it is to be deployed, so no reference may be empty and
    nothing may be out of reach."""
    try:
        flow = read(document)
    except NotAFlow as error:
        return [str(error)]
    found = [*_of_the_whole(flow), *_of_links(flow)]
    for step in flow.steps:
        found += _of_step(step, flow.deployable)
    if not found:
        found += _of_paths(flow)
    if complete:
        found += [*_unfinished(flow), *_out_of_reach(flow)]
    return found


def read(document: Any) -> Flow:
    """Raises NotAFlow."""
    if not isinstance(document, Mapping):
        raise NotAFlow("a flow is a JSON object")
    if "modules" in document:
        return _console_export(document)
    if document.get("Version") != language.VERSION:
        raise NotAFlow(f"Version: must be '{language.VERSION}'")
    if not isinstance(document.get("StartAction"), str) or not isinstance(document.get("Actions"), list):
        raise NotAFlow("StartAction and Actions are needed")
    return Flow(document["StartAction"], tuple(map(_step, document["Actions"])), deployable=True)


def _step(action: Any) -> Step:
    if not isinstance(action, Mapping) or not all(isinstance(action.get(key), str) for key in ("Identifier", "Type")):
        raise NotAFlow("Actions: each needs an Identifier and a Type")
    transitions = action.get("Transitions") or {}
    errors = transitions.get("Errors") or []
    conditions = transitions.get("Conditions") or []
    following = [transitions["NextAction"]] if transitions.get("NextAction") else []
    leads_to = [*following, *(str(each.get("NextAction", "")) for each in [*errors, *conditions])]
    return Step(
        identifier=action["Identifier"],
        kind=action["Type"],
        parameters=action.get("Parameters") or {},
        leads_to=tuple(leads_to),
        errors=frozenset(str(each.get("ErrorType", "")) for each in errors),
        has_next=bool(following or conditions),
        may_end=action["Type"] in language.MAY_END,
    )


def _console_export(document: Mapping[str, Any]) -> Flow:
    if not isinstance(document.get("start"), str) or not isinstance(document["modules"], list):
        raise NotAFlow("start and modules are needed")
    steps = tuple(
        Step(
            identifier=str(module.get("id")),
            kind=str(module.get("type")),
            parameters={},
            leads_to=tuple(str(branch["transition"]) for branch in module.get("branches") or ()),
            errors=frozenset(),
            has_next=bool(module.get("branches")),
            may_end=module.get("type") in language.CONSOLE_ENDINGS,
        )
        for module in document["modules"]
    )
    return Flow(document["start"], steps, deployable=False)


def _of_the_whole(flow: Flow) -> Iterator[str]:
    if not flow.steps:
        yield "Actions: a flow needs at least one"
    if len(flow.steps) > language.MOST_ACTIONS:
        yield f"Actions: {len(flow.steps)}; Connect takes at most {language.MOST_ACTIONS}"
    seen: set[str] = set()
    for step in flow.steps:
        if step.identifier in seen:
            yield f"{step.identifier}: two actions have this identifier"
        seen.add(step.identifier)
        if not 1 <= len(step.identifier) <= language.LONGEST_IDENTIFIER:
            yield f"{step.identifier}: an identifier has 1 to {language.LONGEST_IDENTIFIER} characters"


def _of_links(flow: Flow) -> Iterator[str]:
    known = {step.identifier for step in flow.steps}
    if flow.start not in known:
        yield f"StartAction: there is no action '{flow.start}'"
    for step in flow.steps:
        for target in step.leads_to:
            if target not in known:
                yield f"{step.identifier}: leads to '{target}', which does not exist"
        if not step.has_next and not step.may_end:
            yield f"{step.identifier}: {step.kind} needs a NextAction"


def _of_step(step: Step, deployable: bool) -> Iterator[str]:
    if not deployable:
        return
    if step.kind not in language.ACTIONS:
        yield f"{step.identifier}: there is no action of type {step.kind}"
    if step.kind in language.ENDINGS and step.leads_to:
        yield f"{step.identifier}: nothing can follow {step.kind}"
    for name in language.NEEDED.get(step.kind, ()):
        if name not in step.parameters:
            yield f"{step.identifier}: {step.kind} needs {name}"
    possible = language.ERRORS.get(step.kind)
    if possible is not None:
        for error in sorted(step.errors - possible):
            yield f"{step.identifier}: {step.kind} has no error {error}"
        for error in sorted(possible - step.errors):
            yield f"{step.identifier}: the error {error} of {step.kind} leads nowhere"
    yield from _of_parameters(step)


def _of_parameters(step: Step) -> Iterator[str]:
    if step.kind == "InvokeLambdaFunction":
        seconds = str(step.parameters.get("InvocationTimeLimitSeconds", ""))
        if not (seconds.isdigit() and 1 <= int(seconds) <= language.LONGEST_LAMBDA_SECONDS):
            yield f"{step.identifier}: InvocationTimeLimitSeconds must be 1 to {language.LONGEST_LAMBDA_SECONDS}"
        expected = (step.parameters.get("ResponseValidation") or {}).get("ResponseType", "STRING_MAP")
        if expected not in ("STRING_MAP", "JSON"):
            yield f"{step.identifier}: ResponseType must be STRING_MAP or JSON"
    if step.kind == "UpdateContactMediaStreamingBehavior":
        if step.parameters.get("MediaStreamingState") not in ("Enabled", "Disabled"):
            yield f"{step.identifier}: MediaStreamingState must be Enabled or Disabled"
        for participant in step.parameters.get("Participants") or ():
            if not set(participant.get("MediaDirections") or ()) <= {"From", "To"}:
                yield f"{step.identifier}: MediaDirections are From and To"


def _of_paths(flow: Flow) -> Iterator[str]:
    """From every action that can be reached, some way must lead to an end, or a contact is held for ever."""
    ends = {step.identifier for step in flow.steps if step.may_end}
    while True:
        more = {step.identifier for step in flow.steps if ends & set(step.leads_to)} - ends
        if not more:
            break
        ends |= more
    for identifier in sorted(_reachable(flow) - ends):
        yield f"{identifier}: no way leads from here to the end of the flow"


def _unfinished(flow: Flow) -> Iterator[str]:
    if not flow.deployable:
        yield "this is the console's own export; Connect's API takes the flow language only"
    for step in flow.steps:
        for name in language.NEEDED.get(step.kind, ()):
            if step.parameters.get(name) in ("", [], {}):
                yield f"{step.identifier}: {name} is empty"


def _out_of_reach(flow: Flow) -> Iterator[str]:
    for identifier in sorted({step.identifier for step in flow.steps} - _reachable(flow)):
        yield f"{identifier}: nothing leads here"


def _reachable(flow: Flow) -> set[str]:
    by_name = {step.identifier: step for step in flow.steps}
    reached: set[str] = set()
    waiting = [flow.start]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in reached:
            reached.add(name)
            waiting += by_name[name].leads_to
    return reached
