"""The work after calls: nothing lost and nothing double under kills, and how long it takes after a long call.

    python -m benchmarks.after_call --conversations N [--kills [SHARE]] [--processes P] [--seed S] [--json FILE]
    python -m benchmarks.after_call --minutes M [--json FILE]

The first ends conversations on the embedded AWS (benchmarks.after_call_world) while events come twice, late, out of
order and refused, and SHARE of all invocations are killed. What a step left undone after its retries is noted as failed
and started again as the runbook says; then the time of every review runs out. Fails where anything is lost or double.

The second commits a call of so many minutes to the whole embedded stack, models included, lets it be guided, ends it
and prints stage by stage what came of it when. Fails above a minute.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.after_call_kills import KILL_AT, Kills
from benchmarks.after_call_scripts import CALLS, conversations
from benchmarks.after_call_world import AfterCalls, ForwardedClock
from local.aws.event_delivery import DeliveryFaults
from local.aws.stack import EmbeddedAws
from local.filing_systems import FilingSystems
from local.interruption import ended_in_order
from local.options import REPOSITORY
from local.parent_process import command, inherited

SHARE = 0.15
MOST_UTTERANCES = 5
AT_ONCE = 24
ROUNDS = 3
GOAL_S = 60.0


def under_kills(number: int, share: float, seed: int) -> dict[str, Any]:
    """Of so many conversations: what was killed, started again, lost and double."""
    faults = DeliveryFaults(doubled=0.5, late_s=1.0, refused=0.1, seed=seed)
    kills = Kills(share, seed)
    began, clock = time.monotonic(), ForwardedClock()
    with (
        EmbeddedAws(delivery_faults=faults) as aws,
        FilingSystems(CALLS, aws.connect_cases, clock) as filing,
        tempfile.TemporaryDirectory() as scratch,
    ):
        world = AfterCalls(aws, filing, Path(scratch), clock, kills)
        ended: list[tuple[str, str]] = []
        for contact_id, tenant, turns in conversations(number, seed, most_utterances=MOST_UTTERANCES):
            while world.backlog() > AT_ONCE:
                threading.Event().wait(0.1)
            world.converse(contact_id, tenant, turns)
            ended.append((tenant, contact_id))
            if len(ended) % 100 == 0:
                print(
                    f"  {len(ended)} conversations, {sum(kills.happened.values())} kills", file=sys.stderr, flush=True
                )
        world.settle()
        world.sweep()
        again: Counter[int] = Counter()
        for number_of_round in range(1, ROUNDS + 1):
            undone = [each for each in ended if any(one.startswith("lost") for one in world.problems(*each))]
            again[number_of_round] = len(undone)
            for tenant, contact_id in undone:
                world.again(tenant, contact_id, number_of_round)
            world.settle()
            world.sweep()
        world.let_reviews_run_out()
        found = Counter(problem for each in ended for problem in world.problems(*each))
    return {
        "conversations": number,
        "kills": {place: sum(n for (_, at), n in kills.happened.items() if at == place) for place in KILL_AT},
        "kills_by_function": dict(Counter(_by_function(kills))),
        "started_again": again[1],
        "lost": sum(times for problem, times in found.items() if problem.startswith("lost")),
        "double": sum(times for problem, times in found.items() if problem.startswith("double")),
        "problems": dict(found.most_common(12)),
        "seconds": round(time.monotonic() - began),
    }


def in_processes(number: int, share: float, seed: int, processes: int) -> dict[str, Any]:
    """The same in several processes, each with a stack and a share of the conversations."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{at}.json" for at in range(processes)]
        numbers = [number // processes + (at < number % processes) for at in range(processes)]
        running = [
            subprocess.Popen(
                command("benchmarks.after_call", "--conversations", str(some), "--kills", str(share))
                + ["--seed", str(seed + at), "--json", str(file)],
                cwd=REPOSITORY,
                pass_fds=inherited(),
                stdout=subprocess.DEVNULL,
            )
            for at, (some, file) in enumerate(zip(numbers, files, strict=True))
        ]
        for one in running:
            one.wait()
        return _added([json.loads(file.read_text()) for file in files])


def _added(results: list[dict[str, Any]]) -> dict[str, Any]:
    added = {name: sum(each[name] for each in results) for name in ("conversations", "started_again", "lost", "double")}
    counted = {
        name: dict(sum((Counter(each[name]) for each in results), Counter()))
        for name in ("kills", "kills_by_function", "problems")
    }
    return {**added, **counted, "seconds": max(each["seconds"] for each in results)}


def _by_function(kills: Kills) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, _), times in kills.happened.items():
        found[name] += times
    return found


def print_kills(result: dict[str, Any]) -> None:
    print(f"{result['conversations']} conversations in {result['seconds']} s; events twice, late and out of order")
    for place, times in result["kills"].items():
        print(f"  killed {place:<18} {times:>6}")
    for name, times in sorted(result["kills_by_function"].items()):
        print(f"    {name:<24} {times:>6}")
    print(f"  noted as failed, started again {result['started_again']:>6}")
    print(f"  lost                           {result['lost']:>6}")
    print(f"  double                         {result['double']:>6}")
    for problem, times in result["problems"].items():
        print(f"    {times:>4} x {problem}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.after_call")
    parser.add_argument("--conversations", type=int)
    parser.add_argument("--kills", type=float, nargs="?", const=SHARE, default=0.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    logging.getLogger("local.aws").setLevel(logging.ERROR)
    if asked.conversations is not None:
        about = (asked.conversations, asked.kills, asked.seed)
        result = under_kills(*about) if asked.processes == 1 else in_processes(*about, asked.processes)
        print_kills(result)
        succeeded = not result["lost"] and not result["double"]
    else:
        from benchmarks.after_call_stages import print_stages, stages

        result = stages(asked.minutes or 10.0)
        print_stages(result)
        succeeded = result["whole_s"] <= GOAL_S
    if asked.json is not None:
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if succeeded else 1


if __name__ == "__main__":
    with ended_in_order():
        sys.exit(main())
