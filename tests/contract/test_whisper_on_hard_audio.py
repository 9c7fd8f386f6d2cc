"""The embedded recogniser where Whisper is known to err. Kind: the real model, in this process."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from benchmarks.nobody_speaks import quiet_recordings
from sotto.recognition.number_spelling import compared
from sotto.recognition.whisper import weights
from sotto.recognition.whisper.channel import PASS_EVERY_MS, ChannelSpeech
from sotto.recognition.whisper.detector import ChannelVoice, VoiceDetector
from sotto.recognition.whisper.engine import LONGEST_S, Passage, Spoken, Whisper
from sotto.recognition.whisper.features import Samples, log_mel
from tests.contract.ports.recogniser_contract import CALL

CARD_CALL = CALL.parent / "bank_card"
CHUNK = 800
OFFSET_MS = 5_000.0


@dataclass
class Model:
    whisper: Whisper
    detector: VoiceDetector

    def transcribed(self, audio: Samples, reader: Any = None, **options: Any) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = []
        voice = ChannelVoice(self.detector)
        options = {"offset_ms": OFFSET_MS, "emit": results.append, **options}
        channel = ChannelSpeech(reader or self.whisper, voice, **options)
        for at in range(0, len(audio), CHUNK):
            channel.audio(audio[at : at + CHUNK])
        channel.finish()
        return results


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    yield Model(Whisper.packaged(), VoiceDetector())


def side(from_s: float, to_s: float, *, agent: bool = False) -> Samples:
    with wave.open(str(CARD_CALL / "call.wav")) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768
    return both[int(agent) :: 2][round(from_s * 8_000) : round(to_s * 8_000)].astype(np.float32)


def final_text(results: list[dict[str, Any]]) -> str:
    return " ".join(result["text"] for result in results if result["is_final"])


def test_a_card_number_of_ones_comes_out_as_itself(model: Model) -> None:
    found = compared(final_text(model.transcribed(side(33.5, 43)))).replace(" ", "")
    assert found.endswith("4111111111111111") and not found.endswith("14111111111111111")


def test_expiry_and_security_code_are_read_in_full(model: Model) -> None:
    found = compared(final_text(model.transcribed(side(45, 53))))
    assert "0 8 2 8" in found and "7 3 2" in found


@pytest.mark.parametrize("name", quiet_recordings())
def test_no_word_is_invented_where_nobody_speaks(model: Model, name: str) -> None:
    audio = quiet_recordings()[name][: 20 * 8_000].astype(np.float32)
    assert [result["text"] for result in model.transcribed(audio) if result["text"]] == []


def test_forty_seconds_without_a_pause_are_several_finals_and_lose_no_word(model: Model) -> None:
    turns = [(14.6, 21.8), (60.2, 64.0), (71.4, 78.8), (88.3, 96.4), (101.6, 106.0), (111.0, 116.2), (122.8, 127.5)]
    speech = np.concatenate([side(start + 0.1, end - 0.1, agent=True) for start, end in turns])
    results = model.transcribed(speech)
    finals = [result for result in results if result["is_final"]]
    assert len(finals) >= 3
    assert all(final["end_ms"] - final["start_ms"] <= LONGEST_S * 1000 for final in finals)
    assert all(a["end_ms"] <= b["start_ms"] for a, b in zip(finals, finals[1:], strict=False))
    text = compared(final_text(results))
    for phrase in ("your date of birth", "nobody can use it", "password", "free of charge", "your card is blocked"):
        assert phrase in text


def test_a_channel_keeps_no_more_than_the_longest_stretch(model: Model) -> None:
    channel = ChannelSpeech(_Silent(), _Always(), offset_ms=0, emit=lambda result: None)
    for _ in range(900):
        channel.audio(np.zeros(CHUNK, np.float32))
        assert len(channel._kept) <= (LONGEST_S + 1) * 8_000


class _Always:
    """Somebody who never stops."""

    def __init__(self) -> None:
        self._rest = 0

    def feed(self, audio: Samples) -> list[float]:
        self._rest += len(audio)
        frames, self._rest = divmod(self._rest, 256)
        return [0.9] * frames


class _Silent:
    """Counts passes; each takes ``takes_s`` by its own clock."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.takes_s, self.now_s, self.interims = takes_s, 0.0, 0

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        self.now_s += self.takes_s
        self.interims += not careful
        return Passage((Spoken("yes", 0.0, 0.3, 0.9),), -0.1, 0.0)


@pytest.mark.parametrize(("takes_s", "at_least", "at_most"), [(0.1, 17, 21), (0.5, 4, 7), (1.0, 2, 5)])
def test_where_passes_take_longer_interims_come_less_often(takes_s: float, at_least: int, at_most: int) -> None:
    """Ten seconds of speech: at PASS_EVERY_MS on an idle machine, at most a quarter of the time on a busy one."""
    assert PASS_EVERY_MS == 500
    reader = _Silent(takes_s)
    channel = ChannelSpeech(reader, _Always(), offset_ms=0, emit=lambda result: None, now_s=lambda: reader.now_s)
    for _ in range(100):
        channel.audio(np.zeros(CHUNK, np.float32))
    assert at_least <= reader.interims <= at_most


def test_speech_that_turns_out_to_be_nothing_takes_its_interim_back(model: Model) -> None:
    class Doubtful(_Silent):
        def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
            return Passage((Spoken("yes", 0.0, 0.3, 0.9),), -2.0 if careful else -0.1, 0.0)

    results: list[dict[str, Any]] = []
    channel = ChannelSpeech(Doubtful(), _Always(), offset_ms=0, emit=results.append)
    for _ in range(20):
        channel.audio(np.zeros(CHUNK, np.float32))
    channel.finish()
    assert [(result["is_final"], result["text"]) for result in results] == [(False, "yes"), (True, "")]


def test_words_have_the_times_at_which_they_were_spoken(model: Model) -> None:
    final = next(result for result in model.transcribed(side(7, 15)) if result["is_final"])
    times = {text.lower().strip(",."): start for text, start, _, _ in final["words"]}
    assert abs(times["lost"] - (OFFSET_MS + 9_070 - 7_000)) < 500
    assert abs(times["wallet"] - (OFFSET_MS + 12_700 - 7_000)) < 700


def test_the_spectrogram_is_that_of_the_same_sound_at_16_khz() -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    time = np.arange(16_000) / 16_000
    tones = sum(np.sin(2 * np.pi * hz * time) / n for n, hz in enumerate((300, 1_100, 2_900), 1)).astype(np.float32) / 4
    theirs, ours = FeatureExtractor()(tones, padding=0), log_mel(tones[::2])
    assert ours.shape == theirs.shape
    assert np.abs(ours[:66, 2:-2] - theirs[:66, 2:-2]).max() < 0.05


def test_the_voice_detector_reports_to_nobody(tmp_path: Any) -> None:
    """onnxruntime's telemetry begins when it is imported: its first trace is a file in the temporary directory."""
    script = "from sotto.recognition.whisper.detector import VoiceDetector as V; V(); print('loaded')"
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "loaded"
    assert list(tmp_path.iterdir()) == []


def test_weights_that_are_not_the_measured_ones_are_refused(tmp_path: Any) -> None:
    (tmp_path / "model.bin").write_bytes(b"other weights")
    with pytest.raises(weights.WeightsMistaken, match="SHA-256"):
        weights.checked(tmp_path, "model.bin")
    with pytest.raises(weights.WeightsMistaken, match="install the package again"):
        weights.checked(tmp_path, "config.json")
    with pytest.raises(weights.WeightsMistaken, match="not installed"):
        weights.folder_of(("no_such_package", "model"))
