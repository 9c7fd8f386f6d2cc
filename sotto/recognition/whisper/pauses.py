"""Where speech can be cut without cutting a word."""

from __future__ import annotations

import numpy as np

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.features import HOP, Samples

QUIET_FRAMES = 6
BELOW_LOUD_DB = 20.0
LEAST_PIECE_S = 0.6
_PADDING = np.zeros(SAMPLE_RATE_HZ // 5, np.float32)


def pieces(audio: Samples) -> list[tuple[float, Samples]]:
    """(where it begins in s, audio) of stretches between pauses of 60 ms; silence stands around each."""
    cuts, last = [0], 0
    for pause in _pauses(audio):
        if min(pause - last, len(audio) - pause) >= LEAST_PIECE_S * SAMPLE_RATE_HZ:
            cuts.append(pause)
            last = pause
    ends = [*cuts[1:], len(audio)]
    lead_s = len(_PADDING) / SAMPLE_RATE_HZ
    return [
        (start / SAMPLE_RATE_HZ - lead_s, np.concatenate([_PADDING, audio[start:end], _PADDING]))
        for start, end in zip(cuts, ends, strict=True)
    ]


def _pauses(audio: Samples) -> list[int]:
    """The middles, as sample numbers."""
    frames = len(audio) // HOP
    power = np.mean(audio[: frames * HOP].reshape(frames, HOP) ** 2, axis=1)
    level = 10 * np.log10(power + 1e-10)
    quiet = np.concatenate([[False], level < np.percentile(level, 90) - BELOW_LOUD_DB, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    return [
        int(start + end) // 2 * HOP
        for start, end in zip(edges[0::2], edges[1::2], strict=True)
        if end - start >= QUIET_FRAMES and start > 0 and end < frames
    ]
