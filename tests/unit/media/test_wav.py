"""Unit tests: recordings that fit, and advice for those that do not."""

from __future__ import annotations

import wave

import pytest

from sotto.media.wav import UnfitRecording, read_call, split, write_call


def wav(path, *, channels=2, rate=8000, width=2, frames=b"\x01\x02" * 800):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setframerate(rate)
        file.setsampwidth(width)
        file.writeframes(frames)
    return path


def test_a_call_is_read_as_it_was_written(tmp_path):
    stereo = bytes(range(240)) * 10
    write_call(tmp_path / "call.wav", stereo)
    assert read_call(tmp_path / "call.wav") == stereo


def test_two_mono_recordings_are_joined_and_the_shorter_one_is_continued_by_silence(tmp_path):
    customer = wav(tmp_path / "c.wav", channels=1, frames=b"\x01\x02" * 3)
    agent = wav(tmp_path / "a.wav", channels=1, frames=b"\x03\x04")
    assert split(read_call(customer, agent)) == (b"\x01\x02" * 3, b"\x03\x04" + bytes(4))


@pytest.mark.parametrize(
    ("shape", "problem", "fix"),
    [
        ({"channels": 1}, "mono, 8000 Hz, 16 bits", "sox -M customer.wav agent.wav"),
        ({"rate": 16_000}, "stereo, 16000 Hz, 16 bits", "-r 8000 -b 16"),
        ({"width": 3, "frames": bytes(600)}, "stereo, 8000 Hz, 24 bits", "-r 8000 -b 16"),
        ({"frames": b""}, "holds no audio", "export the call again"),
    ],
)
def test_a_recording_that_does_not_fit_is_refused_with_the_command_that_mends_it(tmp_path, shape, problem, fix):
    file = wav(tmp_path / "call.wav", **shape)
    with pytest.raises(UnfitRecording) as refused:
        read_call(file)
    assert problem in str(refused.value)
    assert fix in str(refused.value)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 an mp3", b"RIFF\x24\x00\x00\x00WAVEfmt "])
def test_what_is_not_a_wav_is_called_so(tmp_path, content):
    file = tmp_path / "call.wav"
    file.write_bytes(content)
    with pytest.raises(UnfitRecording, match="not a PCM WAV file"):
        read_call(file)


def test_a_file_that_is_not_there_is_called_so(tmp_path):
    with pytest.raises(UnfitRecording, match="there is no such file"):
        read_call(tmp_path / "nowhere.wav")
