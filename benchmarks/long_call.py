"""A call as long as a benchmark needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.simulation.call import Plan
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.wav import read_call

CALL = Path(__file__).parents[1] / "events" / "calls" / "bank_card"
BYTES_A_SECOND = 4 * SAMPLE_RATE_HZ


def repeated_call(times: int, folder: Path) -> Plan:
    """The sample call ``times`` in a row."""
    audio = read_call(CALL / "call.wav", None)
    length_ms = len(audio) * 1000 // BYTES_A_SECOND
    said = [json.loads(line) for line in (CALL / "call.transcript.jsonl").read_text().splitlines()]
    transcript = folder / "repeated.transcript.jsonl"
    lines = (_later(line, turn * length_ms) for turn in range(times) for line in said)
    transcript.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return Plan(audio * times, transcript)


def _later(said: dict[str, Any], by_ms: int) -> dict[str, Any]:
    return {**_moved(said, by_ms), "words": [_moved(word, by_ms) for word in said["words"]]}


def _moved(part: dict[str, Any], by_ms: int) -> dict[str, Any]:
    return {**part, "start_ms": part["start_ms"] + by_ms, "end_ms": part["end_ms"] + by_ms}
