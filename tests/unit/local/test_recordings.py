"""Recordings of any kind become what is played. Kind: real decoder, real files; the voice encoder where installed."""

from __future__ import annotations

import importlib.util
import os
import re
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from local.recordings import decoding
from local.recordings.reading import read_recording
from sotto.media.wav import UnfitRecording, joined, read_call, split, write_call

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_cancel" / "call.wav"
REAL = Path(os.environ.get("SOTTO_SHARED_DATA", Path(__file__).parents[3] / "../shared/data")) / "calls"
SECONDS = 4
needs_voices = pytest.mark.skipif(
    importlib.util.find_spec("resemblyzer") is None, reason="Resemblyzer's weights are not installed (make setup)"
)
needs_real_call = pytest.mark.skipif(not REAL.exists(), reason="the shared call is not here (SOTTO_SHARED_DATA)")


def tone(hz: float, rate: int) -> np.ndarray:
    return (np.sin(2 * np.pi * hz * np.arange(SECONDS * rate) / rate) * 9_000).astype("<i2")


def encoded(path: Path, codec: str, rate: int, layout: str = "stereo") -> Path:
    """440 Hz on the left, 1,000 Hz on the right."""
    import av

    channels = [tone(440, rate), tone(1_000, rate)][: 2 if layout == "stereo" else 1]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        audio = np.stack(channels, axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(audio, format="s16", layout=layout)
        frame.rate = rate
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size or 0)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            for packet in stream.encode(part):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def pitch(side: bytes) -> float:
    samples = np.frombuffer(side, "<i2")[8_000:24_000]
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) / 2)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("call.flac", "flac", 44_100),
        ("call.mp3", "libmp3lame", 48_000),
        ("call.ogg", "libopus", 16_000),
        ("call.opus", "libopus", 48_000),
        ("call.m4a", "aac", 32_000),
        ("call.wav", "pcm_s16le", 48_000),
        ("law.wav", "pcm_mulaw", 8_000),
        ("wide.wav", "pcm_s24le", 11_025),
    ],
)
def test_any_usual_format_and_rate_is_read(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    customer, agent = split(read_recording(encoded(tmp_path / name, codec, rate)))
    assert abs(len(customer) / 16_000 - SECONDS) < 0.15
    assert (abs(pitch(customer) - 440) < 3, abs(pitch(agent) - 1_000) < 3) == (True, True)


def test_a_recording_of_the_right_shape_is_read_to_the_sample() -> None:
    assert read_recording(CALL) == read_call(CALL)


def test_two_files_of_one_side_each_are_one_call(tmp_path: Path) -> None:
    files = [encoded(tmp_path / f"{n}.flac", "flac", 16_000, "mono") for n in "ab"]
    customer, agent = split(read_recording(*files))
    assert customer == agent and abs(pitch(agent) - 440) < 3
    with pytest.raises(UnfitRecording, match="give it alone"):
        read_recording(encoded(tmp_path / "both.flac", "flac", 16_000), files[0])


def refused(path: Path) -> str:
    with pytest.raises(UnfitRecording) as error:
        read_recording(path)
    assert str(error.value).startswith(f"{path}: ")
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"no recording at all" * 50, "cannot be decoded"),
        (os.urandom(4_000), "cannot be decoded"),
        (b"Salted__" + os.urandom(4_000), "encrypted by OpenSSL"),
        (b"-----BEGIN PGP MESSAGE-----\n", "encrypted by PGP"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(20), "cannot be decoded"),
    ],
)
def test_what_is_no_recording_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "call.mp3").write_bytes(content)
    assert reason in refused(tmp_path / "call.mp3")


@pytest.mark.parametrize(("name", "codec"), [("call.flac", "flac"), ("call.wav", "pcm_s24le")])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, name: str, codec: str) -> None:
    whole = encoded(tmp_path / name, codec, 16_000).read_bytes()
    (tmp_path / f"half-{name}").write_bytes(whole[: len(whole) // 2])
    assert re.search("cut off|cannot be decoded", refused(tmp_path / f"half-{name}"))


def test_a_recording_longer_than_any_call_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LONGEST_S", 3)
    assert "longer than any call" in refused(encoded(tmp_path / "long.flac", "flac", 16_000))


def test_more_than_two_channels_are_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "four.wav"), "wb") as file:
        file.setparams((4, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(8 * 16_000))
    assert "4 channels" in refused(tmp_path / "four.wav")


def test_a_picture_is_no_recording(tmp_path: Path) -> None:
    picture = Path(__file__).parents[3] / "docs" / "images" / "panel-480-light-en.png"
    assert "no audio" in refused(picture)


@needs_voices
@needs_real_call
def test_two_voices_on_one_channel_are_parted(tmp_path: Path) -> None:
    """The first minute of a real call, its two sides added."""
    both = read_call(REAL / "Auto_Repairs_40_UTC_caller.wav", REAL / "Auto_Repairs_40_UTC_agent.wav")[: 60 * 32_000]
    sides = np.frombuffer(both, "<i2").reshape(-1, 2).astype(int)
    with wave.open(str(tmp_path / "mono.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(np.clip(sides.sum(axis=1), -32_768, 32_767).astype("<i2").tobytes())
    found = np.frombuffer(read_recording(tmp_path / "mono.wav"), "<i2").reshape(-1, 2)
    frames = len(sides) // 800
    truth = np.abs(sides[: frames * 800]).reshape(frames, 800, 2).mean(axis=1)
    parted = np.abs(found[: frames * 800].astype(int)).reshape(frames, 800, 2).mean(axis=1)
    clear = (truth.max(axis=1) > 300) & (truth.max(axis=1) > 5 * truth.min(axis=1))
    right = (truth.argmax(axis=1) == parted.argmax(axis=1))[clear].mean()
    assert clear.sum() > 200
    assert right > 0.95


@needs_voices
def test_a_single_voice_is_the_customer_s(tmp_path: Path) -> None:
    customer, _ = split(read_call(CALL)[: 30 * 32_000])
    write_call(tmp_path / "call.wav", joined(customer, bytes(len(customer))))
    with wave.open(str(tmp_path / "mono.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(customer)
    _, agent = split(read_recording(tmp_path / "mono.wav"))
    assert not any(agent)
