"""How many calls at once the self-hosted recogniser transcribes in real time, and what an hour of one costs:
``python -m benchmarks.recogniser_sessions [--seconds N] [--sessions N ...]``.

The real container with tiny.en on this machine's cores; clients play the sample calls in real time, each from another
place. A session is in real time while nothing piles up: its last result is out within seconds of its last sound. What
it costs is the container's processor time, so that a machine that others use too can say it; how late finals come, and
how many interims (which give way first), stands beside and is of this machine as busy as it was.

Costs follow by formula from the price of a named instance (infra/sizing.py) and the sessions measured here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import signal
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processor_time import processor_ms
from benchmarks.recognised_calls import CALLS, play
from infra.sizing import Prices
from local.interruption import ended_in_order
from local.reserved_port import reserved_port
from sotto.call.language import LanguageSet
from sotto.core.clock import SystemClock
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.adapters.self_hosted.recogniser import SelfHostedRecogniser
from sotto.recognition.adapters.self_hosted.websocket import WebSocketLinks

LEFT_WITHIN_S = 3.0
"""After the last sound: the pause that ends speech, a pass or two, and nothing that had piled up."""
BATCHED = 8
SESSIONS = (1, 2, 4, 6, 8, 12, 16)
HEADROOM = 0.8
"""How much of its processors an instance may use when it is full."""
VCPUS = 8
"""Of the instance whose price is noted, ml.c6i.2xlarge."""
TRANSCRIBE_AN_HOUR = 60 * Prices().transcribe_minutes[0][1]
LOADS = (0.2, 0.5, 0.8)
DAY_HOURS = 10
"""In which calls come; at night the fewest instances run for nobody."""
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Point:
    """``cores``: processor time a second, of the container. Times in ms."""

    batch: int
    sessions: int
    cores: float
    final_p50_ms: float
    final_p90_ms: float
    interims_a_minute: float
    mean_batch: float
    left_s: float

    @property
    def in_real_time(self) -> bool:
        return self.left_s <= LEFT_WITHIN_S

    @property
    def a_core(self) -> float:
        return self.sessions / self.cores


async def measured(url: str, pid: int, *, batch: int, sessions: int, seconds: float) -> Point:
    recogniser = SelfHostedRecogniser(
        WebSocketLinks(url, proxy=None), clock=SystemClock(), languages=LanguageSet(("en",))
    )
    audio = speech()
    length = round(seconds * SAMPLE_RATE_HZ) * 4
    before_ms, before = processor_ms(pid), await asyncio.to_thread(passes, url)
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        played = []
        for n in range(sessions):
            at = n * len(audio) // (4 * sessions) * 4
            stretch = (audio[at:] + audio)[:length]
            played.append(tasks.create_task(play(recogniser, stretch, f"session {n}", speed=1)))
    took_s = time.monotonic() - began
    used_ms, after = processor_ms(pid) - before_ms, await asyncio.to_thread(passes, url)
    results = [each for task in played for each in task.result().results]
    late = [at - result.end_ms for result, at in results if result.is_final and result.words]
    interims = sum(not result.is_final for result, _ in results)
    return Point(
        batch=batch,
        sessions=sessions,
        cores=round(used_ms / 1000 / seconds, 2),
        final_p50_ms=round(float(np.percentile(late, 50))),
        final_p90_ms=round(float(np.percentile(late, 90))),
        interims_a_minute=round(interims / sessions / seconds * 60, 1),
        mean_batch=round((after[1] - before[1]) / max(1, after[0] - before[0]), 2),
        left_s=round(took_s - seconds, 2),
    )


def speech() -> bytes:
    """English sample calls one after the other, both sides."""
    found = []
    for call in ("bank_card", "bank_cancel", "garage_brakes"):
        with wave.open(str(CALLS / call / "call.wav")) as file:
            found.append(file.readframes(file.getnframes()))
    return b"".join(found)


def passes(url: str) -> tuple[int, int]:
    """And readings in them."""
    with urllib.request.urlopen(url.replace("ws:", "http:") + "/ping", timeout=30) as answer:
        figures = json.load(answer)
    return figures["passes"], figures["readings"]


@contextmanager
def container(batch: int) -> Iterator[tuple[str, int]]:
    """One worker a core, one thread each: CTranslate2's own threads help less than another pass does."""
    with reserved_port() as port:
        workers = str(os.cpu_count() or 1)
        command = [sys.executable, "-m", "model_containers.recogniser", "--port", str(port), "--batch", str(batch)]
        command += ["--sessions", str(max(SESSIONS)), "--workers", workers]
        one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env=one_thread, **pipes) as process:
            try:
                wait_until_well(f"http://127.0.0.1:{port}/ping", process)
                yield f"ws://127.0.0.1:{port}", process.pid
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def wait_until_well(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the recogniser ended before it was well")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the recogniser was not well within a minute")


def a_core(points: Sequence[Point]) -> float:
    """Sessions in real time a core: of the most sessions that were, for each core that they used."""
    kept = [each for each in points if each.in_real_time]
    return round(kept[-1].a_core, 1) if kept else 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars a call-hour. ``beats_from``: calls at once, by day, from which it costs less than Transcribe."""

    load: float
    steady: float
    day_and_night: float
    beats_from: int
    beats_from_by_day_alone: int


def costs(sessions_an_instance: float, price: float, load: float) -> Cost:
    """``load``: share of an instance's sessions that are in use while calls come."""
    used = sessions_an_instance * load

    def of(calls: int, hours: float) -> float:
        """An hour of a call, where ``calls`` come at once for so many hours a day and nobody calls in the others."""
        busy = max(FEWEST, math.ceil(calls / used))
        return price * (busy * hours + FEWEST * (24 - hours)) / (calls * hours)

    def cheaper_from(hours: float) -> int:
        return next(calls for calls in range(1, 100_000) if of(calls, hours) < TRANSCRIBE_AN_HOUR)

    many = 10_000
    return Cost(load, round(of(many, 24), 4), round(of(many, DAY_HOURS), 4), cheaper_from(24), cheaper_from(DAY_HOURS))


async def run(options: argparse.Namespace) -> dict[str, Any]:
    points = []
    for batch in (1, BATCHED):
        with container(batch) as (url, pid):
            for sessions in options.sessions:
                point = await measured(url, pid, batch=batch, sessions=sessions, seconds=options.seconds)
                points.append(point)
                print(row(point), flush=True)
                if not point.in_real_time:
                    break
    of_core = {batch: a_core([each for each in points if each.batch == batch]) for batch in (1, BATCHED)}
    price = Prices().sagemaker_hour
    an_instance = math.floor(max(of_core.values()) * VCPUS * HEADROOM)
    found = [costs(an_instance, price, load) for load in LOADS] if an_instance else []
    return {
        "points": [asdict(each) for each in points],
        "sessions_a_core": of_core,
        "sessions_an_instance": an_instance,
        "dollars_an_instance_hour": price,
        "costs": [asdict(each) for each in found],
    }


def row(point: Point) -> str:
    kind = "batched" if point.batch > 1 else "one by one"
    return (
        f"{kind:11} {point.sessions:3} sessions: {point.cores:5.2f} cores, finals p50 {point.final_p50_ms:5.0f} ms, "
        f"p90 {point.final_p90_ms:5.0f} ms, {point.interims_a_minute:5.1f} interims a minute, "
        f"{point.mean_batch:4.2f} readings a pass{'' if point.in_real_time else '  (not in real time)'}"
    )


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40, help="how long each session lasts")
    parser.add_argument("--sessions", type=int, nargs="+", default=list(SESSIONS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = asyncio.run(run(options))
    one, many = result["sessions_a_core"].values()
    print(f"sessions in real time a core: {one:g} one by one, {many:g} batched (Whisper tiny.en, int8)")
    price = result["dollars_an_instance_hour"]
    print(f"{result['sessions_an_instance']:g} an instance of {VCPUS} such cores at {price} $ an hour:")
    for each in result["costs"]:
        print(
            f"  {each['load']:.0%} load: {each['steady']:.4f} $ a call-hour day and night alike, "
            f"{each['day_and_night']:.4f} with {DAY_HOURS} hours of calls a day; beats Transcribe "
            f"({TRANSCRIBE_AN_HOUR:.2f}) from {each['beats_from']} and {each['beats_from_by_day_alone']} calls at once"
        )
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
