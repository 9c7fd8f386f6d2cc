"""What every step of the work after a call must leave behind, once, however often it was killed.

A step takes part when it brings a module of its own name with ``problems(seen: Seen) -> Iterable[str]``; nothing lists
them. A step that needs what this world has not (a recording, and who recognises it) brings none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.events import Event
from sotto.wiring.sotto import Sotto

ENDED = (StepOutcome.DONE, StepOutcome.NOTHING, StepOutcome.PENDING)
"""Pending is what a schedule goes on with; the step's check says whether that came to an end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there of one conversation when everything has settled. ``events``: those of the outbox; ``sotto``: reads
    its records; ``records``: by a kind of system of record, the ids of what such a system has of it."""

    tenant: str
    contact_id: str
    work: AfterCallWork | None
    events: Sequence[Event]
    sotto: Sotto
    records: Callable[[str], Sequence[str]]

    def numbers(self, kind: type[Event], record: str | None = None) -> list[int]:
        """Of the events of a kind, sorted: the versions that were announced."""
        found = (each for each in self.events if isinstance(each, kind))
        return sorted(each.number for each in found if record is None or each.record == record)


def problems(seen: Seen, steps: Iterable[str]) -> list[str]:
    """What is lost or double, in words that begin with ``lost`` or ``double``."""
    found = [f"double: event {name}" for name, times in Counter(each.id for each in seen.events).items() if times > 1]
    for step in steps:
        outcome = seen.work.outcome_of(step) if seen.work is not None else None
        if outcome not in ENDED:
            found.append(f"lost: {step} is {outcome.value if outcome else 'not noted'}")
        found += _of(step)(seen)
    return found


def has_check(step: str) -> bool:
    return find_spec(f"{__name__}.{step}") is not None


def _of(step: str) -> Callable[[Seen], Iterable[str]]:
    looks: Callable[[Seen], Iterable[str]] = import_module(f"{__name__}.{step}").problems
    return looks
