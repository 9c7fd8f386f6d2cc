"""The shape of the audio that leaves the audio path."""

from __future__ import annotations

from dataclasses import dataclass

SAMPLE_RATE_HZ = 8_000
SAMPLE_WIDTH_BYTES = 2
CHUNK_MS = 100
CHUNK_SAMPLES = SAMPLE_RATE_HZ * CHUNK_MS // 1000


@dataclass(frozen=True, slots=True)
class StereoChunk:
    """100 ms of both sides of a call (the call's last chunk may be shorter).

    ``pcm`` is s16le, interleaved frame by frame: customer, agent, customer, agent... (4 bytes a frame).
    ``start_sample`` counts frames at 8 kHz since call time zero. ``fragment`` is the number of the KVS fragment that
    holds the chunk's oldest sample.
    """

    start_sample: int
    pcm: bytes
    fragment: str = ""

    @property
    def samples(self) -> int:
        """Frames in this chunk."""
        return len(self.pcm) // (2 * SAMPLE_WIDTH_BYTES)

    @property
    def start_ms(self) -> float:
        return self.start_sample * 1000 / SAMPLE_RATE_HZ

    @property
    def end_ms(self) -> float:
        return (self.start_sample + self.samples) * 1000 / SAMPLE_RATE_HZ
