"""Telephone audio as Whisper wants it: a log-mel spectrogram, straight from 8 kHz.

Whisper's spectrogram is of 16 kHz. A recording brought up to 16 kHz has nothing above 4 kHz and twice the samples, so
that half of the bins, at twice the amplitude, of half the window says the same, without resampling.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from sotto.media.stereo import SAMPLE_RATE_HZ

Samples = npt.NDArray[np.float32]
"""-1..1, 8 kHz."""

MELS = 80
HOP = SAMPLE_RATE_HZ // 100
WINDOW = 200
FRAMES_A_SECOND = 100
_MODEL_RATE_HZ = 16_000
_TOP_MEL = 45.245640471924965
"""8 kHz on Slaney's scale."""
_POWER_OF_TWICE_THE_SAMPLES = 4.0


@cache
def _mel_filters(count: int) -> npt.NDArray[np.float32]:
    """Slaney's triangles as librosa draws them, up to 4 kHz."""
    bins = np.linspace(0, _MODEL_RATE_HZ / 2, WINDOW + 1)
    mels = np.linspace(0.0, _TOP_MEL, count + 2)
    hz = np.where(mels >= 15.0, 1000.0 * np.exp(np.log(6.4) / 27.0 * (mels - 15.0)), mels * 200.0 / 3)
    slopes = hz[:, None] - bins[None, :]
    widths = np.diff(hz)[:, None]
    triangles = np.maximum(0.0, np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    filters = triangles * (2.0 / (hz[2:] - hz[:-2]))[:, None] * _POWER_OF_TWICE_THE_SAMPLES
    return filters[:, : WINDOW // 2 + 1].astype(np.float32)


_HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def mel_power(audio: Samples, mels: int = MELS) -> npt.NDArray[np.float32]:
    """(mels, a hundred frames a second). ``audio``: at least a frame."""
    padded = np.pad(audio, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:-1]
    power = np.abs(np.fft.rfft(frames * _HANN, axis=-1)) ** 2
    found: npt.NDArray[np.float32] = _mel_filters(mels) @ power.T.astype(np.float32)
    return found


def log_mel(audio: Samples, mels: int = MELS) -> npt.NDArray[np.float32]:
    """(mels, a hundred frames a second). ``audio``: at least a frame."""
    found = np.log10(np.maximum(mel_power(audio, mels), 1e-10))
    scaled: npt.NDArray[np.float32] = ((np.maximum(found, found.max() - 8.0) + 4.0) / 4.0).astype(np.float32)
    return scaled
