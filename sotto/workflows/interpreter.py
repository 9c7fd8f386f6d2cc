"""What comes next: a pure function of a definition and of the results that a run has. It reads no clock and asks
nobody, so that it says the same however often, and wherever, it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sotto.workflows.definition import END, NEXT, Ask, Branch, Choice, Each, Human, Use, Wait
from sotto.workflows.expressions import Scope, Value, holds, is_reference, resolved
from sotto.workflows.run import StepRecord, StepState, WorkflowRun

APPROVAL = "?"
"""What the key of an approval ends with that no step of the definition has asked for."""
APPROVE, DECLINE = "approve", "decline"
APPROVAL_MS = 7 * 86_400_000
APPROVAL_OF = {"en": "May this be done?", "de": "Darf das getan werden?"}
APPROVALS = (
    Choice(APPROVE, {"en": "Do it", "de": "Tun"}),
    Choice(DECLINE, {"en": "Leave it", "de": "Lassen"}),
)


@dataclass(frozen=True, slots=True)
class CallTool:
    key: str
    step: Use
    arguments: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class AskAgent:
    """``texts``: how many models have written for the agent in this run."""

    key: str
    step: Ask
    texts: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """``until_ms``: Unix epoch, where the definition refers to one. ``opened``: the record, once it sleeps."""

    key: str
    step: Wait
    until_ms: int | None
    opened: StepRecord | None


@dataclass(frozen=True, slots=True)
class AskPerson:
    """``shown``: what they are shown, by name."""

    key: str
    human: Human
    shown: Mapping[str, Value]
    opened: StepRecord | None


@dataclass(frozen=True, slots=True)
class Decline:
    """Nobody has approved the outward step."""

    key: str
    step: Use


@dataclass(frozen=True, slots=True)
class Finish:
    pass


Act = CallTool | AskAgent | Sleep | AskPerson | Decline | Finish


class _Ended(Exception):
    pass


def next_act(run: WorkflowRun, outward: Set[str]) -> Act:
    """``outward``: the tools that act on the world outside. One of them acts where a person has decided on it, or the
    tenant's policy names it; else a person is asked first, whatever the definition says."""
    try:
        found = _Walk(run, outward).through(run.definition.steps, "", {}, frozenset())
    except _Ended:
        return Finish()
    return found or Finish()


class _Walk:
    def __init__(self, run: WorkflowRun, outward: Set[str]) -> None:
        self._run = run
        self._records = run.records
        self._guarded = frozenset(outward) - frozenset(run.alone)

    def through(self, steps: Sequence[Any], prefix: str, scope: Scope, permitted: frozenset[str]) -> Act | None:
        """None behind the last one."""
        known, at = dict(scope), 0
        while at < len(steps):
            step = steps[at]
            if isinstance(step, Branch):
                go = _chosen(step, known)
                if go == END:
                    raise _Ended
                if go == NEXT:
                    return None
                at = next((n for n, each in enumerate(steps) if each.id == go), at + 1)
                continue
            if isinstance(step, Each):
                if (act := self._each(step, prefix, known, permitted)) is not None:
                    return act
                at += 1
                continue
            key = prefix + step.id
            record = self._records.get(key)
            if record is None or record.state is StepState.OPEN:
                return self._due(step, key, known, permitted, record)
            known[step.id] = record.result
            permitted |= _permitted(step, record)
            at += 1
        return None

    def _each(self, step: Each, prefix: str, scope: Scope, permitted: frozenset[str]) -> Act | None:
        items = resolved(step.over, scope)
        for number, item in enumerate(items[: step.most] if isinstance(items, list | tuple) else ()):
            act = self.through(step.steps, f"{prefix}{step.id}[{number}].", {**scope, step.name: item}, permitted)
            if act is not None:
                return act
        return None

    def _due(self, step: Any, key: str, scope: Scope, permitted: frozenset[str], opened: StepRecord | None) -> Act:
        if isinstance(step, Use):
            return self._use(step, key, scope, permitted)
        if isinstance(step, Ask):
            texts = sum(1 for each in self._run.steps if _wrote(each, step.agent))
            return AskAgent(key, step, texts)
        if isinstance(step, Wait):
            until = resolved(step.until, scope) if step.until else None
            is_time = isinstance(until, int | float) and not isinstance(until, bool)
            return Sleep(key, step, int(until) if is_time else None, opened)  # type: ignore[arg-type]
        shown = {each.removeprefix("$"): resolved(each, scope) for each in step.show}
        return AskPerson(key, step, shown, opened)

    def _use(self, step: Use, key: str, scope: Scope, permitted: frozenset[str]) -> Act:
        arguments = {name: _argument(value, scope) for name, value in step.arguments.items()}
        call = CallTool(key, step, arguments)
        if step.tool not in self._guarded or step.id in permitted:
            return call
        asked = self._records.get(key + APPROVAL)
        if asked is None or asked.state is StepState.OPEN:
            return AskPerson(key + APPROVAL, approval_of(step), {"tool": step.tool, **arguments}, asked)
        approved = bool(asked.by) and _choice(asked) == APPROVE
        return call if approved else Decline(key, step)


def approval_of(step: Use) -> Human:
    return Human(step.id + APPROVAL, APPROVAL_OF, APPROVALS, APPROVAL_MS, DECLINE)


def _chosen(step: Branch, scope: Scope) -> str:
    return next((case.go for case in step.cases if not case.when or holds(case.when, scope)), "")


def _argument(value: Any, scope: Scope) -> Value:
    return resolved(value, scope) if is_reference(value) else value


def _permitted(step: Any, record: StepRecord) -> frozenset[str]:
    """Only a person permits; a time that has run out does not."""
    if not isinstance(step, Human) or not record.by:
        return frozenset()
    return frozenset(allowed for allowed, choices in step.allows.items() if _choice(record) in choices)


def _choice(record: StepRecord) -> str:
    return str(record.result.get("choice", "")) if isinstance(record.result, Mapping) else ""


def _wrote(record: StepRecord, agent: str) -> bool:
    result = record.result
    return isinstance(result, Mapping) and result.get("agent") == agent and result.get("origin") == "model"
