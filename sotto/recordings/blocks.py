"""A recording's frames, a block at a time: as Connect wrote them, and with the tone over what is private."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recordings.beeps import Beeps, beep, is_redacted
from sotto.recordings.ports import SourceFile, Window
from sotto.recordings.wav import Layout

BLOCK_FRAMES = 80_000
"""Ten seconds: what is in memory is a few of them, however long the call was."""


_LOOKED_AT = SAMPLE_RATE_HZ // 10
_INAUDIBLE = 16
"""Of 32,767: 66 dB below the loudest."""


class NotRedacted(Exception):
    """A block that is not as it should be: our own mistake. Nothing of it is written."""


@dataclass(frozen=True, slots=True)
class Block:
    first_frame: int
    samples: array[int]


@dataclass(frozen=True, slots=True)
class RedactedAudio:
    """One version of a file, as it is with ``beeps``. Read again, it is the same."""

    file: SourceFile
    layout: Layout
    beeps: Beeps

    def blocks(self, first_frame: int = 0, end_frame: int | None = None) -> Iterator[Block]:
        """Each is compared with what it was made of. Raises NotRedacted, and Retryable."""
        for block in self._unredacted(first_frame, self.layout.frames if end_frame is None else end_frame):
            redacted = block.samples[:]
            beep(redacted, block.first_frame, self.beeps)
            if not is_redacted(block.samples, redacted, block.first_frame, self.beeps):
                raise NotRedacted("a block differs outside of what is private, or is no tone inside")
            yield Block(block.first_frame, redacted)

    def _unredacted(self, first_frame: int, end_frame: int) -> Iterator[Block]:
        frame_bytes, at = self.layout.frame_bytes, first_frame
        block_bytes, pending = BLOCK_FRAMES * frame_bytes, bytearray()
        for piece in self.layout.between(first_frame, end_frame):
            for chunk in self.file.stream(piece.offset, piece.size):
                pending += chunk
                while len(pending) >= block_bytes:
                    yield Block(at, array("h", bytes(pending[:block_bytes])))
                    at += BLOCK_FRAMES
                    del pending[:block_bytes]
        if pending:
            if len(pending) % frame_bytes or at + len(pending) // frame_bytes != end_frame:
                raise NotRedacted("the file gave another number of frames than its header promises")
            yield Block(at, array("h", bytes(pending)))
        elif at != end_frame:
            raise NotRedacted("the file gave another number of frames than its header promises")


def stereo(samples: array[int], channels: int) -> bytes:
    """As recognisers take it; one channel stands where the customer's is."""
    if channels == 2:
        return samples.tobytes()
    both = array("h", bytes(4 * len(samples)))
    both[0::2] = samples
    return both.tobytes()


class Quiet:
    """Where nothing at all is audible, on any channel: so Connect fills the time in which recording is suspended."""

    def __init__(self) -> None:
        self.spans: list[tuple[float, float]] = []
        """In ms of the recording, by time."""

    def add(self, block: Block, channels: int) -> None:
        for at in range(0, len(block.samples), _LOOKED_AT * channels):
            part = block.samples[at : at + _LOOKED_AT * channels]
            if max(part) <= _INAUDIBLE and min(part) >= -_INAUDIBLE:
                from_ms = (block.first_frame + at // channels) * 1000 / SAMPLE_RATE_HZ
                self._extend(from_ms, from_ms + len(part) // channels * 1000 / SAMPLE_RATE_HZ)

    def _extend(self, from_ms: float, until_ms: float) -> None:
        if self.spans and abs(self.spans[-1][1] - from_ms) < 1:
            from_ms = self.spans.pop()[0]
        self.spans.append((from_ms, until_ms))


class Digest:
    """Of frames, in whatever blocks they come."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def add(self, samples: array[int]) -> None:
        self._sha.update(samples.tobytes())

    @property
    def value(self) -> str:
        return self._sha.hexdigest()


class PartRead:
    """A part of the recording, as it is recognised; what was recognised, and where in it nothing is audible. ``key``:
    the same for parts that sound the same at the same time of the call. ``finals``: None until it was recognised."""

    def __init__(self, audio: RedactedAudio, part: tuple[int, int], offset_ms: float) -> None:
        self.part = part
        self.key = (part, offset_ms, audio.beeps.within(*part))
        self.finals: list[TranscriptResult] | None = None
        self.digest, self.quiet = Digest(), Quiet()
        self.window = Window(offset_ms + part[0] * 1000 / SAMPLE_RATE_HZ, self._blocks)
        self._audio = audio

    def _blocks(self) -> Iterator[bytes]:
        """From the beginning, whoever begins again: another provider may."""
        self.digest, self.quiet = Digest(), Quiet()
        for block in self._audio.blocks(*self.part):
            self.digest.add(block.samples)
            self.quiet.add(block, self._audio.layout.channels)
            yield stereo(block.samples, self._audio.layout.channels)
