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

from sotto.learning.rollout.judge import Step, Trial, judge
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
    none: float = 0.0
    """What the candidate adds to the share of utterances without an answer of its own, of 0.3."""


WORLDS = (
    World("the same, half of the calls", 0.0),
    World("the same, a tenth of the calls", 0.0, percent=10),
    World("the same, ten agents who differ much", 0.0, agents=10, alike=5.0),
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


def played(world: World, most: int, source: random.Random) -> Ending:
    """Until it is judged, or ``most`` were shown of each."""
    rates = {}
    for agent in range(world.agents):
        drawn = source.betavariate(world.rate * world.alike, (1 - world.rate) * world.alike)
        rates[f"a{agent}"] = (drawn, min(1.0, max(0.0, drawn + world.effect)))
    names = list(rates)
    used = {name: [[0, 0], [0, 0]] for name in names}
    dismissed = {name: [[0, 0], [0, 0]] for name in names}
    calls, asked, none = [0, 0], [0, 0], [0, 0]
    shown, looked = [0, 0], 0
    while min(shown) < most:
        who = source.choice(names)
        arm = int(source.random() * 100 < world.percent)
        calls[arm] += 1
        turns = 1 + int(source.expovariate(1 / (world.turns - 1))) if world.turns > 1 else 1
        # Calls differ in how much of them the models know, whichever version answers.
        silent = min(1.0, source.betavariate(6, 14) + world.none * arm)
        for _ in range(turns):
            asked[arm] += 1
            none[arm] += source.random() < silent
            shown[arm] += 1
            used[who][arm][0] += 1
            used[who][arm][1] += source.random() < rates[who][arm]
            dismissed[who][arm][0] += 1
            dismissed[who][arm][1] += source.random() < 0.1 + world.dismissed * arm
        if sum(shown) // LOOK_EVERY > looked:
            looked = sum(shown) // LOOK_EVERY
            trial = Trial(
                world.percent,
                {name: (Counted(*pair[0]), Counted(*pair[1])) for name, pair in used.items()},
                {name: (Counted(*pair[0]), Counted(*pair[1])) for name, pair in dismissed.items()},
                (calls[0], calls[1]),
                (asked[0], asked[1]),
                (0, 0),
                (none[0], none[1]),
            )
            found = judge(trial)
            if found.step in (Step.ROLL_BACK, Step.STOP):
                return Ending(found.step, found.why, min(shown))
            if found.step is Step.WIDEN and world.effect:
                return Ending(found.step, found.why, min(shown))
    return Ending(Step.WAIT, "", min(shown))


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
    options = parser.parse_args(arguments)
    source = random.Random(options.seed)
    show({world.name: [played(world, options.most, source) for _ in range(options.runs)] for world in WORLDS})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
