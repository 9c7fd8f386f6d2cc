"""Whether a machine may answer a question without a person looking at each answer: it must agree with people at least
nearly as well as people agree with each other, on the same calls.

Released when kappa(machine, human) >= kappa(human, human) - 0.05, and never before enough calls were rated by two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from sotto.scorecards.agreement import RESAMPLES, Interval, bootstrap, cohens_kappa, krippendorffs_alpha, raw_agreement
from sotto.scorecards.answers import Standing
from sotto.scorecards.evaluation import Kind, Rating

MARGIN = 0.05
FEWEST_CALLS = 50
"""Of fewer no interval is narrow enough to say anything."""
SEED = 20_26


class Decision(StrEnum):
    RELEASED = "released"
    HELD = "held"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Call:
    """One call's ratings of one question. ``people``: reviewer -> value."""

    machine: str
    people: dict[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``prevalence``: share of each value among people's ratings; where one is nearly all, kappa is low."""

    question: str
    decision: Decision
    calls: int
    machine_human: float | None = None
    machine_human_interval: Interval | None = None
    human_human: float | None = None
    human_human_interval: Interval | None = None
    alpha: float | None = None
    raw: float | None = None
    prevalence: dict[str, float] = field(default_factory=dict)


def agreement(
    question: str,
    ratings: Iterable[Rating],
    *,
    fewest: int = FEWEST_CALLS,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Of one question, over the calls that the machine and at least two people rated. Calibrations alone count: whoever
    reviews or decides an appeal has seen the machine's answer. A person's later rating of a call takes the place of the
    earlier; a machine that left it open counts as an answer of its own, which nobody shares."""
    calls = _calls(question, ratings)
    if len(calls) < max(fewest, 1):
        return Agreement(question, Decision.TOO_FEW, len(calls))
    machine_human, human_human = _machine_human(calls), _human_human(calls)
    values = [value for call in calls for value in call.people.values()]
    return Agreement(
        question,
        Decision.RELEASED if machine_human >= human_human - MARGIN else Decision.HELD,
        len(calls),
        machine_human,
        bootstrap(calls, _machine_human, seed=seed, resamples=resamples),
        human_human,
        bootstrap(calls, _human_human, seed=seed, resamples=resamples),
        krippendorffs_alpha([call.people for call in calls]),
        raw_agreement(_machine_pairs(calls)),
        {value: values.count(value) / len(values) for value in sorted(set(values))},
    )


def _calls(question: str, ratings: Iterable[Rating]) -> list[Call]:
    machine: dict[str, str] = {}
    people: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for each in ratings:  # the latest first
        if each.question != question:
            continue
        if each.kind is Kind.MACHINE:
            machine.setdefault(each.contact_id, each.value)
        elif each.kind is Kind.CALIBRATION and each.value != Standing.OPEN:
            people[each.contact_id].setdefault(each.by, each.value)
    return [
        Call(machine[contact_id], given)
        for contact_id, given in sorted(people.items())
        if contact_id in machine and len(given) > 1
    ]


def _machine_pairs(calls: Sequence[Call]) -> list[tuple[str, str]]:
    return [(call.machine, value) for call in calls for _, value in sorted(call.people.items())]


def _machine_human(calls: Sequence[Call]) -> float:
    return cohens_kappa(_machine_pairs(calls))


def _human_human(calls: Sequence[Call]) -> float:
    """Of every two people who rated the same call, in both orders, so that nobody is always the first."""
    pairs = [
        pair
        for call in calls
        for one, other in combinations([value for _, value in sorted(call.people.items())], 2)
        for pair in ((one, other), (other, one))
    ]
    return cohens_kappa(pairs)
