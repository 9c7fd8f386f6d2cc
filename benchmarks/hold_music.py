"""What hold music on the agent's channel costs and saves: ``python -m benchmarks.hold_music [NOISE.wav]``.

Prints, for the sample calls with noise under the agent (white, or what ``NOISE.wav`` holds; 8 kHz mono), the share of
the agent's speech that is taken for music at each signal-to-noise ratio, and how soon music is known as such.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sotto.media.stereo import CHUNK_SAMPLES, StereoChunk
from sotto.media.wav import read_call
from sotto.transcription.agent_channel.hold_music import HoldMusic
from tests.call.queued_call import music

CALLS = Path(__file__).parents[1] / "events" / "calls"
RATIOS_DB = (None, 30, 20, 15, 10, 5, 0)
SPOKEN = 300
SAMPLES_A_MS = 8
Samples = npt.NDArray[np.int16]


def main() -> None:
    noise = _noise(Path(sys.argv[1])) if len(sys.argv) > 1 else np.random.default_rng(7).normal(0, 1000, 80_000)
    calls = [np.frombuffer(read_call(each), np.int16).reshape(-1, 2) for each in sorted(CALLS.glob("*/call.wav"))]
    for ratio in RATIOS_DB:
        lost = [_lost(call, noise, ratio) for call in calls]
        print(f"speech over noise {ratio} dB: {sum(n for n, _ in lost) / sum(n for _, n in lost):.2%} taken for music")
    quiet = np.zeros((8_000 * 40, 2), np.int16)
    quiet[8_000:, 1] = music(39.0)
    first = next(iter(_inferred(quiet)), None)
    print(f"music of chords: {first}")


def _noise(path: Path) -> npt.NDArray[np.float64]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)


def _lost(call: Samples, noise: npt.NDArray[np.float64], ratio: float | None) -> tuple[int, int]:
    """Spoken samples of the agent that lie in inferred music, and all of them."""
    agent = call[:, 1].astype(float)
    spoken = np.abs(agent) > SPOKEN
    noisy = call.copy()
    if ratio is not None:
        under = np.resize(noise, len(agent))
        under *= np.sqrt(np.mean(agent[spoken] ** 2) / 10 ** (ratio / 10) / np.mean(under**2))
        noisy[:, 1] = np.clip(agent + under, -32_000, 32_000)
    taken = np.zeros(len(agent), bool)
    for from_ms, until_ms in _inferred(noisy):
        taken[int(from_ms) * SAMPLES_A_MS : int(until_ms) * SAMPLES_A_MS] = True
    return int((taken & spoken).sum()), int(spoken.sum())


def _inferred(audio: Samples) -> Iterator[tuple[float, float]]:
    detector, playing = HoldMusic(), None
    for at in range(0, len(audio) - CHUNK_SAMPLES + 1, CHUNK_SAMPLES):
        now = detector.take(StereoChunk(at, audio[at : at + CHUNK_SAMPLES].tobytes()))
        if playing is not None and now is None:
            yield playing[0], detector.ended_ms
        playing = now
    if playing is not None:
        yield playing


if __name__ == "__main__":
    main()
