"""Make the sample calls again from their scripts: ``python events/calls/synthesise.py [NAME...]``.

Needs flite and sox. Beside each ``script.yaml`` it writes ``call.wav`` (8 kHz, 16 bit, customer left, agent right) and
``call.transcript.jsonl`` (what is truly said and when). The same
script gives the same bytes with the same flite and sox.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

RATE_HZ = 8_000
SPEAKERS = ("customer", "agent")
# What the embedded recogniser understood best of some twenty voices and effects; see README.md beside this file.
VOICES = {"customer": ("rms", ["pitch", "150"]), "agent": ("rms", ["speed", "1.05"])}
PEAK = 18_000
NOISE = 6
HERE = Path(__file__).parent

Samples = npt.NDArray[np.int16]
Words = list[tuple[str, float, float]]
Say = Callable[[str, str], tuple[Samples, Words]]
"""Of a speaker and a text: its samples, and its words with start and end in ms."""


@dataclass(frozen=True)
class Turn:
    speaker: str
    text: str
    start: int
    samples: Samples
    words: Words

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


def main(names: list[str]) -> None:
    for script in sorted(HERE.glob("*/script.yaml")):
        if not names or script.parent.name in names:
            seconds = synthesise(script)
            print(f"{script.parent.name}: {seconds:.1f} s")


def synthesise(script: Path) -> float:
    """Write the call and its transcript; returns its length in seconds."""
    content = yaml.safe_load(script.read_text())
    turns = spoken(content["turns"], say)
    length = max(turn.end for turn in turns) + content["tail_ms"] * RATE_HZ // 1000
    stereo = mixed(turns, length, content["seed"])
    write_wav(script.parent / "call.wav", stereo)
    write_transcript(script.parent / "call.transcript.jsonl", turns)
    return float(length / RATE_HZ)


def write_wav(path: Path, stereo: Samples) -> None:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes(stereo.tobytes())


def write_transcript(path: Path, turns: list[Turn]) -> None:
    lines = [json.dumps(transcript_line(turn)) for turn in sorted(turns, key=lambda turn: turn.start)]
    path.write_text("\n".join(lines) + "\n")


def spoken(lines: Sequence[Mapping[str, Any]], say: Say) -> list[Turn]:
    """``gap_ms`` counts from the end of the turn before; a negative one begins before that: both talk at once."""
    turns: list[Turn] = []
    end = 0
    for line in lines:
        samples, words = say(line["speaker"], line["text"])
        turns.append(Turn(line["speaker"], line["text"], end + line["gap_ms"] * RATE_HZ // 1000, samples, words))
        end = max(end, turns[-1].end)
    return turns


def say(speaker: str, text: str) -> tuple[Samples, Words]:
    """One turn's samples without silence at its ends, and its words with start and end in ms from the turn's start."""
    voice, effects = VOICES[speaker]
    with tempfile.TemporaryDirectory() as folder:
        wide, narrow = f"{folder}/wide.wav", f"{folder}/narrow.wav"
        printed = subprocess.run(
            ["flite", "-voice", voice, "-t", text, "-psdur", "-o", wide], check=True, capture_output=True, text=True
        ).stdout
        # -D: no dither, so that the same script gives the same bytes.
        subprocess.run(["sox", "-D", wide, "-r", str(RATE_HZ), "-c", "1", "-b", "16", narrow, *effects], check=True)
        with wave.open(narrow) as wav:
            samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype=np.int16)
    items = [item.split(":") for item in printed.split()]
    # flite prints the times of its own speech; an effect such as speed stretches them all alike.
    pace = len(samples) / RATE_HZ / float(items[-1][1])
    segments = [(name, float(end) * pace) for name, end in items]
    begin = segments[0][1] if segments[0][0] == "pau" else 0.0
    finish = segments[-2][1] if segments[-1][0] == "pau" else segments[-1][1]
    scaled = samples[int(begin * RATE_HZ) : int(finish * RATE_HZ)].astype(float)
    scaled *= PEAK / max(1.0, float(np.abs(scaled).max()))
    return scaled.astype(np.int16), word_times(text, segments, begin, finish)


def word_times(text: str, segments: list[tuple[str, float]], begin: float, finish: float) -> Words:
    """Pauses are the voice's own; between two pauses time is shared out by the letters of each word.

    A voice pauses at punctuation, so the n-th stretch of sound is the n-th clause when their numbers agree.
    """
    clauses = [clause.split() for clause in re.split(r"(?<=[,.?!;:])\s+", text)]
    stretches = sounding(segments)
    if len(clauses) != len(stretches):
        clauses, stretches = [text.split()], [(begin, finish)]
    words: Words = []
    for clause, (start, end) in zip(clauses, stretches, strict=True):
        weights = np.cumsum([0.0, *(len(word) + 1.0 for word in clause)])
        edges = (start - begin + (end - start) * weights / weights[-1]) * 1000
        words += [(word, float(a), float(b)) for word, a, b in zip(clause, edges, edges[1:], strict=False)]
    return words


def sounding(segments: list[tuple[str, float]]) -> list[tuple[float, float]]:
    stretches: list[tuple[float, float]] = []
    start: float | None = None
    before = 0.0
    for name, end in segments:
        if name == "pau" and start is not None:
            stretches.append((start, before))
            start = None
        elif name != "pau" and start is None:
            start = before
        before = end
    return stretches if start is None else [*stretches, (start, before)]


def mixed(turns: list[Turn], length: int, seed: int) -> Samples:
    """Frames of customer and agent over a mild noise floor; the two lines have different noise."""
    channels = np.random.default_rng(seed).normal(0, NOISE, (length, len(SPEAKERS)))
    for turn in turns:
        channels[turn.start : turn.end, SPEAKERS.index(turn.speaker)] += turn.samples
    return np.clip(np.rint(channels), -32768, 32767).astype("<i2")


def transcript_line(turn: Turn) -> dict[str, Any]:
    offset_ms = turn.start * 1000 / RATE_HZ
    words = [
        {"text": text, "start_ms": round(offset_ms + start), "end_ms": round(offset_ms + end)}
        for text, start, end in turn.words
    ]
    return {
        "speaker": turn.speaker,
        "start_ms": words[0]["start_ms"],
        "end_ms": words[-1]["end_ms"],
        "text": turn.text,
        "words": words,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
