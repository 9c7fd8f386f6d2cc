"""What a way of training intents is chosen on never holds a text that it is judged on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from benchmarks.intent_quality import VALIDATION_EVERY, Split, few, validation_part
from benchmarks.intent_ways import Against, against

WHOLE = Split(
    [(f"learned {number}", f"intent {number % 5}") for number in range(400)],
    [(f"judged {number}", f"intent {number % 5}") for number in range(40)],
)


def test_the_part_to_choose_by_comes_out_of_the_learning_part_alone() -> None:
    choosing = validation_part(WHOLE)
    assert sorted(choosing.learned + choosing.judged) == sorted(WHOLE.learned)
    assert not set(choosing.learned) & set(choosing.judged)
    assert 0.7 < len(choosing.judged) * VALIDATION_EVERY / len(WHOLE.learned) < 1.3


def test_draws_hold_so_many_of_each_label_and_nothing_that_is_judged() -> None:
    one, other = (few(validation_part(WHOLE), 3, draw) for draw in "ab")
    for drawn in (one, other):
        assert Counter(label for _, label in drawn.learned) == {f"intent {number}": 3 for number in range(5)}
        assert not set(drawn.learned) & set(drawn.judged)
    assert set(one.learned) != set(other.learned)
    assert one.judged == other.judged == validation_part(WHOLE).judged


def test_a_way_is_set_against_the_frozen_head_text_by_text() -> None:
    targets = np.array([0, 0, 1, 1])
    frozen = np.eye(2, dtype=np.float32)[[0, 1, 1, 0]]
    found = against(np.eye(2, dtype=np.float32)[[0, 0, 1, 0]], frozen, targets)
    assert (found.accuracy, found.gain) == (75.0, 25.0)
    assert found.error == pytest.approx(100 * (3 / 16) ** 0.5 / 2)
    assert against(frozen, frozen, targets) == Against(accuracy=50.0, gain=0.0, error=0.0)
