"""Where the audio of a WAV file lies, read piece by piece and trusting nothing that its header promises.

Connect writes 16-bit PCM at 8 kHz, the customer on the left and the agent on the right. What is written redacted has
one data chunk and nothing else: other chunks may hold text.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sotto.core.errors import Rejected
from sotto.media.stereo import SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES

MOST_CHUNKS = 1_000
_PCM, _EXTENSIBLE = 1, 0xFFFE
_LONGEST_FORMAT = 64


class NotARecording(Rejected):
    """The file is not what Connect writes, or cut off. The message says what is wrong, and holds none of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of the file that are audio."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """``pieces``: of the data chunks, in order; each holds whole frames."""

    channels: int
    pieces: tuple[Piece, ...]

    @property
    def frame_bytes(self) -> int:
        return self.channels * SAMPLE_WIDTH_BYTES

    @property
    def frames(self) -> int:
        return sum(piece.size for piece in self.pieces) // self.frame_bytes

    @property
    def duration_ms(self) -> int:
        return self.frames * 1000 // SAMPLE_RATE_HZ

    def between(self, first_frame: int, end_frame: int) -> Iterator[Piece]:
        """The bytes of these frames."""
        begins = 0
        for piece in self.pieces:
            ends = begins + piece.size // self.frame_bytes
            first, end = max(first_frame, begins), min(end_frame, ends)
            if first < end:
                yield Piece(piece.offset + (first - begins) * self.frame_bytes, (end - first) * self.frame_bytes)
            begins = ends


def layout_of(read: Callable[[int, int], bytes], size: int) -> Layout:
    """``read(offset, size)`` gives bytes of a file of ``size`` bytes. Raises NotARecording, and what ``read`` does."""
    begins = read(0, 12) if size >= 12 else b""
    if begins[:4] != b"RIFF" or begins[8:12] != b"WAVE":
        raise NotARecording("not a WAV file")
    channels, pieces, at = 0, list[Piece](), 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > size:
            break
        name, length = struct.unpack("<4sI", read(at, 8))
        if at + 8 + length > size:
            raise NotARecording("a chunk is longer than the file: it was cut off")
        if name == b"fmt ":
            channels = _channels(read(at + 8, min(length, _LONGEST_FORMAT)))
        elif name == b"data":
            pieces.append(_piece(at + 8, length, channels))
        at += 8 + length + length % 2
    else:
        raise NotARecording(f"more than {MOST_CHUNKS} chunks")
    found = Layout(channels, tuple(piece for piece in pieces if piece.size))
    if not found.pieces:
        raise NotARecording("no audio in it")
    return found


def header(channels: int, frames: int) -> bytes:
    """Of a WAV with one data chunk. Raises NotARecording for what a WAV cannot hold."""
    frame_bytes = channels * SAMPLE_WIDTH_BYTES
    size = frames * frame_bytes
    if size > 0xFFFFFFFF - 36:
        raise NotARecording("longer than a WAV can be")
    rate = SAMPLE_RATE_HZ * frame_bytes
    described = struct.pack("<HHIIHH", _PCM, channels, SAMPLE_RATE_HZ, rate, frame_bytes, SAMPLE_WIDTH_BYTES * 8)
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + described + _data(size)


def _data(size: int) -> bytes:
    return b"data" + struct.pack("<I", size)


def _channels(written: bytes) -> int:
    if len(written) < 16:
        raise NotARecording("its format is cut off")
    kind, channels, rate, _, frame_bytes, bits = struct.unpack("<HHIIHH", written[:16])
    if kind == _EXTENSIBLE and len(written) >= 26:
        (kind,) = struct.unpack("<H", written[24:26])
    wanted = (_PCM, SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES * 8)
    if (kind, rate, bits) != wanted or channels not in (1, 2) or frame_bytes != channels * SAMPLE_WIDTH_BYTES:
        raise NotARecording(f"format {kind}, {channels} channels, {rate} Hz, {bits} bits; 16-bit PCM at 8 kHz is known")
    return int(channels)


def _piece(offset: int, length: int, channels: int) -> Piece:
    if not channels:
        raise NotARecording("audio before its format")
    if length % (channels * SAMPLE_WIDTH_BYTES):
        raise NotARecording("a data chunk ends within a frame")
    return Piece(offset, length)
