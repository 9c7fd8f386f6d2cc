"""Fuzzes everything that reads a stream's bytes: EBML, Matroska, fragments and their placement in time.

    python -m benchmarks.fuzz_mkv [--inputs N] [--seconds S] [--processes P] [--blindly] [--json FILE]

Coverage-guided by libFuzzer (``pip install atheris``), otherwise by blind mutation of the same seeds. An input is
parsed whole and once more in pieces whose sizes it chooses itself; both must find the same blocks, the same tags and
the same mistake. MalformedMedia is the only exception allowed, one input may take 5 s and the process 1 GiB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from local.aws.kinesis_video.muxer import ContactTag, StreamShape, error_media, fragments_of
from local.interruption import ended_in_order
from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead, FragmentEnded, FragmentEvent
from sotto.media.timeline import SamplePlacement, SampleTimeline

STARTED_MS = 1_726_677_688_724
RULES = SamplePlacement(max_gap_ms=2_000)
"""Filling a minute's gap with silence takes longer than all the rest, and no other path than filling two seconds."""
MOST_BYTES = 2_048
SECONDS_AN_INPUT = 5
MEMORY_MB = 1_024
# Only what is imported under the instrumentation reports the paths that it takes.
CHILD = """
import atheris
with atheris.instrument_imports(include=["sotto.media"]):
    from benchmarks import fuzz_mkv
fuzz_mkv.child()
"""


class Disagreement(AssertionError):
    """The same bytes gave something else when they came in other pieces."""


def check(data: bytes) -> None:
    """One input: its first four bytes choose the pieces, the rest is the stream."""
    sizes, media = [1 + size for size in data[:4]] or [1], data[4:]
    whole = events_in([media], SampleTimeline(STARTED_MS, rules=RULES))
    pieces = []
    at = 0
    for size in cycle(sizes):
        if at >= len(media):
            break
        pieces.append(media[at : at + size])
        at += size
    split = events_in(pieces)
    if whole != split:
        raise Disagreement(f"{len(whole)} findings as a whole, {len(split)} in pieces of {sizes}")


def events_in(pieces: list[bytes], timeline: SampleTimeline | None = None) -> list[tuple[object, ...]]:
    """Every block, every fragment's tags, and last, where the stream is malformed; blocks are placed in time."""
    reader = FragmentReader()
    found: list[tuple[object, ...]] = []
    steps: list[Callable[[], list[FragmentEvent]]] = [*(partial(reader.feed, piece) for piece in pieces), reader.close]
    try:
        for step in steps:
            for event in step():
                if isinstance(event, BlockRead):
                    found.append((event.fragment.key, event.track, event.time_ns, event.pcm))
                    if timeline is not None and event.speaker is not None:
                        timeline.place(event.speaker, event.time_ns, event.pcm, event.fragment.number)
                elif isinstance(event, FragmentEnded):
                    found.append((event.fragment.key, event.fragment.offset, *event.fragment.tags.items()))
    except MalformedMedia as mistake:
        found.append((mistake.problem,))
    if timeline is not None:
        timeline.finish()
    return found


def seeds() -> list[bytes]:
    """Streams as Connect makes them, short; and the first fragments of real captures, where those are at hand."""
    audio = random.Random(1).randbytes(4 * 64)
    found = [error_media(4000, "FRAGMENT_NOT_FOUND")]
    for tag in ContactTag:
        for swapped in (False, True):
            shape = StreamShape(contact_tag=tag, blocks=1, short_block_every=2, swapped_tracks=swapped)
            fragments = fragments_of(
                audio, contact_id="c", instance_id="i", started_at_ms=STARTED_MS, shape=shape, seed=len(found)
            )
            media = b"".join(each.media(each.number, 0) for each in fragments)
            # What comes twice is read by comparison with the first time, so both ways are sown.
            found += [media[:MOST_BYTES], (media * 2)[:MOST_BYTES]]
    captures = Path(os.environ.get("SOTTO_SHARED_DATA", "../shared/data")) / "kvs"
    for capture in sorted(captures.rglob("*.mkv")) if captures.is_dir() else []:
        with capture.open("rb") as stream:
            found.append(stream.read(MOST_BYTES - 4))
    return [bytes([255, 63, 7, 0]) + seed for seed in found]


def run(inputs: int = 1_000_000, seconds: int = 60, *, processes: int = 1, blindly: bool = False) -> dict[str, Any]:
    """Until ``inputs`` or ``seconds`` are reached."""
    if blindly:
        return _blind(inputs, seconds)
    try:
        import atheris  # noqa: F401
    except ImportError:
        return _blind(inputs, seconds)
    with ThreadPoolExecutor(processes) as side:
        each = list(side.map(lambda seed: _guided(-(-inputs // processes), seconds, seed), range(1, processes + 1)))
    return {
        "fuzzer": "atheris (libFuzzer, coverage-guided)",
        "processes": processes,
        "inputs": sum(one["inputs"] or 0 for one in each),
        "a_second": sum(one["a_second"] or 0 for one in each),
        "edges": max(one["edges"] or 0 for one in each),
        "peak_memory_mb": max(one["peak_memory_mb"] or 0 for one in each),
        "memory_bound_mb": MEMORY_MB,
        "inputs_that_found_new_paths": sum(one["kept"] for one in each),
        "crashes_and_hangs": sum(one["failure"] is not None for one in each),
        "first_failure": next((one["failure"] for one in each if one["failure"]), None),
        "ended_in_order": all(one["ended_in_order"] for one in each),
    }


def _guided(inputs: int, seconds: int, seed: int) -> dict[str, Any]:
    """One process of the fuzzer."""
    with tempfile.TemporaryDirectory(prefix="fuzz-mkv-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, sown in enumerate(seeds()):
            (corpus / f"seed-{number}").write_bytes(sown)
        flags = [
            f"-runs={inputs}", f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", f"-seed={seed}",
            "-print_final_stats=1", f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEMORY_MB}",
            f"-artifact_prefix={Path.cwd()}/fuzz-mkv-",
        ]  # fmt: skip
        command = [sys.executable, "-c", CHILD, *flags, str(corpus)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        kept = len(list(corpus.iterdir()))
    failed = re.search(r"(Uncaught Python exception.*?$.*?$|ERROR: libFuzzer: [^\n]+)", done.stderr, re.M | re.S)
    return {
        "inputs": _stat(done.stderr, "number_of_executed_units"),
        "a_second": _stat(done.stderr, "average_exec_per_sec"),
        "edges": _edges(done.stderr),
        "peak_memory_mb": _stat(done.stderr, "peak_rss_mb"),
        "kept": kept,
        "failure": failed.group(0) if failed else None,
        "ended_in_order": done.returncode == 0,
    }


def _stat(report: str, name: str) -> int | None:
    found = re.search(rf"stat::{name}:\s+(\d+)", report)
    return int(found.group(1)) if found else None


def _edges(report: str) -> int | None:
    """Branches of the parsers that some input has taken, as libFuzzer said last."""
    said = re.findall(r"\bcov: (\d+)", report)
    return int(said[-1]) if said else None


def _blind(inputs: int, seconds: int) -> dict[str, Any]:
    chance, began, count = random.Random(1), time.monotonic(), 0
    known = seeds()
    while count < inputs and time.monotonic() - began < seconds:
        check(_mutated(chance, chance.choice(known)))
        count += 1
    took_s = time.monotonic() - began
    return {"fuzzer": "blind mutation", "inputs": count, "a_second": round(count / took_s), "crashes_and_hangs": 0}


def _mutated(chance: random.Random, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(1 + chance.randrange(8)):
        at, length = chance.randrange(len(data) + 1), chance.choice((1, 1, 2, 4, 8, 64))
        match chance.randrange(3):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case _:
                data[at:at] = data[: chance.randrange(length * 8)]
    return bytes(data[:MOST_BYTES])


def child() -> None:
    """The fuzzing process itself: ends with the process."""
    import atheris

    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--processes", type=int, default=1, help="fuzzers side by side, which share the inputs")
    parser.add_argument("--blindly", action="store_true", help="mutate without looking at the paths taken: faster")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = run(asked.inputs, asked.seconds, processes=asked.processes, blindly=asked.blindly)
    for name, value in result.items():
        print(f"{name:30} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(1 if result["crashes_and_hangs"] else 0)


if __name__ == "__main__":
    main()
