"""What a way of training intents is chosen on never holds a text that it is judged on."""

from __future__ import annotations

from collections import Counter

from benchmarks.intent_quality import KEPT_ASIDE, Part, few, kept_aside

WHOLE = Part(
    [(f"learned {number}", f"intent {number % 5}") for number in range(400)],
    [(f"judged {number}", f"intent {number % 5}") for number in range(40)],
)


def test_the_part_to_choose_by_comes_out_of_the_learning_part_alone() -> None:
    choosing = kept_aside(WHOLE)
    assert sorted(choosing.learned + choosing.judged) == sorted(WHOLE.learned)
    assert not set(choosing.learned) & set(choosing.judged)
    assert 0.7 < len(choosing.judged) * KEPT_ASIDE / len(WHOLE.learned) < 1.3


def test_draws_hold_so_many_of_each_label_and_nothing_that_is_judged() -> None:
    one, other = (few(kept_aside(WHOLE), 3, draw) for draw in "ab")
    for drawn in (one, other):
        assert Counter(label for _, label in drawn.learned) == {f"intent {number}": 3 for number in range(5)}
        assert not set(drawn.learned) & set(drawn.judged)
    assert set(one.learned) != set(other.learned)
    assert one.judged == other.judged == kept_aside(WHOLE).judged
