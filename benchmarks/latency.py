"""Our own code's latency: from a final in hand until the agent's panel has received what it led to.

    python -m benchmarks.latency [--calls 1 5] [--speed 1] [--seconds 60] [--json FILE] [--trace [PICTURE]]

Plays the sample calls through the embedded stack with the transcript recogniser, so that recognition costs nothing
and every final comes when it is spoken. Several calls at once begin a moment apart, as callers do. Each line is a
stage of one annotation's way (``STAGES`` in sotto/core/metrics/stages.py); ``total`` is their sum. Processor time says
more than the clock when others use the machine. ``--trace`` says of one call whose the time is, and draws a round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import round_trace
from local.call_script import script_beside
from local.commands.call import caller_for, tenant_of, transcript_beside
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import ended_in_order
from local.options import REPOSITORY, Options
from local.played_call import CallPlan, played
from local.spans import ProcessorTime, Spans, now_ms
from local.watched_call import percentiles
from sotto.media.wav import read_call

CALLS = tuple(
    REPOSITORY / "events" / "calls" / name / "call.wav" for name in ("bank_cancel", "bank_card", "garage_brakes")
)
APART_S = 0.7
BYTES_A_SECOND = 8_000 * 4
GOALS_MS = {1: {"p50": 80.0, "p95": 150.0}, 5: {"p95": 400.0}}
PERCENTILES = (50, 95, 99)
PICTURE = REPOSITORY / ".sotto" / "round.png"

Latencies = list[dict[str, float]]


@dataclass(slots=True)
class Traced:
    """What a run leaves behind for its trace. ``seconds``: how long each call is played."""

    spans: Spans = field(default_factory=Spans)
    rounds: list[round_trace.Round] = field(default_factory=list)
    processor_ms: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


async def run(
    calls: int, *, speed: float = 1.0, seconds: float | None = None, traced: Traced | None = None
) -> dict[str, Any]:
    """Figures of ``calls`` at once, in a stack of their own. ``seconds``: of each recording, from its beginning."""
    spans = traced.spans if traced is not None else None
    progress = lambda line: print(line, file=sys.stderr)  # noqa: E731
    options = Options(speed=speed, recogniser="transcript", progress=progress, spans=spans)
    async with embedded_sotto(options) as sotto:
        if traced is not None:
            traced.spans.recorded.clear()  # what warming up did
        begun_cpu_s = time.process_time()
        recordings = [CALLS[number % len(CALLS)] for number in range(calls)]
        processor = ProcessorTime()
        with processor if traced is not None else nullcontext():
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(latencies_of(recording, number * APART_S, sotto, speed, seconds, traced))
                    for number, recording in enumerate(recordings)
                ]
            if traced is not None:
                traced.processor_ms = processor.by_thread()
        cpu_ms = (time.process_time() - begun_cpu_s) * 1000
    return figures(calls, [each for task in running for each in task.result()], cpu_ms)


async def latencies_of(
    recording: Path,
    begins_in_s: float,
    sotto: EmbeddedSotto,
    speed: float = 1.0,
    seconds: float | None = None,
    traced: Traced | None = None,
) -> Latencies:
    """Milliseconds by stage of each annotation of a call that is played through a running stack."""
    await asyncio.sleep(begins_in_s)
    script = script_beside(recording)
    book = tenant_of(script, sotto.books, None)
    audio = read_call(recording, None)[: int(seconds * BYTES_A_SECOND) if seconds else None]
    contact_id = str(uuid.uuid4())
    sotto.transcript(contact_id, transcript_beside(recording))
    plan = CallPlan(audio, caller_for(book, None, script), book.tenant, speed, starts=script.starts)
    found: Latencies = []
    async for event in played(plan, sotto, contact_id):
        if event["type"] == "annotation" and event["latency_ms"] is not None:
            found.append({**event["stages_ms"], "total": event["latency_ms"]})
            if traced is not None:
                ended_ms = now_ms()
                began_ms = ended_ms - event["latency_ms"]
                traced.rounds.append(round_trace.Round(began_ms, ended_ms, event["stages_ms"]))
    return found


def figures(calls: int, found: Latencies, cpu_ms: float) -> dict[str, Any]:
    stages: dict[str, list[float]] = {}
    for each in found:
        for stage, took_ms in each.items():
            stages.setdefault(stage, []).append(took_ms)
    in_order = [stage for stage in stages if stage != "total"] + ["total"]
    table = {stage: percentiles(stages.get(stage, []), PERCENTILES) for stage in in_order}
    goals = GOALS_MS.get(calls, {})
    total = table["total"]
    kept = {name: (total[name] or float("inf")) <= most for name, most in goals.items()}
    per_annotation = round(cpu_ms / max(1, len(found)), 1)
    return {
        "calls": calls,
        "annotations": len(found),
        "cpu_ms_per_annotation": per_annotation,
        "ms": table,
        "goals_ms": goals,
        "goals_kept": kept,
    }


def summary(found: dict[str, Any]) -> str:
    lines = [f"{found['calls']} at once, {found['annotations']} annotations, ms"]
    lines.append(
        f"  processor time of the embedded stack, shard excluded: {found['cpu_ms_per_annotation']} per annotation"
    )
    lines.append(f"  {'stage':<10}" + "".join(f"{f'p{each}':>9}" for each in PERCENTILES))
    for stage, took in found["ms"].items():
        lines.append(f"  {stage:<10}" + "".join(f"{took[f'p{each}'] or 0:>9.1f}" for each in PERCENTILES))
    for name, most in found["goals_ms"].items():
        lines.append(f"  goal: total {name} <= {most:.0f} ms: {'kept' if found['goals_kept'][name] else 'MISSED'}")
    return "\n".join(lines)


def trace(picture: Path, *, speed: float, seconds: float | None, json_out: Path | None) -> int:
    """One call, told span by span; the picture is of the round whose time is the median."""
    traced = Traced()
    found = asyncio.run(run(1, speed=speed, seconds=seconds, traced=traced))
    table = round_trace.table(traced.rounds, list(traced.spans.recorded))
    print(summary(found))
    print(round_trace.summary(table))
    print("  processor time by threads: " + ", ".join(f"{n} {ms:.0f} ms" for n, ms in traced.processor_ms.items()))
    one = round_trace.typical(traced.rounds)
    if one is not None:
        round_trace.draw(one, traced.spans.recorded, picture, title="One round, one call at a time")
        print(f"picture: {picture}")
    if json_out:
        kept = {"run": found, "trace": table, "processor_ms": traced.processor_ms}
        json_out.write_text(json.dumps(kept, indent=2) + "\n")
    return 0 if one is not None else 1


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, nargs="+", default=[1, 5])
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, help="of each recording; default: all of it")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--trace", type=Path, nargs="?", const=PICTURE, metavar="PICTURE", help="PNG or SVG")
    options = parser.parse_args(arguments)
    if options.trace is not None:
        return trace(options.trace, speed=options.speed, seconds=options.seconds, json_out=options.json)
    runs = []
    for calls in options.calls:
        runs.append(asyncio.run(run(calls, speed=options.speed, seconds=options.seconds)))
        print(summary(runs[-1]), flush=True)
    load = os.getloadavg()[0]
    print(f"load of the machine: {load:.1f} on {os.cpu_count()} cores")
    if options.json:
        options.json.write_text(json.dumps({"runs": runs, "load": load, "cores": os.cpu_count()}, indent=2) + "\n")
    return 0 if all(all(each["goals_kept"].values()) for each in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
