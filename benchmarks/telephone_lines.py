"""What a telephone line does to a recording: G.711, noise beside the speaker, lost packets. Samples: -1..1, 8 kHz."""

from __future__ import annotations

import os
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

RATE_HZ = 8_000
FRAME = RATE_HZ // 50
"""20 ms: what a packet carries, and what levels are measured by."""
LOST_SHARE = 0.03
_MU = 255.0


@dataclass(frozen=True, slots=True)
class Line:
    """``degrade`` gives one channel as it arrives; ``seed`` makes it the same in every run."""

    name: str
    degrade: Callable[[Samples, int], Samples]


def shared_audio() -> Path:
    return Path(os.environ.get("SOTTO_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "audio"


def lines() -> list[Line]:
    """The clean line first; those with noise only where the public recordings of it are."""
    found = [Line("clean", lambda samples, seed: samples), Line("G.711", lambda samples, seed: mu_law(samples))]
    for name in ("people_talking", "engine_idling"):
        path = shared_audio() / "tau2_noise" / f"{name}.wav"
        if path.exists():
            noise = recorded(path)
            for db in (15, 10):
                found.append(Line(f"{name.split('_')[0]} {db} dB", _beside(noise, db)))
    return [*found, Line("3 % lost", lambda samples, seed: packets_lost(samples, seed))]


def mu_law(samples: Samples) -> Samples:
    """To 8 bits and back."""
    loud = np.sign(samples) * np.log1p(_MU * np.abs(np.clip(samples, -1, 1))) / np.log1p(_MU)
    coded = np.round(loud * 127) / 127
    linear: Samples = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU
    return linear


def packets_lost(samples: Samples, seed: int, share: float = LOST_SHARE) -> Samples:
    """Packets of 20 ms are missing, singly, and nothing conceals it."""
    found = samples.copy()
    for packet in np.flatnonzero(np.random.default_rng(seed).random(len(samples) // FRAME) < share):
        found[packet * FRAME : (packet + 1) * FRAME] = 0
    return found


def active_level(samples: Samples) -> float:
    """Root mean square of the frames in which somebody speaks: those within 25 dB of the loudest tenth."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.percentile(levels, 95)
    return float(np.sqrt(np.mean(levels[levels > loud * 10 ** (-25 / 20)] ** 2)))


def recorded(path: Path) -> Samples:
    """A mono WAV of 8 or 16 kHz, at 8."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32_768
        rate = file.getframerate()
    if rate == 2 * RATE_HZ:
        taps = np.arange(-32, 33)
        low_pass = np.sinc(taps / 2) / 2 * np.hamming(len(taps))
        samples = np.convolve(samples, low_pass, mode="same")[::2]
    return samples


def _beside(noise: Samples, db: float) -> Callable[[Samples, int], Samples]:
    def degrade(samples: Samples, seed: int) -> Samples:
        around = np.resize(np.roll(noise, seed * RATE_HZ), len(samples))
        level = active_level(samples) * 10 ** (-db / 20) / np.sqrt(np.mean(around**2))
        mixed: Samples = np.clip(samples + around * level, -1, 1)
        return mixed

    return degrade
