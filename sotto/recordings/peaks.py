"""How loud a recording is, in few enough parts to draw: reckoned while the redacted audio is written.

A page that drew its waveform by itself would have to fetch the whole recording first: 115 MB for an hour.
"""

from __future__ import annotations

import base64
from array import array

from sotto.recordings.blocks import Block

MOST_PARTS = 1_200
"""As many as a wide screen has places to draw a bar in."""
FEWEST_FRAMES = 80
"""10 ms: of a shorter part one period of a voice may be missing."""
_LOUDEST = 32_768


class Peaks:
    """Takes blocks in order, from the first frame to the last."""

    def __init__(self, channels: int, frames: int) -> None:
        self._channels = channels
        self._part_frames = max(FEWEST_FRAMES, -(-frames // MOST_PARTS))
        self._loudest = [bytearray(-(-frames // self._part_frames)) for _ in range(channels)]

    def add(self, block: Block) -> None:
        frames = len(block.samples) // self._channels
        for channel, loudest in enumerate(self._loudest):
            samples = block.samples[channel :: self._channels]
            at = 0
            while at < frames:
                part, begun = divmod(block.first_frame + at, self._part_frames)
                until = min(frames, at + self._part_frames - begun)
                loudest[part] = max(loudest[part], _level(samples[at:until]))
                at = until

    def encoded(self) -> tuple[str, ...]:
        """For each channel, base64 of a byte for each part, 0 to 255 of the loudest that there can be. All parts are of
        equal length; the last may be shorter."""
        return tuple(base64.b64encode(each).decode() for each in self._loudest)


def _level(samples: array[int]) -> int:
    """Rounded up: what is audible at all is seen."""
    loudest = max(max(samples), -min(samples))
    return min(255, -(-loudest * 255 // _LOUDEST))
