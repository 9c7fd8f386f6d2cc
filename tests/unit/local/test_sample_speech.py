"""Unit tests: the sample calls are what their scripts and README say."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import pytest
import yaml

CALLS = Path(__file__).parents[3] / "events" / "calls"
NAMES = ["bank_cancel", "bank_card", "garage_brakes"]


def transcript(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CALLS / name / "call.transcript.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_call_is_stereo_telephone_audio_of_one_to_three_minutes(name: str) -> None:
    with wave.open(str(CALLS / name / "call.wav")) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (2, 2, 8_000)
        assert 60 <= wav.getnframes() / 8_000 <= 180


@pytest.mark.parametrize("name", NAMES)
def test_the_transcript_says_what_the_script_says(name: str) -> None:
    script = yaml.safe_load((CALLS / name / "script.yaml").read_text())
    said = sorted((turn["speaker"], turn["text"]) for turn in script["turns"])
    assert sorted((line["speaker"], line["text"]) for line in transcript(name)) == said


@pytest.mark.parametrize("name", NAMES)
def test_words_are_in_order_inside_their_turn_and_a_speaker_never_overlaps_himself(name: str) -> None:
    ends = {"customer": 0, "agent": 0}
    for line in transcript(name):
        assert [word["text"] for word in line["words"]] == line["text"].split()
        assert line["start_ms"] >= ends[line["speaker"]]
        times = [time for word in line["words"] for time in (word["start_ms"], word["end_ms"])]
        assert times == sorted(times) and (times[0], times[-1]) == (line["start_ms"], line["end_ms"])
        ends[line["speaker"]] = line["end_ms"]


@pytest.mark.parametrize("name", NAMES)
def test_every_call_has_talking_at_once_and_a_long_silence(name: str) -> None:
    gaps = [b["start_ms"] - a["end_ms"] for a, b in zip(transcript(name), transcript(name)[1:], strict=False)]
    assert min(gaps) < -300 and max(gaps) >= 8_000 - 1


def test_the_bank_agent_forgets_the_recording_disclosure_in_one_call_only() -> None:
    assert "recorded" not in " ".join(line["text"] for line in transcript("bank_cancel"))
    assert "This call is recorded" in transcript("bank_card")[0]["text"]
