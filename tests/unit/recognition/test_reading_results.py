"""Unit: providers' messages as events, from the samples and from what is rare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.recognition.adapters.deepgram_results import DeepgramResults
from sotto.recognition.adapters.transcribe_results import SentAudio, recognised

SAMPLES = Path(__file__).parents[3] / "events" / "recogniser"


def sample(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / f"{name}.jsonl").read_text().splitlines()]


def deepgram(*messages: dict[str, Any], offset_ms: float = 0) -> list[TranscriptResult]:
    results = DeepgramResults(offset_ms)
    return [event for message in messages for event in results.read(message)]


def result(text: str, *, is_final: bool = False, speech_final: bool = False, start: float = 1.0) -> dict[str, Any]:
    words = [{"word": word, "start": start, "end": start + 0.5, "confidence": 0.9} for word in text.split()]
    return {
        "type": "Results", "channel_index": [0, 2], "start": start, "duration": 2.0, "is_final": is_final,
        "speech_final": speech_final, "channel": {"alternatives": [{"transcript": text, "words": words}]},
    }  # fmt: skip


PAUSE = {"type": "UtteranceEnd", "channel": [0, 2], "last_word_end": 1.5}


def test_deepgrams_sample_is_one_turn_in_two_parts_in_call_time() -> None:
    events = deepgram(*sample("deepgram_results"), offset_ms=60_000)
    assert [(e.speaker, e.is_final, e.ends_speech) for e in events] == [
        (Speaker.AGENT, False, False),
        (Speaker.AGENT, False, False),
        (Speaker.AGENT, True, False),
        (Speaker.AGENT, True, True),
    ]
    assert events[0].start_ms == 60_900 and events[0].result_id == events[2].result_id != events[3].result_id


def test_empty_results_are_nothing_unless_they_take_back_an_interim_or_end_a_turn() -> None:
    assert deepgram(result("", is_final=True), result("", is_final=True, speech_final=True)) == []
    guess, taken_back = deepgram(result("hello"), result("", is_final=True))
    assert taken_back.is_final and taken_back.text == "" and taken_back.result_id == guess.result_id
    _, end = deepgram(result("hello", is_final=True), result("", is_final=True, speech_final=True))
    assert end.ends_speech and end.text == ""


def test_a_gap_between_words_ends_a_turn_that_endpointing_did_not_end() -> None:
    said, end = deepgram(result("hello", is_final=True), PAUSE, PAUSE)
    assert end.ends_speech and end.is_final and end.start_ms == said.end_ms
    assert deepgram(PAUSE) == []
    assert len(deepgram(result("hello", is_final=True, speech_final=True), PAUSE)) == 1


def test_transcribes_sample_settles_each_result_under_its_id() -> None:
    events = [each for event in sample("transcribe_events") for each in recognised(event, SentAudio(60_000))]
    assert [event.is_final for event in events][-1] and len({event.result_id for event in events}) == 1
    assert events[-1].text.endswith("How can I help you today?") and events[-1].stability == 1
    assert events[0].start_ms == 60_900


def test_silence_that_was_put_in_is_no_call_time() -> None:
    timeline = SentAudio(10_000)
    timeline.sent(1_000)
    timeline.insert(100)
    timeline.sent(100)
    timeline.sent(1_000)
    timeline.insert(100)
    timeline.sent(100)
    assert [timeline.call_ms(s) for s in (0.5, 1.0, 1.05, 1.1, 1.6, 2.15, 2.2)] == [
        10_500, 11_000, 11_000, 11_000, 11_500, 12_000, 12_000,
    ]  # fmt: skip
