"""How many calls at once the whole route takes: raised step by step until guidance is late or a queue grows.

    python -m benchmarks.route_load [--steps 1 5 10 20 40] [--seconds 40] [--plot FILE] [--json FILE]

Every step plays that many calls through one embedded stack in real time, with the transcript recogniser, so that
recognition costs nothing. The last step is the first whose p95 is above 150 ms or whose queue of events grew. What
saturates first is what was busiest then: the stack's one interpreter (all emulated services and all functions share
it, so it is one core at most), the shard's processes, or the machine, with whatever else runs on it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks import round_trace
from benchmarks.latency import CALLS, Latencies, Traced, latencies_of
from benchmarks.processor_time import children, processor_ms
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import ended_in_order
from local.options import REPOSITORY, Options
from local.watched_call import percentiles
from sotto.core.metrics.stages import OUR_BUDGET_MS

STEPS = (1, 5, 10, 20, 30, 40, 60)
BEGIN_WITHIN_S = 6.0
LOOK_EVERY_S = 0.5
GROWN = 5
"""More events waiting in a step's last third than in its first, on average, is a queue that grows."""
PLOT = REPOSITORY / ".sotto" / "route-load.png"
INTERPRETER, SHARD, MACHINE = "the stack's one interpreter", "the shard", "the machine"


@dataclass(frozen=True, slots=True)
class Step:
    """``busy``: share of a core for the interpreter, of all cores for the others. ``a_round``: what a round took."""

    calls: int
    annotations: int
    p50_ms: float
    p95_ms: float
    waiting: tuple[float, float]
    busy: dict[str, float]
    a_round: dict[str, float]

    @property
    def is_late(self) -> bool:
        return self.p95_ms > OUR_BUDGET_MS

    @property
    def queue_grew(self) -> bool:
        return self.waiting[1] - self.waiting[0] > GROWN

    @property
    def busiest(self) -> str:
        return max(self.busy, key=lambda name: self.busy[name])


class Looking:
    """What the machine did while a step ran."""

    def __init__(self, sotto: EmbeddedSotto) -> None:
        self._sotto = sotto
        self._waiting: list[int] = []
        self._began_s = time.monotonic()
        self._own_s, self._shard_s, self._machine = time.process_time(), _children_s(), _machine_jiffies()

    async def look(self) -> None:
        """Runs until cancelled."""
        while True:
            self._waiting.append(self._sotto.waiting_events)
            await asyncio.sleep(LOOK_EVERY_S)

    @property
    def waiting(self) -> tuple[float, float]:
        """On average in the first third and in the last."""
        third = max(1, len(self._waiting) // 3)
        return round(mean(self._waiting[:third] or [0]), 1), round(mean(self._waiting[-third:] or [0]), 1)

    @property
    def busy(self) -> dict[str, float]:
        wall_s, cores = time.monotonic() - self._began_s, os.cpu_count() or 1
        idle, every = (now - then for now, then in zip(_machine_jiffies(), self._machine, strict=True))
        return {
            INTERPRETER: round((time.process_time() - self._own_s) / wall_s, 2),
            SHARD: round((_children_s() - self._shard_s) / wall_s / cores, 2),
            MACHINE: round(1 - idle / max(1, every), 2),
        }


async def step(calls: int, sotto: EmbeddedSotto, traced: Traced, *, seconds: float) -> Step:
    traced.spans.recorded.clear()
    looking = Looking(sotto)
    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(looking.look())
        running = [
            tasks.create_task(
                latencies_of(CALLS[number % len(CALLS)], number * BEGIN_WITHIN_S / calls, sotto, seconds=seconds)
            )
            for number in range(calls)
        ]
        await asyncio.wait(running)
        watch.cancel()
    return _step(calls, [each for task in running for each in task.result()], looking, traced)


def _step(calls: int, found: Latencies, looking: Looking, traced: Traced) -> Step:
    total = percentiles([each["total"] for each in found], (50, 95))
    table = round_trace.table([], list(traced.spans.recorded))
    asked = table["requests_a_round"].get("sagemaker-runtime InvokeEndpoint", 0.0)
    a_round = {
        "rounds a minute and call": round(table["rounds"] / calls / (traced.seconds / 60), 2),
        "invocations a round": round(sum(table["invocations_a_round"].values()), 2),
        "requests to SageMaker a round": asked,
    }
    p50, p95 = total["p50"] or float("inf"), total["p95"] or float("inf")
    return Step(calls, len(found), p50, p95, looking.waiting, looking.busy, a_round)


async def measured(steps: Sequence[int], *, seconds: float) -> list[Step]:
    """Up to the first step that is late or whose queue grew, that one included."""
    traced = Traced(seconds=seconds)
    progress = lambda line: print(line, file=sys.stderr)  # noqa: E731
    options = Options(recogniser="transcript", progress=progress, spans=traced.spans)
    found: list[Step] = []
    async with embedded_sotto(options) as sotto:
        for calls in steps:
            found.append(await step(calls, sotto, traced, seconds=seconds))
            print(line_of(found[-1]), flush=True)
            if found[-1].is_late or found[-1].queue_grew:
                break
    return found


def line_of(one: Step) -> str:
    busy = ", ".join(f"{name} {share:.0%}" for name, share in one.busy.items())
    return (
        f"  {one.calls:>3} calls: p50 {one.p50_ms:6.1f}  p95 {one.p95_ms:6.1f} ms  ({one.annotations} annotations)"
        f"  events waiting {one.waiting[0]} -> {one.waiting[1]}  busy: {busy}"
    )


def summary(steps: Sequence[Step]) -> str:
    kept = [each.calls for each in steps if not each.is_late and not each.queue_grew]
    lines = [f"calls at once at p95 <= {OUR_BUDGET_MS} ms: {max(kept, default=0)}"]
    last = steps[-1]
    if last.is_late or last.queue_grew:
        why = "a queue grew" if last.queue_grew else f"p95 was {last.p95_ms:.0f} ms"
        lines.append(f"at {last.calls} {why}; busiest: {last.busiest} ({last.busy[last.busiest]:.0%})")
    listed = "; ".join(f"{name} {value}" for name, value in last.a_round.items())
    lines.append(f"for infra/sizing/load.py: {listed}")
    lines.append(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return "\n".join(lines)


def draw(steps: Sequence[Step], file: Path) -> None:
    """Latency and how busy each part was, by calls at once."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({"font.size": 8, "font.family": "DejaVu Sans"})
    figure = Figure(figsize=(8, 5), facecolor="white", layout="constrained")
    late, busy = figure.subplots(2, 1, sharex=True)
    calls = [each.calls for each in steps]
    late.plot(calls, [each.p50_ms for each in steps], marker="o", color="#8ebdf0", label="p50")
    late.plot(calls, [each.p95_ms for each in steps], marker="o", color="#0972d3", label="p95")
    late.axhline(OUR_BUDGET_MS, color="#d91515", linewidth=0.8)
    late.set_ylabel("final to panel, ms")
    for name, colour in ((INTERPRETER, "#d5a021"), (SHARD, "#037f0c"), (MACHINE, "#5f6b7a")):
        busy.plot(calls, [each.busy[name] for each in steps], marker="o", color=colour, label=name)
    busy.set_ylabel("busy, share")
    busy.set_xlabel("calls at once")
    for axes in (late, busy):
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=100)


def _children_s() -> float:
    """Processor seconds of all processes that this one has started: the shard's."""
    return sum(processor_ms(child) for child in children(os.getpid())) / 1000


def _machine_jiffies() -> tuple[int, int]:
    """Idle, and all."""
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return fields[3] + fields[4], sum(fields)


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, nargs="+", default=list(STEPS))
    parser.add_argument("--seconds", type=float, default=40.0, help="of each recording")
    parser.add_argument("--plot", type=Path, default=PLOT)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    found = asyncio.run(measured(options.steps, seconds=options.seconds))
    print(summary(found))
    draw(found, options.plot)
    print(f"plot: {options.plot}")
    if options.json:
        kept: dict[str, Any] = {"steps": [asdict(each) for each in found], "cores": os.cpu_count()}
        options.json.write_text(json.dumps(kept, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
