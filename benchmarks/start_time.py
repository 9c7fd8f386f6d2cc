"""How long until the embedded stack can take a call, each time in a new process.

    python -m benchmarks.start_time [--runs 5] [--json FILE]

``aws``: imports, and every emulated service answering. ``stack``: that, the shard, and both tenants published and
warm, with their models trained before (the first ``make demo`` trains them).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from local.interruption import ended_in_order

GOAL_S = {"aws": 5.0}
PARTS = ("aws", "stack")


def aws() -> None:
    from local.aws.stack import EmbeddedAws

    with EmbeddedAws():
        ready()


def stack() -> None:
    from local.embedded import embedded_sotto
    from local.options import Options

    async def started() -> None:
        async with embedded_sotto(Options(recogniser="transcript")):
            ready()

    asyncio.run(started())


def ready() -> None:
    print("ready", flush=True)


def took_s(part: str) -> float:
    """From the start of a process until it says that it is ready. Raises RuntimeError when it ends before."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", f"from benchmarks.start_time import {part}; {part}()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        took = time.perf_counter() - begun
        process.wait()
    if said.strip() != "ready":
        raise RuntimeError(f"{part} did not start: run it by itself to see why")
    return took


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    took_s("stack")  # trains what is not trained, and fills the file cache
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(options.runs):
        for part in PARTS:
            found[part].append(round(took_s(part), 2))
    kept = True
    for part, seconds in found.items():
        goal = GOAL_S.get(part)
        middle = statistics.median(seconds)
        kept = kept and (goal is None or middle <= goal)
        against_goal = "" if goal is None else f"   goal <= {goal:.0f} s: {'kept' if middle <= goal else 'MISSED'}"
        print(f"{part:<6} {min(seconds):5.2f} .. {middle:5.2f} .. {max(seconds):5.2f} s{against_goal}", flush=True)
    if options.json:
        options.json.write_text(json.dumps({"seconds": found, "load": os.getloadavg()[0]}, indent=2) + "\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
