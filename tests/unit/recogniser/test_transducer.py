"""What a streaming transducer's tokens say. Kind: pure functions; the engine itself needs a model of the customer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_containers.recogniser.engines.engine import EngineUnusable
from model_containers.recogniser.engines.transducer import TransducerEngine, TransducerSettings, words_of
from sotto.core.clock import SystemClock


@pytest.mark.parametrize("mark", [" ", "▁"])
def test_tokens_become_words_in_call_time(mark: str) -> None:
    tokens = [f"{mark}close", f"{mark}my", f"{mark}acc", "ount"]
    found = list(words_of(tokens, [0.0, 0.4, 0.6, 0.8], [0.0, 0.0, -0.1, -0.3], 5_000))
    assert [(text, round(start), round(end)) for text, start, end, _ in found] == [
        ("close", 5_000, 5_400),
        ("my", 5_400, 5_600),
        ("account", 5_600, 5_880),
    ]
    assert [confidence for *_, confidence in found] == [1.0, 1.0, 0.819]


def test_without_probabilities_every_word_is_sure() -> None:
    assert [word[3] for word in words_of([" yes"], [0.2], [], 0)] == [1.0]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineUnusable, match=r"sherpa-onnx is not installed|no encoder\*\.onnx"):
        TransducerEngine(TransducerSettings(tmp_path), SystemClock()).load()
