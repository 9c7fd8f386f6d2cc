"""What a round would take on AWS, simulated by hops: docs/latency.md, and its picture.

    python -m benchmarks.aws_latency [--write] [--agents 1 100 10000] [--json FILE]

The figures of services are others' (infra/sizing/hops.py), those of our code and the shard are measured here. Without
``--write`` the table is printed; with it, docs/latency.md, its figures and its picture are written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from infra.latency_page import KEPT, page
from infra.sizing.aws_services import Start
from infra.sizing.hops import HOPS
from infra.sizing.simulated import RUNNERS, Simulated
from infra.sizing.simulation import BURST, SCENARIOS, Scenario, simulated

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "latency.md"
PICTURE = REPOSITORY / "docs" / "images" / "aws-latency.svg"
COLOURS = {RUNNERS[0]: "#0972d3", RUNNERS[1]: "#d5a021"}


def every(scenarios: Sequence[Scenario]) -> list[Simulated]:
    """By size, runner and way of starting; and a morning with half the executions at once, by both runners."""
    found = [simulated(scenario, runner, start) for scenario in scenarios for runner in RUNNERS for start in Start]
    return [*found, *(simulated(BURST, runner) for runner in RUNNERS)]


def line_of(one: Simulated) -> str:
    return (
        f"{one.agents:>6} agents, {one.runner:<14} {one.start:<42} p50 {one.p50_ms:6.0f}  p95 {one.p95_ms:6.0f}  "
        f"p99 {one.p99_ms:6.0f} ms  cold {one.cold:.2%}  lost {one.lost}  $ {one.dollars:.2f} a million rounds"
    )


def draw(found: Sequence[Simulated], file: Path) -> None:
    """Percentiles by agents for both runners, and what the median round is made of."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({"font.size": 8, "font.family": "DejaVu Sans", "svg.hashsalt": "sotto"})
    figure = Figure(figsize=(9, 4.2), facecolor="white", layout="constrained")
    late, parts = figure.subplots(1, 2, width_ratios=(1, 1.25))
    deployed = [one for one in found if one.start is Start.SNAP_BUILT and one.limit == 1.0]
    for runner in RUNNERS:
        mine = [one for one in deployed if one.runner == runner]
        at = range(len(mine))
        late.plot(at, [one.p50_ms for one in mine], marker="o", color=COLOURS[runner], label=f"{runner}: p50")
        late.plot(at, [one.p95_ms for one in mine], marker="o", ls="--", color=COLOURS[runner], label="p95")
        late.plot(at, [one.p99_ms for one in mine], marker="o", ls=":", color=COLOURS[runner], label="p99")
        late.set_xticks(list(at), [f"{one.agents:,}" for one in mine])
    late.set_xlabel("agents")
    late.set_ylabel("final in hand to panel on AWS, ms")
    late.set_ylim(bottom=0)
    late.legend(frameon=False, ncols=2)
    names = [name for name in HOPS if name not in ("fragment", "recogniser", "pipe", "bus")]
    for row, name in enumerate(names):
        hop = HOPS[name]
        parts.plot([hop.p50_ms, hop.p99_ms], [row, row], color="#8ebdf0", lw=5, solid_capstyle="butt")
        parts.plot(hop.p50_ms, row, "o", color="#0972d3", ms=4)
    parts.set_yticks(range(len(names)), [HOPS[name].title.split(",")[0] + f" ({name})" for name in names])
    parts.invert_yaxis()
    parts.set_xlabel("ms, median to 99th percentile")
    for axes in (late, parts):
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[each.agents for each in SCENARIOS])
    parser.add_argument("--write", action="store_true", help="docs/latency.md, its figures and its picture")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    if asked.write and set(asked.agents) != {each.agents for each in SCENARIOS}:
        parser.error("--write is for all sizes")
    found = every([each for each in SCENARIOS if each.agents in asked.agents])
    print("\n".join(map(line_of, found)))
    figures = json.dumps([asdict(one) for one in found], indent=1) + "\n"
    if asked.json:
        asked.json.write_text(figures)
    if asked.write:
        KEPT.write_text(figures)
        PAGE.write_text("\n".join(page()) + "\n")
        draw(found, PICTURE)
        print(f"written: {PAGE}, {PICTURE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
