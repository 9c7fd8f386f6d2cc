"""What becomes of a version on trial: it waits, gets more calls, goes live, or is taken back.

It is judged by "used per shown": what agents do with what they see, whatever they think of it. What they dismiss, how
often models fail and how often they find nothing are guardrails. Thumbs decide nothing: they come on one card in fifty,
and one person can press as many as they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sotto.learning.rollout.sequential import (
    ByAgent,
    difference,
    evidence,
    evidence_below,
    evidence_of_more,
    evidence_of_uneven,
    radius,
)

SHARES = (10, 30, 50)
"""Percent of calls, one after the other; after the last it is live."""
TAU = 0.1
"""Differences worth seeing are about ten points: the mixture is widest there."""
ALPHAS: Mapping[str, float] = {"used": 0.035, "dismissed": 0.01, "failed": 0.0025, "none": 0.0025}
"""Together five in a hundred good releases are taken back at most, however often one looks."""
BETTER_ALPHA = 0.05
NO_WORSE = 0.03
"""A version that is surely not three points worse goes on: it was trained on more, and passed its gates."""
UNEVEN_ALPHA = 0.001


class Step(StrEnum):
    WAIT = "wait"
    WIDEN = "widen"
    ROLL_BACK = "roll_back"
    STOP = "stop"
    """Calls were not divided as they should be: what is counted says nothing."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was counted since the candidate got its ``percent`` of the calls. ``calls``, ``asked``, ``failed`` and
    ``none``: of the live version, of the candidate. ``asked``: of the model; ``none``: that it found nothing."""

    percent: int
    used: ByAgent = field(default_factory=dict)
    dismissed: ByAgent = field(default_factory=dict)
    calls: tuple[int, int] = (0, 0)
    asked: tuple[int, int] = (0, 0)
    failed: tuple[int, int] = (0, 0)
    none: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """``why``: fixed words. ``figures``: what it rests on, for the history of releases."""

    step: Step
    why: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def judge(trial: Trial) -> Judgement:
    """May be asked after every call: looking does not wear it out."""
    share = trial.percent / 100
    uneven = evidence_of_uneven(*trial.calls, share)
    if uneven >= 1 / UNEVEN_ALPHA:
        return Judgement(Step.STOP, "calls are not divided as they should be", {"uneven": uneven})
    figures, alarm = _alarms(trial, share)
    if alarm:
        return Judgement(Step.ROLL_BACK, alarm, figures)
    found = difference(trial.used)
    if found is None:
        return Judgement(Step.WAIT, "too little was shown", figures)
    lowest = found.value - radius(found, tau=TAU, alpha=BETTER_ALPHA)
    figures |= {"difference": found.value, "at_least": lowest}
    if found.value > 0 and evidence(found, tau=TAU) >= 1 / BETTER_ALPHA:
        return Judgement(Step.WIDEN, "used more", figures)
    if lowest > -NO_WORSE:
        return Judgement(Step.WIDEN, "surely not worse", figures)
    return Judgement(Step.WAIT, "not sure yet", figures)


def _alarms(trial: Trial, share: float) -> tuple[dict[str, float], str]:
    """The evidence of each guardrail, and the first that has enough of it."""
    figures: dict[str, float] = {}
    if (used := difference(trial.used)) is not None:
        figures["used"] = evidence_below(used, tau=TAU)
    if (dismissed := _turned(trial.dismissed)) is not None and (found := difference(dismissed)) is not None:
        figures["dismissed"] = evidence_below(found, tau=TAU)
    asked = sum(trial.asked)
    of_asked = trial.asked[1] / asked if asked else share
    if 0 < of_asked < 1:
        figures["failed"] = evidence_of_more(sum(trial.failed), trial.failed[1], of_asked)
        figures["none"] = evidence_of_more(sum(trial.none), trial.none[1], of_asked)
    for name, alpha in ALPHAS.items():
        if figures.get(name, 0.0) >= 1 / alpha:
            return figures, name
    return figures, ""


def _turned(counts: ByAgent) -> ByAgent | None:
    """More of it is worse."""
    if not counts:
        return None
    return {
        agent: (
            type(old)(old.shown, old.shown - old.hits),
            type(new)(new.shown, new.shown - new.hits),
        )
        for agent, (old, new) in counts.items()
    }


def next_percent(percent: int) -> int | None:
    """After a step; None: all calls."""
    return next((share for share in SHARES if share > percent), None)
