"""Versions on trial, simulated: ``python -m benchmarks.rollout``. How often a good one is taken back although somebody
looks all the time, and how soon a bad one is.

Each agent uses what they are shown at a rate of their own, calls show several things, and each call is the live
version's or the candidate's. After every 50 shown the judgement of sotto.learning.rollout is asked, as it would be.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from sotto.learning.rollout.judge import SHARES, Step, Trial, judge, next_percent
from sotto.learning.rollout.sequential import Counted

LOOK_EVERY = 50


@dataclass(frozen=True, slots=True)
class World:
    """``effect``: what the candidate adds to each agent's rate of use. ``agents`` differ by a beta distribution around
    ``rate`` that is worth ``alike`` observations. ``turns``: things shown a call, on average."""

    name: str
    effect: float
    percent: int = 50
    agents: int = 40
    rate: float = 0.7
    alike: float = 20.0
    turns: float = 4.0
    dismissed: float = 0.0
    """What the candidate adds to the share that is dismissed, of 0.1."""
    ramp: bool = False
    """From a tenth on by the shares that a version really gets; else ``percent`` all the time."""
    none: float = 0.0
    """What the candidate adds to the share of utterances without an answer of its own, of 0.3."""


WORLDS = (
    World("the same, half of the calls", 0.0),
    World("the same, a tenth of the calls", 0.0, percent=10),
    World("the same, ten agents who differ much", 0.0, agents=10, alike=5.0),
    World("ten points less used, by shares", -0.1, ramp=True),
    World("five points less used, by shares", -0.05, ramp=True),
    World("the same, by shares", 0.0, ramp=True),
    World("ten points less used", -0.1),
    World("ten points less used, a tenth of the calls", -0.1, percent=10),
    World("five points less used", -0.05),
    World("ten points more used", 0.1),
    World("as much used, ten points more dismissed", 0.0, dismissed=0.1),
    World("as much used, ten points more without an answer", 0.0, none=0.1),
)


@dataclass(frozen=True, slots=True)
class Ending:
    """``shown``: of the version with less, when it ended."""

    step: Step
    why: str
    shown: int


@dataclass
class Counts:
    """Since the candidate got its share: by agent, of the live version and of the candidate."""

    agents: list[str]

    def __post_init__(self) -> None:
        self.used = {name: [[0, 0], [0, 0]] for name in self.agents}
        self.dismissed = {name: [[0, 0], [0, 0]] for name in self.agents}
        self.calls, self.asked, self.none = [0, 0], [0, 0], [0, 0]

    def trial(self, percent: int) -> Trial:
        return Trial(
            percent,
            {name: (Counted(*pair[0]), Counted(*pair[1])) for name, pair in self.used.items()},
            {name: (Counted(*pair[0]), Counted(*pair[1])) for name, pair in self.dismissed.items()},
            (self.calls[0], self.calls[1]),
            (self.asked[0], self.asked[1]),
            (0, 0),
            (self.none[0], self.none[1]),
        )


def played(world: World, most: int, source: random.Random) -> Ending:
    """Until it is judged, or ``most`` were shown of each: of a ramp, of the candidate, and until it is live or back."""
    rates = {}
    for agent in range(world.agents):
        drawn = source.betavariate(world.rate * world.alike, (1 - world.rate) * world.alike)
        rates[f"a{agent}"] = (drawn, min(1.0, max(0.0, drawn + world.effect)))
    names, percent = list(rates), SHARES[0] if world.ramp else world.percent
    counts, shown, looked = Counts(names), [0, 0], 0
    while (shown[1] if world.ramp else min(shown)) < most:
        who = source.choice(names)
        arm = int(source.random() * 100 < percent)
        counts.calls[arm] += 1
        turns = 1 + int(source.expovariate(1 / (world.turns - 1))) if world.turns > 1 else 1
        # Calls differ in how much of them the models know, whichever version answers.
        silent = min(1.0, source.betavariate(6, 14) + world.none * arm)
        for _ in range(turns):
            counts.asked[arm] += 1
            counts.none[arm] += source.random() < silent
            shown[arm] += 1
            counts.used[who][arm][0] += 1
            counts.used[who][arm][1] += source.random() < rates[who][arm]
            counts.dismissed[who][arm][0] += 1
            counts.dismissed[who][arm][1] += source.random() < 0.1 + world.dismissed * arm
        if sum(shown) // LOOK_EVERY > looked:
            looked = sum(shown) // LOOK_EVERY
            found = judge(counts.trial(percent))
            lesser = shown[1] if world.ramp else min(shown)
            if found.step in (Step.ROLL_BACK, Step.STOP):
                return Ending(found.step, found.why, lesser)
            if found.step is Step.WIDEN and world.ramp:
                if (wider := next_percent(percent)) is None:
                    return Ending(found.step, found.why, lesser)
                percent, counts = wider, Counts(names)
            elif found.step is Step.WIDEN and world.effect:
                return Ending(found.step, found.why, lesser)
    return Ending(Step.WAIT, "", shown[1] if world.ramp else min(shown))


def show(results: dict[str, list[Ending]]) -> None:
    table = Table(
        "candidate", "taken back", "stopped", "widened", "shown of the lesser: median", "p90",
        title="Versions on trial, looked at after every 50 shown",
    )  # fmt: skip
    for name, endings in results.items():
        ended = sorted(each.shown for each in endings if each.step is not Step.WAIT)
        share = {step: sum(each.step is step for each in endings) / len(endings) for step in Step}
        table.add_row(
            name,
            f"{share[Step.ROLL_BACK]:.1%}",
            f"{share[Step.STOP]:.1%}",
            f"{share[Step.WIDEN]:.1%}",
            f"{statistics.median(ended):.0f}" if ended else "-",
            f"{ended[int(len(ended) * 0.9)]}" if ended else "-",
        )
    Console(width=130).print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=400, help="Trials of each kind.")
    parser.add_argument("--most", type=int, default=1_500, help="Shown of each version at most.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="Worlds whose names have this in them.")
    options = parser.parse_args(arguments)
    worlds = [world for world in WORLDS if options.only in world.name]
    endings = {}
    for world in worlds:  # each with a source of its own: choosing some changes none
        source = random.Random(f"{options.seed} {world.name}")
        endings[world.name] = [played(world, options.most, source) for _ in range(options.runs)]
    show(endings)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
