"""Decodes what FFmpeg can: WAV, FLAC, MP3, OGG, M4A and more, of any sampling rate."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.unfit_files import PROTECTED_CODECS, WRITTEN_THROUGH_A_PIPE, encrypted_as
from sotto.media.wav import LONGEST_S, UnfitRecording

_TELLS_ITS_LENGTH = frozenset({"flac", "w64", "aiff"})
_MISSING_S = 1.0


def decoded(path: Path) -> list[bytes]:
    """s16le at 8 kHz, a channel each. Raises UnfitRecording."""
    import av

    _look_at_the_beginning(path)
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise UnfitRecording(f"{path}: holds no audio; give the call's recording")
            stream = container.streams.audio[0]
            if (stream.codec_context.codec_tag or "").strip("\0 ").lower() in PROTECTED_CODECS:
                raise UnfitRecording(f"{path}: protected against copying; export the call without protection")
            found = _channels(path, container, stream)
            _check_length(path, container, len(found[0]) / 2 / SAMPLE_RATE_HZ)
            return found
    except (av.error.FFmpegError, ValueError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnfitRecording(
            f"{path}: cannot be decoded ({reason}): broken, encrypted or no recording; export the call again as WAV"
        ) from error


def _look_at_the_beginning(path: Path) -> None:
    try:
        with path.open("rb") as file:
            first = file.read(32)
    except OSError as error:
        raise UnfitRecording(f"{path}: cannot be read ({error.strerror}); check its name and permissions") from error
    if first.startswith(b"RIFF"):
        _check_wav(path)
    if not first:
        raise UnfitRecording(f"{path}: the file is empty; record or export the call again")
    if (what := encrypted_as(first)) is not None:
        raise UnfitRecording(f"{path}: {what}; decrypt or unpack it first")


def _check_wav(path: Path) -> None:
    """FFmpeg believes the file's size rather than the header's."""
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            held = path.stat().st_size - file.tell()
            if name == b"data":
                if size > held and size not in WRITTEN_THROUGH_A_PIPE:
                    raise UnfitRecording(
                        f"{path}: its header promises {size:,} bytes of audio, the file holds {held:,}: "
                        "it was cut off; copy or export it again"
                    )
                return
            file.seek(size + size % 2, 1)


def _channels(path: Path, container: Any, stream: Any) -> list[bytes]:
    import av

    count = stream.codec_context.layout.nb_channels
    if count > 2:
        return [b"\0\0"] * count
    resampler = av.AudioResampler(format="s16", layout="stereo" if count == 2 else "mono", rate=SAMPLE_RATE_HZ)
    parts: list[Any] = []
    samples = 0
    for frame in _frames(container, stream):
        for part in resampler.resample(frame):
            parts.append(part.to_ndarray().reshape(-1))
            samples += part.samples
        if samples > LONGEST_S * SAMPLE_RATE_HZ:
            raise UnfitRecording(
                f"{path}: longer than any call (at most {LONGEST_S // 3_600} hours); cut it: "
                f"ffmpeg -t {LONGEST_S} -i {path} part.wav"
            )
    if not samples:
        raise UnfitRecording(f"{path}: holds no audio; record or export the call again")
    audio = np.concatenate(parts).astype("<i2")
    return [audio[channel::count].tobytes() for channel in range(count)]


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """Then None, upon which the resampler gives what it has kept."""
    for frame in container.decode(stream):
        frame.pts = None  # gaps in a recording's clock are no silence
        yield frame
    yield None


def _check_length(path: Path, container: Any, seconds: float) -> None:
    """A file that was cut off is decoded without an error."""
    names = set(container.format.name.split(","))
    if container.duration is None or not names & _TELLS_ITS_LENGTH:
        return
    promised_s = container.duration / 1_000_000
    if seconds < promised_s - _MISSING_S:
        raise UnfitRecording(
            f"{path}: its header promises {promised_s:.1f} s, the file holds {seconds:.1f}: it was cut off; "
            "copy or export it again"
        )
