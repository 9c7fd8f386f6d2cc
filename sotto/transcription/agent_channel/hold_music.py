"""Music on the agent's channel, told by its loudness alone: speech has pauses many times a second, music hardly any.

It errs towards speech. Music with pauses of its own is taken for speech, costs a recogniser, and is what it was before;
an agent who is taken for music would lose words. A noisy room is as continuous as music, but it is always there: music
is believed where the channel has been much quieter before, and the customer is quiet. The agent's first syllable ends
it, and so do the customer's. Figures: benchmarks/hold_music.py.
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
CUSTOMER_LOUD = 300.0**2
CUSTOMER_SPEAKS = 0.10
"""Who speaks for more of the time is spoken with."""
CUSTOMER_ANSWERS = 0.25
SYLLABLE_MS = 500
FLOOR_MS = 500
"""As long as the shortest silence between two turns."""


class HoldMusic:
    """Feed it the chunks of one call in order."""

    def __init__(self) -> None:
        self._energies: deque[float] = deque(maxlen=BEGINS_AFTER_MS // FRAME_MS)
        self._customer: deque[float] = deque(maxlen=BEGINS_AFTER_MS // FRAME_MS)
        self._since_ms: float | None = None
        self._floor = float("inf")
        self.ended_ms = 0.0

    @property
    def is_playing(self) -> bool:
        return self._since_ms is not None

    def forget(self) -> None:
        """What comes next has nothing to do with what was before."""
        self._energies.clear()
        self._customer.clear()
        self._since_ms = None

    def take(self, chunk: StereoChunk) -> Span | None:
        """The music that plays in this chunk: since when, and until its end. Once none does any more, ``ended_ms`` says
        where it ended."""
        samples = array("h", chunk.pcm)
        self._energies.extend(_energies(samples[1::2]))
        self._customer.extend(_energies(samples[::2]))
        if self._since_ms is None:
            if self._is_music():
                self._since_ms = chunk.end_ms - BEGINS_AFTER_MS
        elif self._is_over():
            self.ended_ms = chunk.end_ms - ENDS_AFTER_MS + self._first_pause_ms()
            self.forget()
        return (self._since_ms, chunk.end_ms) if self._since_ms is not None else None

    def _is_music(self) -> bool:
        latest = _latest(self._energies, FLOOR_MS)
        self._floor = min(self._floor, sum(latest) / len(latest))
        if len(self._energies) < BEGINS_AFTER_MS // FRAME_MS or _pauses(self._energies) > MOST_PAUSES:
            return False
        has_begun = self._floor < LOW * sum(self._energies) / len(self._energies)
        return has_begun and _loud(self._customer) <= CUSTOMER_SPEAKS

    def _first_pause_ms(self) -> float:
        """In the latest ``ENDS_AFTER_MS``, with a syllable before it."""
        latest = _latest(self._energies, ENDS_AFTER_MS)
        low = LOW * sum(latest) / len(latest)
        first = next((place for place, energy in enumerate(latest) if energy < low), 0)
        return max(0.0, first * FRAME_MS - SYLLABLE_MS)

    def _is_over(self) -> bool:
        is_speech = _pauses(_latest(self._energies, ENDS_AFTER_MS)) >= SPEECH_PAUSES
        return is_speech or _loud(_latest(self._customer, ENDS_AFTER_MS)) >= CUSTOMER_ANSWERS


def _latest(energies: deque[float], ms: int) -> list[float]:
    return list(energies)[-ms // FRAME_MS :]


def _loud(energies: list[float] | deque[float]) -> float:
    """The share of them."""
    return sum(energy > CUSTOMER_LOUD for energy in energies) / len(energies)


def _pauses(energies: list[float] | deque[float]) -> float:
    """Their share; 1 where all is quiet."""
    mean = sum(energies) / len(energies)
    if mean < LOUD:
        return 1.0
    return sum(energy < LOW * mean for energy in energies) / len(energies)


def _energies(samples: array[int]) -> list[float]:
    length = len(samples) // FRAMES_A_CHUNK
    frames = (samples[at * length : (at + 1) * length : EVERY_NTH_SAMPLE] for at in range(FRAMES_A_CHUNK))
    return [sum(sample * sample for sample in frame) / len(frame) for frame in frames if frame]
