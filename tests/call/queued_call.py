"""A call that waits in a queue and is put on hold, made of a sample call: a prompt, music, and music again on hold.

The transcript has words for all that the system plays, music too: who gives its audio to a recogniser gets them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local.aws.connect import Hold
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.wav import read_call

WAITS_S = 24.0
CUT_S, HOLD_S = 82.0, 24.0
"""There the agent has asked to put the customer on hold, and nobody speaks."""
HOLD = Hold(WAITS_S + CUT_S - 0.5, WAITS_S + CUT_S + HOLD_S + 4.0)
PROMPT_S = 8.0
"""The agent's first words stand for the prompt: said by an agent, they would tick the checklist."""
QUEUED_S = (8.2, 14.2)
"""What the customer says in the queue, and to the agent again."""
SUNG = "Lalala"

Samples = npt.NDArray[np.int16]


def queued_call(call: Path) -> tuple[bytes, str]:
    """Audio and transcript of ``call`` (bank_card) with what comes before it and in its middle."""
    whole = np.frombuffer(read_call(call / "call.wav"), np.int16).reshape(-1, 2)
    cut = _at(CUT_S)
    before = np.zeros((_at(WAITS_S), 2), np.int16)
    before[: _at(PROMPT_S), 1] = whole[: _at(PROMPT_S), 1]
    before[_at(PROMPT_S) :, 1] = music(WAITS_S - PROMPT_S)
    begin, end = _at(QUEUED_S[0]), _at(QUEUED_S[1])
    before[_at(10.0) : _at(10.0) + end - begin, 0] = whole[begin:end, 0]
    held = np.zeros((_at(HOLD_S), 2), np.int16)
    held[:, 1] = music(HOLD_S)
    audio = np.concatenate([before, whole[:cut], held, whole[cut:]])
    lines = (json.loads(line) for line in (call / "call.transcript.jsonl").read_text().splitlines())
    return audio.tobytes(), "".join(json.dumps(each) + "\n" for each in _lines(list(lines)))


def music(seconds: float) -> Samples:
    """Chords on a beat, as loud as speech."""
    at = np.arange(_at(seconds)) / SAMPLE_RATE_HZ
    chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)]
    which = (at / 2).astype(int) % len(chords)
    tones = sum(np.sin(2 * np.pi * np.array([chord[n] for chord in chords])[which] * at) for n in range(3))
    beat = 0.7 + 0.3 * np.cos(2 * np.pi * 2 * at)
    samples: Samples = (tones * beat * 2_500).astype(np.int16)
    return samples


def _lines(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    prompt, asked = lines[0], lines[1]
    yield _moved(prompt, 0.0) | {"speaker": "system"}
    yield from _sung(PROMPT_S, WAITS_S)
    yield _moved(asked, 10_000 - QUEUED_S[0] * 1000)
    for line in lines:
        yield _moved(line, (WAITS_S + (HOLD_S if line["start_ms"] > CUT_S * 1000 else 0.0)) * 1000)
    yield from _sung(WAITS_S + CUT_S, WAITS_S + CUT_S + HOLD_S)


def _sung(from_s: float, until_s: float) -> Iterator[dict[str, Any]]:
    for at_s in range(int(from_s), int(until_s) - 1, 2):
        times = {"start_ms": at_s * 1000, "end_ms": at_s * 1000 + 1500}
        yield {"speaker": "system", "text": SUNG, **times, "words": [{"text": SUNG, **times}]}


def _moved(line: dict[str, Any], by_ms: float) -> dict[str, Any]:
    words = [{**word, "start_ms": word["start_ms"] + by_ms, "end_ms": word["end_ms"] + by_ms} for word in line["words"]]
    return {**line, "start_ms": line["start_ms"] + by_ms, "end_ms": line["end_ms"] + by_ms, "words": words}


def _at(seconds: float) -> int:
    return int(seconds * SAMPLE_RATE_HZ)
