"""Hours of audio an hour that are imported with the embedded recogniser: ``sotto bench imports``.

The bank's sample calls (events/calls/bank_*/call.wav), repeated under other ids, go through the code that
``import_conversations`` runs: read out of the emulated S3, recognised, redacted, committed, guided on by the models of
the shard; then the ordinary work after a conversation. Two at once, as the embedded stack imports. What the state
machine adds is not in it.

By the clock, the figure is this machine's, with whatever else it does (its load is in the answer). By processor time it
is what two cores would do that do nothing else: seconds of audio by half of the seconds that all of our processes took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.embedded import EmbeddedSotto, embedded_sotto
from local.import_places import AT_ONCE, BUCKET, prefix_of
from local.options import REPOSITORY, Options
from sotto.imports.conversation import ConversationPorts, import_conversation
from sotto.imports.item import ImportItem, Recorded
from sotto.imports.run import ItemState

TENANT = "harbour_bank"
STARTED_MS = 1_709_632_800_000
CORES = 2


class Stages:
    """Seconds by the clock, summed over what ran side by side."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self.seconds[stage] += time.perf_counter() - began

    def timed(self, stage: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def within(*given: Any, **named: Any) -> Any:
            with self.of(stage):
                return do(*given, **named)

        return within


class Timed:
    """Anything, of which one method is timed."""

    def __init__(self, of: Any, method: str, stage: str, stages: Stages) -> None:
        self._of = of
        setattr(self, method, stages.timed(stage, getattr(of, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=12)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    content = json.dumps(asyncio.run(measured(asked.calls)))
    if asked.json:
        asked.json.write_text(content + "\n")
    sys.stdout.write(content + "\n")
    return 0


async def measured(calls: int) -> dict[str, Any]:
    def progress(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    async with embedded_sotto(Options(progress=progress)) as sotto:
        return await asyncio.to_thread(_measured, sotto, calls, progress)


def _measured(sotto: EmbeddedSotto, calls: int, progress: Callable[[str], None]) -> dict[str, Any]:
    files = sorted((REPOSITORY / "events" / "calls").glob("bank_*/call.wav"))
    for file in files:
        sotto.engineer("s3").put_object(
            Bucket=BUCKET, Key=f"{prefix_of(TENANT)}{file.parent.name}.wav", Body=file.read_bytes()
        )
    stages, ports = Stages(), sotto.root.import_conversation_ports
    timed = _timed(ports, stages)
    source = sotto.root.import_sources.of(TENANT)

    def one(number: int) -> float:
        item = ImportItem(
            external_id=f"call-{number}",
            started_at_ms=STARTED_MS + number * 3_600_000,
            agent="emma",
            recorded=Recorded(f"{files[number % len(files)].parent.name}.wav"),
        )
        with stages.of("all of an import"):
            done = import_conversation(item, source, timed, goes_on=lambda: True)
        assert done.state is ItemState.DONE, done
        progress(f"imported {number + 1} of {calls}")
        return done.seconds

    load, began, cpu = os.getloadavg()[0], time.perf_counter(), _cpu_seconds()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        seconds = sum(threads.map(one, range(calls)))
    imported_s, imported_cpu_s = time.perf_counter() - began, _cpu_seconds() - cpu
    progress("waiting for the work after the conversations")
    asyncio.run(sotto.idle(""))
    all_s, all_cpu_s = time.perf_counter() - began, _cpu_seconds() - cpu
    return {
        "calls": calls,
        "audio_hours": round(seconds / 3_600, 3),
        "hours_an_hour": round(seconds / all_s, 1),
        "hours_an_hour_on_idle_cores": round(seconds / (all_cpu_s / CORES), 1),
        "imported_alone_hours_an_hour_on_idle_cores": round(seconds / (imported_cpu_s / CORES), 1),
        "processor_s_an_hour_of_audio": {
            "import": round(imported_cpu_s / seconds * 3_600),
            "after the call": round((all_cpu_s - imported_cpu_s) / seconds * 3_600),
        },
        "by_the_clock_s": {stage: round(each, 1) for stage, each in stages.seconds.items()},
        "took_s": {"import": round(imported_s, 1), "all": round(all_s, 1)},
        "load": {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)},
    }


def _timed(ports: ConversationPorts, stages: Stages) -> ConversationPorts:
    recognisers = Timed(ports.transcribe.recognisers, "finals", "recognise", stages)
    router = Timed(ports.guide.router, "route_all", "models", stages)
    return replace(
        ports,
        objects=Timed(ports.objects, "open", "find the object", stages),
        transcribe=replace(ports.transcribe, recognisers=recognisers),
        guide=replace(ports.guide, router=router),
    )


def _cpu_seconds() -> float:
    """Of this process and all that it has started, those that have ended included."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            used[int(folder.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    total, waiting = 0.0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        total += used.get(process, 0.0)
        waiting += children.get(process, [])
    return total


if __name__ == "__main__":
    raise SystemExit(main())
