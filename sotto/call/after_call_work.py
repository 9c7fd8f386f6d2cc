"""The work after a conversation: what its steps are asked, what they answer, and how far all of it is.

A step is a function that says of itself that it is one (sotto.core.triggers.StepOf). Whatever subject it belongs to, it
gets a StepOrder and answers with a StepOutcome; what it makes is a record of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from sotto.call.filing import FiledCall
from sotto.core.validation import read_event, silent


class StepOutcome(StrEnum):
    """``DONE``: what the step makes is there, made now or before. ``NOTHING``: there is nothing to make it of, or it
    may not be kept. ``FAILED``: it ended with an error, and the others went on. ``PENDING``: it has not ended yet."""

    PENDING = "pending"
    DONE = "done"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepOrder:
    """What a step gets: ids alone, because a state machine's history cannot be erased."""

    __pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant: Annotated[str, Field(min_length=1)]
    contact_id: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """``step``: the function's name. ``at_ms``: Unix epoch."""

    step: str
    outcome: StepOutcome
    at_ms: int


class Written(StrEnum):
    """Whether a chosen code is in Connect. ``REFUSED``: it does not know the contact, or the role may not write."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RankedCode:
    """One of the tenant's codes. ``confidence``: 0 to 1. ``rests_on``: ids of the utterances that speak for it."""

    code: str
    title: str
    confidence: float
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the agent says how the call ended. ``at_ms``: Unix epoch."""

    code: str
    title: str
    agent: str
    at_ms: int
    written: Written = Written.PENDING


@dataclass(frozen=True, slots=True)
class Disposition:
    """``ranked``: all of the tenant's codes, the likeliest first. ``suggested``: the first one's code where it is
    likely enough, else empty. ``book``: the version of the tenant's book that the codes are of."""

    ranked: tuple[RankedCode, ...]
    suggested: str
    book: str
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class AfterCallWork:
    """``steps`` in the order in which they were planned. ``disposition``: None where the tenant has no codes, and until
    the call was looked at. ``version`` counts 1, 2, 3... with each change. ``filed``: in each system of record."""

    tenant: str
    contact_id: str
    steps: tuple[StepProgress, ...] = ()
    disposition: Disposition | None = None
    version: int = 0
    filed: tuple[FiledCall, ...] = ()

    def outcome_of(self, step: str) -> StepOutcome | None:
        return next((each.outcome for each in self.steps if each.step == step), None)

    def with_step(self, step: str, outcome: StepOutcome, at_ms: int) -> AfterCallWork:
        """The same where that step has this outcome already."""
        if self.outcome_of(step) is outcome:
            return self
        noted = StepProgress(step, outcome, at_ms)
        if self.outcome_of(step) is None:
            return replace(self, steps=(*self.steps, noted))
        return replace(self, steps=tuple(noted if each.step == step else each for each in self.steps))

    def filed_in(self, system: str) -> FiledCall | None:
        return next((each for each in self.filed if each.system == system), None)

    def with_filed(self, call: FiledCall) -> AfterCallWork:
        """In the place of what was known of that system."""
        if self.filed_in(call.system) is None:
            return replace(self, filed=(*self.filed, call))
        return replace(self, filed=tuple(call if each.system == call.system else each for each in self.filed))


_orders = silent(StepOrder)


def order_from(event: Any) -> StepOrder:
    """Raises MalformedEvent."""
    return read_event(_orders, event, "a StepOrder")


def answer(outcome: StepOutcome) -> dict[str, str]:
    """What a step's function returns."""
    return {"outcome": outcome.value}
