"""A short call in virtual time, whose customer says given sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from local.simulation.call import Plan, SimulatedCall

CALL_SECONDS = 24
_WORD_MS = 250
_PAUSE_MS = 1_500


def call_saying(folder: Path, *sentences: str, **options: Callable) -> SimulatedCall:
    """Make it inside the virtual loop."""
    transcript = folder / "call.transcript.jsonl"
    transcript.write_text("\n".join(_lines(sentences)) + "\n")
    return SimulatedCall(Plan(_audio(), transcript), **options)


def lost_samples(call: SimulatedCall) -> dict[str, int]:
    told = call.tap.samples(call.contact.contact_id, call.plan.audio)
    return {speaker: int(counts["lost"]) for speaker, counts in told.items()}


def _audio() -> bytes:
    """Quiet noise, so that a sample that is missing differs from one that is there."""
    return random.Random(7).randbytes(CALL_SECONDS * 8_000 * 4)


def _lines(sentences: tuple[str, ...]) -> list[str]:
    lines = []
    at_ms = 1_000
    for sentence in sentences:
        words = []
        for word in sentence.split():
            words.append({"text": word, "start_ms": at_ms, "end_ms": at_ms + _WORD_MS})
            at_ms += _WORD_MS
        span = {"start_ms": words[0]["start_ms"], "end_ms": words[-1]["end_ms"]}
        lines.append(json.dumps({"speaker": "customer", "text": sentence, "words": words, **span}))
        at_ms += _PAUSE_MS
    return lines
