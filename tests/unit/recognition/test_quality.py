"""How sure a provider is, and how much it takes back. Kind: results without audio."""

from __future__ import annotations

from typing import Any

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.core.metrics import measure
from sotto.core.metrics.measure import Measure
from sotto.recognition.quality import RecognitionQuality


class Noted:
    def __init__(self) -> None:
        self.values: list[tuple[str, float, str]] = []

    def add(self, measured: Measure, value: float = 1, *, tenant: str | None = None, **by: str) -> None:
        assert tenant == "harbour_bank"
        self.values.append((measured.name, value, by["provider"]))


def result(text: str, *, final: bool = False, id: str = "1", confidence: float = 0.8, **more: Any) -> TranscriptResult:
    words = tuple(Word(word, 0, 1, confidence) for word in text.split())
    return TranscriptResult(more.get("speaker", Speaker.AGENT), id, 0, 1, text, words, is_final=final)


def noted(*results: TranscriptResult) -> list[tuple[str, float]]:
    metrics = Noted()
    quality = RecognitionQuality(metrics, "harbour_bank")
    for each in results:
        quality.note("transcribe", each)
    assert {provider for _, _, provider in metrics.values} <= {"transcribe"}
    return [(name, value) for name, value, _ in metrics.values]


CONFIDENCE, CHURN = measure.RECOGNISER_CONFIDENCE.name, measure.INTERIM_CHURN.name


def test_words_that_stay_are_no_churn_nor_are_case_and_punctuation() -> None:
    found = noted(result("i lost"), result("i lost my"), result("I lost my card.", final=True))
    assert found == [(CHURN, 0.0), (CONFIDENCE, 80.0)]


def test_words_that_change_or_go_are() -> None:
    found = noted(result("i lost my heart"), result("i lost my card now"), result("i lost my card", final=True))
    assert found[0] == (CHURN, round(100 * 2 / 9, 1))


def test_an_empty_final_takes_everything_back_and_is_of_no_confidence() -> None:
    assert noted(result("thank you"), result("", final=True)) == [(CHURN, 100.0)]


def test_sides_of_a_call_and_results_of_other_sessions_are_not_compared() -> None:
    customer = {"speaker": Speaker.CUSTOMER}
    found = noted(result("one two"), result("three", id="9", **customer), result("four five", id="2", final=True))
    assert found == [(CONFIDENCE, 80.0)]
