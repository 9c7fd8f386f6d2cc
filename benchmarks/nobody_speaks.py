"""Audio in which nobody speaks: ten minutes of silence, line noise, noises, tones and music."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.recognised_calls import play, stereo
from benchmarks.telephone_lines import RATE_HZ, mu_law, recorded, shared_audio
from sotto.recognition.recogniser import Recogniser

Samples = npt.NDArray[np.float64]

SECONDS = 75
LOUD = 0.1
_HUM_HZ = 60
NOISES = ("engine_idling", "siren", "car_horn", "dog_bark", "ringing_phone")


def quiet_recordings() -> dict[str, Samples]:
    rng = np.random.default_rng(1)
    size = SECONDS * RATE_HZ
    time = np.arange(size) / RATE_HZ
    found = {
        "silence": np.zeros(size),
        "hiss": rng.normal(0, 0.003, size),
        "loud hiss": rng.normal(0, 0.05, size),
        "hum": 0.02 * np.sin(2 * np.pi * _HUM_HZ * time) + rng.normal(0, 0.001, size),
        "ringback": 0.1 * ring(time),
        "hold music": music(time),
        "hold music, compressed": mu_law(music(time, tempo=2.5, seed=2)),
    }
    for name in NOISES:
        path = shared_audio() / "tau2_noise" / f"{name}.wav"
        if path.exists():
            noise = recorded(path)
            found[name] = np.resize(noise / np.abs(noise).max() * 3 * LOUD, size // 2)
    return found


def ring(time: Samples) -> Samples:
    tone = np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time)
    return np.where(time % 6 < 2, tone / 2, 0.0)


def music(time: Samples, *, tempo: float = 1.5, seed: int = 1) -> Samples:
    """A melody with overtones over chords, as a synthesiser on hold plays it."""
    rng = np.random.default_rng(seed)
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
    notes = rng.choice(scale, int(time[-1] * 2 * tempo) + 2)
    note = notes[(time * 2 * tempo).astype(int)]
    chord = scale[(time * tempo / 4).astype(int) % 4] / 2
    decay = np.exp(-3 * (time * 2 * tempo % 1))
    found = sum(np.sin(2 * np.pi * n * np.cumsum(note) / RATE_HZ) / n for n in (1, 2, 3, 4)) * decay
    found += sum(np.sin(2 * np.pi * r * np.cumsum(chord) / RATE_HZ) for r in (1, 1.25, 1.5)) / 3
    loud: Samples = LOUD * found / np.abs(found).max() * 3
    return loud


async def invented_words(recogniser: Recogniser) -> dict[str, list[Any]]:
    """The text of every interim and final, by recording."""
    found = {}
    for name, samples in quiet_recordings().items():
        played = await play(recogniser, stereo([samples, np.zeros(1)]), name)
        found[name] = [result.text for result, _ in played.results if result.text]
    return found
