"""Music on the agent's channel, told by its loudness alone: speech has pauses many times a second, music hardly any.

It errs towards speech. Music with pauses of its own is taken for speech, costs a recogniser, and is what it was before;
an agent who is taken for music would lose words. Figures: benchmarks/hold_music.py.
"""

from __future__ import annotations

from array import array
from collections import deque

from sotto.call.agent_presence import Span
from sotto.media.stereo import CHUNK_MS, StereoChunk

FRAMES_A_CHUNK = 2
FRAME_MS = CHUNK_MS // FRAMES_A_CHUNK
EVERY_NTH_SAMPLE = 4
BEGINS_AFTER_MS = 10_000
"""Nobody speaks for so long without a pause."""
ENDS_AFTER_MS = 2_000
LOUD = 150.0**2
"""Mean square of samples: about -47 dBFS. What is less is no music, and no recogniser makes words of it."""
LOW = 0.15
"""A frame with less than this share of the mean energy is a pause."""
MOST_PAUSES = 0.02
SPEECH_PAUSES = 0.10


class HoldMusic:
    """Feed it the chunks of one call in order."""

    def __init__(self) -> None:
        self._energies: deque[float] = deque(maxlen=BEGINS_AFTER_MS // FRAME_MS)
        self._since_ms: float | None = None

    @property
    def is_playing(self) -> bool:
        return self._since_ms is not None

    def forget(self) -> None:
        """What comes next has nothing to do with what was before."""
        self._energies.clear()
        self._since_ms = None

    def take(self, chunk: StereoChunk) -> Span | None:
        """The music that plays in this chunk: since when, and until its end. The span that was given last ended
        ``ENDS_AFTER_MS`` before a chunk in which none plays any more."""
        self._energies.extend(_energies(chunk))
        if self._since_ms is None:
            if len(self._energies) == self._energies.maxlen and _pauses(self._energies) <= MOST_PAUSES:
                self._since_ms = chunk.end_ms - BEGINS_AFTER_MS
        elif _pauses(list(self._energies)[-ENDS_AFTER_MS // FRAME_MS :]) >= SPEECH_PAUSES:
            self.forget()
        return (self._since_ms, chunk.end_ms) if self._since_ms is not None else None


def _pauses(energies: list[float] | deque[float]) -> float:
    """Their share; 1 where all is quiet."""
    mean = sum(energies) / len(energies)
    if mean < LOUD:
        return 1.0
    return sum(energy < LOW * mean for energy in energies) / len(energies)


def _energies(chunk: StereoChunk) -> list[float]:
    samples = array("h", chunk.pcm)[1::2]
    length = len(samples) // FRAMES_A_CHUNK
    frames = (samples[at * length : (at + 1) * length : EVERY_NTH_SAMPLE] for at in range(FRAMES_A_CHUNK))
    return [sum(sample * sample for sample in frame) / len(frame) for frame in frames if frame]
