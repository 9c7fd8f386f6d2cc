"""A definition: what a workflow does, step by step, as sotto.workflows.reading has read and checked it.

A run keeps the definition that it began with, so that a later release changes no run under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

OUTWARD = frozenset({"note_in_crm"})
"""Tools that act on the world outside (sotto.workflows.tools)."""
END = "end"
"""Where a branch goes to end the workflow."""
NEXT = "next"
"""Within a map: to go on with the next item."""


@dataclass(frozen=True, slots=True)
class Use:
    """Asks a tool (sotto.workflows.tools). ``arguments``: constants, or references, which begin with ``$``."""

    id: str
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["use"] = "use"


@dataclass(frozen=True, slots=True)
class Ask:
    """Has a named agent answer, out of the conversation and of what its tools have found."""

    id: str
    agent: str
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class Case:
    """``go``: a later step of the same list, END, or NEXT. ``when`` is empty for what holds otherwise."""

    when: str
    go: str


@dataclass(frozen=True, slots=True)
class Branch:
    """The first case that holds; where none does, the next step."""

    id: str
    cases: tuple[Case, ...]
    kind: Literal["branch"] = "branch"


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a time (Unix epoch ms) that ``until`` refers to, but no longer than ``at_most_ms``; without ``until`` for
    ``at_most_ms``."""

    id: str
    at_most_ms: int
    until: str = ""
    kind: Literal["wait"] = "wait"


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Human:
    """A person decides. ``show``: references to what they are shown. ``otherwise``: the choice where nobody has decided
    after ``within_ms``. ``allows``: outward steps, each with the choices that permit it."""

    id: str
    title: Mapping[str, str]
    choices: tuple[Choice, ...]
    within_ms: int
    otherwise: str
    show: tuple[str, ...] = ()
    allows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: Literal["human"] = "human"


@dataclass(frozen=True, slots=True)
class Each:
    """For each item of the list that ``over`` refers to, but no more than ``most``, one after the other."""

    id: str
    over: str
    name: str
    most: int
    steps: tuple[Plain, ...]
    kind: Literal["map"] = "map"


Plain = Annotated[Use | Ask | Branch | Wait | Human, Field(discriminator="kind")]
Step = Annotated[Use | Ask | Branch | Wait | Human | Each, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class NamedAgent:
    """``prompt``: what it is asked. ``tools``: what it may read, without arguments. ``most_texts``: that a model writes
    for it in one run; what a month may cost is the tenant's to say (``budgets``, by the agent's name)."""

    name: str
    prompt: str
    tools: tuple[str, ...] = ()
    most_texts: int = 3
    timeout_ms: int = 15_000


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """A reading tool whose answer, ``$found``, decides whether an event starts a run."""

    tool: str
    arguments: Mapping[str, Any]
    condition: str


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` and ``digest`` say which it is; ``starts_on``: types of events, where the tenant has turned it on."""

    name: str
    digest: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    steps: tuple[Step, ...]
    agents: Mapping[str, NamedAgent] = field(default_factory=dict)
    starts_on: tuple[str, ...] = ()
    only_if: OnlyIf | None = None

    def every(self) -> Iterator[Use | Ask | Branch | Wait | Human | Each]:
        """All steps, those of a map after it."""
        for step in self.steps:
            yield step
            if isinstance(step, Each):
                yield from step.steps

    @property
    def outward(self) -> frozenset[str]:
        """Tools of its steps that act outside."""
        return frozenset(each.tool for each in self.every() if isinstance(each, Use) and each.tool in OUTWARD)

    def human(self, step_id: str) -> Human | None:
        return next((each for each in self.every() if isinstance(each, Human) and each.id == step_id), None)
