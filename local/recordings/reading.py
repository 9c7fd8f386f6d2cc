"""A call out of any recording: one file with both sides, one with both voices on one channel, or one file a side."""

from __future__ import annotations

from pathlib import Path

from local.recordings.decoding import decoded
from sotto.media.wav import UnfitRecording, joined, read_call

TOO_MANY = "record or export the call with one channel, or with two (customer left, agent right)"


def read_recording(path: Path, agent: Path | None = None) -> bytes:
    """s16le interleaved customer, agent. Raises UnfitRecording, and VoicesUnreadable where one channel holds both
    voices and nothing is installed that tells them apart."""
    if _is_what_we_play(path, agent):
        return read_call(path, agent)
    if agent is not None:
        return joined(_one_side(path), _one_side(agent))
    channels = decoded(path)
    if len(channels) == 2:
        return joined(channels[0], channels[1])
    if len(channels) > 2:
        raise UnfitRecording(f"{path}: {len(channels)} channels; {TOO_MANY}")
    from local.recordings.voices import parted_by_voice

    return joined(*parted_by_voice(channels[0]))


def _one_side(path: Path) -> bytes:
    channels = decoded(path)
    if len(channels) != 1:
        raise UnfitRecording(f"{path}: {len(channels)} channels, but of two files each holds one side: give it alone")
    return channels[0]


def _is_what_we_play(path: Path, agent: Path | None) -> bool:
    """A PCM WAV of the shape that is played: read as it is, to the sample."""
    import wave

    try:
        for each in filter(None, (path, agent)):
            with each.open("rb") as opened, wave.open(opened) as file:
                channels = 2 if agent is None else 1
                if (file.getnchannels(), file.getframerate(), file.getsampwidth()) != (channels, 8_000, 2):
                    return False
    except (wave.Error, EOFError, OSError, RuntimeError):
        return False
    return True
