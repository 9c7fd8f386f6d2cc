"""Recordings decoded by FFmpeg (PyAV): WAV, FLAC, MP3, OGG, M4A and more, of any sampling rate, read as they stream."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from sotto.imports.audio.audio_file import Parted, interleaved, swapped
from sotto.imports.item import LONGEST_MS, ItemMistaken, Reason
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.unfit_files import PROTECTED_CODECS, WRITTEN_THROUGH_A_PIPE, encrypted_as

BLOCK_BYTES = 256 * 1024
_MISSING_S = 1.0
_TELLS_ITS_LENGTH = frozenset({"flac", "w64", "aiff"})


class AvDecoder:
    """An AudioDecoder. ``parted``: None where nothing is installed that tells two voices on one channel apart."""

    def __init__(self, parted: Parted | None = None) -> None:
        self._parted = parted

    @contextmanager
    def open(self, file: BinaryIO, *, agent_channel: int) -> Iterator[AvAudio]:
        import av

        promises = _looked_at(file)
        try:
            container = av.open(file, metadata_errors="ignore")
        except (av.error.FFmpegError, ValueError, UnicodeError) as error:
            raise ItemMistaken(Reason.NOT_AUDIO) from error
        with container:
            yield AvAudio(container, agent_channel, self._parted, cut_off=promises)


class AvAudio:
    """An AudioFile."""

    def __init__(self, container: Any, agent_channel: int, parted: Parted | None, *, cut_off: bool) -> None:
        self.is_cut_off = cut_off
        self._container = container
        self._swap = agent_channel == 0
        self._parted = parted
        if not container.streams.audio:
            raise ItemMistaken(Reason.NOT_AUDIO)
        self._stream = container.streams.audio[0]
        if (self._stream.codec_context.codec_tag or "").strip("\0 ").lower() in PROTECTED_CODECS:
            raise ItemMistaken(Reason.ENCRYPTED)
        self._channels = self._stream.codec_context.layout.nb_channels
        if self._channels > 2:
            raise ItemMistaken(Reason.TOO_MANY_CHANNELS)
        if self._channels == 1 and parted is None:
            raise ItemMistaken(Reason.ONE_CHANNEL)
        if container.duration is not None and container.duration / 1000 > LONGEST_MS:
            raise ItemMistaken(Reason.TOO_LONG)

    def blocks(self) -> Iterator[bytes]:
        if self._channels == 1:
            assert self._parted is not None
            yield interleaved(*self._parted(b"".join(self._decoded())))
            return
        for block in self._decoded():
            yield swapped(block) if self._swap else block

    def _decoded(self) -> Iterator[bytes]:
        """What comes after a place that cannot be decoded is left out, and the file counts as cut off."""
        import av

        layout = "stereo" if self._channels == 2 else "mono"
        resampler = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE_HZ)
        pending, samples = bytearray(), 0
        try:
            for frame in self._frames():
                for part in resampler.resample(frame):
                    pending += bytes(part.planes[0])[: part.samples * 2 * self._channels]
                    samples += part.samples
                if samples * 1000 > LONGEST_MS * SAMPLE_RATE_HZ:  # of a file that does not say how long it is
                    self.is_cut_off = True
                    break
                if len(pending) >= BLOCK_BYTES:
                    yield bytes(pending)
                    pending.clear()
        except (av.error.FFmpegError, ValueError) as error:
            if not samples:
                raise ItemMistaken(Reason.NOT_AUDIO) from error
            self.is_cut_off = True
        if not samples:
            raise ItemMistaken(Reason.EMPTY)
        if pending:
            yield bytes(pending)
        self._compare_with_what_was_promised(samples / SAMPLE_RATE_HZ)

    def _frames(self) -> Iterator[Any]:
        """Then None, upon which the resampler gives what it has kept."""
        for frame in self._container.decode(self._stream):
            frame.pts = None  # gaps in a recording's clock are no silence
            yield frame
        yield None

    def _compare_with_what_was_promised(self, seconds: float) -> None:
        names = set(self._container.format.name.split(","))
        if self._container.duration is not None and names & _TELLS_ITS_LENGTH:
            self.is_cut_off |= seconds < self._container.duration / 1_000_000 - _MISSING_S


def _looked_at(file: BinaryIO) -> bool:
    """Whether a WAV's header promises more than there is: FFmpeg believes the file's size. Raises ItemMistaken."""
    first = file.read(32)
    if not first:
        raise ItemMistaken(Reason.EMPTY)
    if encrypted_as(first) is not None:
        raise ItemMistaken(Reason.ENCRYPTED)
    cut_off = first.startswith(b"RIFF") and _promises_more(file)
    file.seek(0)
    return cut_off


def _promises_more(file: BinaryIO) -> bool:
    size = file.seek(0, 2)
    at = 12
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        at += 8
        if name == b"data":
            return length > size - at and length not in WRITTEN_THROUGH_A_PIPE
        at += length + length % 2
    return False
