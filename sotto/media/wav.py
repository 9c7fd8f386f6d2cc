"""Reads the recordings that calls are played from, and says what to do about those that do not fit."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

from sotto.core.errors import Rejected
from sotto.media.stereo import SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES

HEADER_BYTES = 44
"""The shortest that a WAV has before its audio."""
LONGEST_S = 8 * 3_600
"""A recording is held in memory, several times over."""


class UnfitRecording(Rejected):
    """The WAV is not what Sotto plays; the message names the command that makes it so."""


def read_call(path: Path, agent: Path | None = None) -> bytes:
    """A call's audio, s16le interleaved customer, agent: from one stereo WAV or from two mono ones."""
    if agent is None:
        return _read(path, channels=2)
    return joined(_read(path, channels=1), _read(agent, channels=1))


def joined(customer: bytes, agent: bytes) -> bytes:
    """Two channels of s16le interleaved; the shorter one is continued by silence."""
    size = max(len(customer), len(agent))
    frames = bytearray(2 * size)
    stereo = memoryview(frames).cast("h")
    for position, pcm in enumerate((customer, agent)):
        stereo[position::2] = memoryview(pcm.ljust(size, b"\0")).cast("h")
    return bytes(frames)


def split(stereo: bytes) -> tuple[bytes, bytes]:
    """Customer and agent out of interleaved s16le."""
    frames = memoryview(stereo).cast("h")
    return frames[0::2].tobytes(), frames[1::2].tobytes()


def write_call(path: Path, stereo: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(SAMPLE_WIDTH_BYTES)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(stereo)


def _read(path: Path, *, channels: int) -> bytes:
    if not path.is_file():
        raise UnfitRecording(f"{path}: {'this is no file' if path.exists() else 'there is no such file'}")
    try:
        with path.open("rb") as opened, wave.open(opened) as file:
            _check_shape(path, file, channels)
            promised = _promised(path, file, channels)
            frames: bytes = file.readframes(file.getnframes())
    except (wave.Error, EOFError, struct.error) as error:
        raise UnfitRecording(
            f"{path}: not a PCM WAV file ({error or 'it ends too early'}); convert it: {_sox(path, channels)}"
        ) from error
    except RuntimeError as error:  # wave's, at a chunk that would end behind the file
        raise UnfitRecording(
            f"{path}: not a PCM WAV file (a chunk is longer than the file); convert it: {_sox(path, channels)}"
        ) from error
    except OSError as error:
        raise UnfitRecording(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if len(frames) < promised:
        raise _cut_off(path, channels, promised, len(frames))
    whole = len(frames) - len(frames) % (channels * SAMPLE_WIDTH_BYTES)
    if not whole:
        raise UnfitRecording(f"{path}: holds no audio; record or export the call again")
    return frames[:whole]


def _check_shape(path: Path, file: wave.Wave_read, channels: int) -> None:
    shape = (file.getnchannels(), file.getframerate(), file.getsampwidth() * 8)
    wanted = (channels, SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES * 8)
    if shape != wanted:
        raise UnfitRecording(
            f"{path}: {_described(shape)}, but needed is {_described(wanted)}; {_advice(path, shape, channels)}"
        )


def _promised(path: Path, file: wave.Wave_read, channels: int) -> int:
    """Bytes of audio by the header. That much is allocated before the first byte is read, so the file must be as
    large."""
    promised = file.getnframes() * channels * SAMPLE_WIDTH_BYTES
    held = path.stat().st_size - HEADER_BYTES
    if promised > max(0, held):
        raise _cut_off(path, channels, promised, max(0, held))
    if file.getnframes() > LONGEST_S * SAMPLE_RATE_HZ:
        raise UnfitRecording(
            f"{path}: {file.getnframes() / SAMPLE_RATE_HZ / 3_600:.1f} hours are longer than any call "
            f"(at most {LONGEST_S // 3_600}); cut it: sox {path} part.wav trim 0 {LONGEST_S}"
        )
    return promised


def _cut_off(path: Path, channels: int, promised: int, held: int) -> UnfitRecording:
    return UnfitRecording(
        f"{path}: its header promises {promised:,} bytes of audio, the file holds {held:,}: it was cut off or recorded "
        f"through a pipe; write its header again: {_sox(path, channels, '--ignore-length ')}"
    )


def _described(shape: tuple[int, int, int]) -> str:
    channels, rate, bits = shape
    name = {1: "mono", 2: "stereo"}.get(channels, f"{channels} channels")
    return f"{name}, {rate} Hz, {bits} bits"


def _advice(path: Path, shape: tuple[int, int, int], channels: int) -> str:
    if channels == 2 and shape[0] == 1:
        return (
            "give the customer's and the agent's recording as two mono files, "
            f"or join them: sox -M customer.wav agent.wav -r {SAMPLE_RATE_HZ} -b 16 call.wav"
        )
    if channels == 1 and shape[0] == 2:
        return "a stereo file holds both sides already: give it alone"
    return f"convert it: {_sox(path, channels)}"


def _sox(path: Path, channels: int, reading: str = "") -> str:
    return f"sox {reading}{path} -r {SAMPLE_RATE_HZ} -b 16 -e signed-integer -c {channels} {path.stem}-8k.wav"
