"""Hostile: WAV files that lie about what they hold are refused with the way out, and nothing is allocated for them."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest

from sotto.media.wav import UnfitRecording, read_call

FOUR_GB = 0xFFFF_FFFF
STEREO = struct.pack("<HHIIHH", 1, 2, 8_000, 32_000, 4, 16)


def chunk(name: bytes, content: bytes, claimed: int | None = None) -> bytes:
    return name + struct.pack("<I", len(content) if claimed is None else claimed) + content


def wav(path: Path, *chunks: bytes) -> Path:
    body = b"WAVE" + b"".join(chunks)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def refusal(file: Path) -> str:
    """And it took no memory to speak of."""
    tracemalloc.start()
    try:
        with pytest.raises(UnfitRecording) as refused:
            read_call(file)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    return str(refused.value)


def test_audio_that_claims_4_gb_is_bounded_by_the_file(tmp_path: Path) -> None:
    reason = refusal(wav(tmp_path / "call.wav", chunk(b"fmt ", STEREO), chunk(b"data", bytes(4_000), FOUR_GB)))
    assert "its header promises 4,294,967,292 bytes of audio, the file holds 4,000" in reason
    assert "sox --ignore-length" in reason


def test_a_recording_that_was_cut_off_is_not_played_as_if_it_were_whole(tmp_path: Path) -> None:
    reason = refusal(wav(tmp_path / "call.wav", chunk(b"fmt ", STEREO), chunk(b"data", bytes(4_000), 8_000)))
    assert "promises 8,000 bytes of audio, the file holds 4,000" in reason


def test_audio_cut_off_behind_long_metadata_is_noticed_as_well(tmp_path: Path) -> None:
    about = chunk(b"LIST", bytes(6_000))
    reason = refusal(wav(tmp_path / "call.wav", chunk(b"fmt ", STEREO), about, chunk(b"data", bytes(4_000), 8_000)))
    assert "promises 8,000 bytes of audio, the file holds 4,000" in reason


@pytest.mark.parametrize("name", [b"LIST", b"fmt ", b"junk"])
def test_any_other_chunk_that_claims_4_gb_ends_the_file(tmp_path: Path, name: bytes) -> None:
    file = wav(tmp_path / "call.wav", chunk(name, STEREO, FOUR_GB), chunk(b"data", bytes(4_000)))
    assert "not a PCM WAV file" in refusal(file)


@pytest.mark.parametrize(
    "shape", [(1, 0, 8_000, 0, 0, 16), (1, 2, 0, 0, 4, 16), (1, 2, 8_000, 0, 0, 0), (3, 2, 8_000, 0, 8, 32)]
)
def test_an_impossible_shape_is_named(tmp_path: Path, shape: tuple[int, ...]) -> None:
    reason = refusal(
        wav(tmp_path / "call.wav", chunk(b"fmt ", struct.pack("<HHIIHH", *shape)), chunk(b"data", bytes(64)))
    )
    assert "not a PCM WAV file" in reason or "needed is stereo, 8000 Hz, 16 bits" in reason


def test_a_recording_longer_than_any_call_is_refused_before_it_is_read(tmp_path: Path) -> None:
    nine_hours = 9 * 3_600 * 32_000
    file = wav(tmp_path / "call.wav", chunk(b"fmt ", STEREO), chunk(b"data", b"", nine_hours))
    with file.open("ab") as sparse:
        sparse.truncate(44 + nine_hours)
    assert "9.0 hours are longer than any call (at most 8)" in refusal(file)


def test_metadata_before_and_behind_the_audio_does_no_harm(tmp_path: Path) -> None:
    about = chunk(b"LIST", b"INFOISFT" + bytes(10))
    file = wav(tmp_path / "call.wav", chunk(b"fmt ", STEREO), about, chunk(b"data", b"\1\0\2\0" * 50), about)
    assert read_call(file) == b"\1\0\2\0" * 50
