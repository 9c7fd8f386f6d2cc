"""Unit: the gates of a candidate, and its release card."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sotto.learning.example import Example
from sotto.learning.releases.card import ReleaseCard
from sotto.learning.releases.figures import Answer, NotAnAnswer, figures_of, rightness
from sotto.learning.releases.gates import Gate, Measured, gates_of, sign_test
from sotto.tenants.learning import Updates
from tests.contract.ports.learning_contract import NOW_MS, accepted, any_set

EXAMPLES = [
    accepted(("card_lost", "card_arrival")[place % 2], utterance_id=f"u{place}", confidence=0.5 + place % 2 / 2)
    for place in range(100)
]


def measured(version: str, wrong: int, *, sure: float = 0.9, which: int = 0, **changed: object) -> Measured:
    """``wrong`` of the hundred, from ``which`` on."""
    answers = [
        Answer("none_of_these" if which <= place < which + wrong else each.label, sure)
        for place, each in enumerate(EXAMPLES)
    ]
    made = Measured(version, figures_of(EXAMPLES, answers), 1024**2, 2.0, rightness(EXAMPLES, answers))
    return replace(made, **changed)  # type: ignore[arg-type]


def failed(candidate: Measured, live: Measured | None, labels: int = 3) -> set[str]:
    return {gate.name for gate in gates_of(candidate, live, trained_labels=labels) if not gate.passed}


def test_a_better_version_passes_and_a_worse_one_does_not() -> None:
    live = measured("v1", 20)
    assert failed(measured("v2", 10), live) == set()
    assert {"accuracy", "regressions"} <= failed(measured("v2", 40, sure=0.6), live)


def test_a_version_that_is_right_as_often_but_on_others_passes_only_by_chance() -> None:
    live = measured("v1", 10)
    assert "regressions" not in failed(measured("v2", 10, which=50), live)
    assert sign_test(10, 10) > 0.05 > sign_test(12, 2)
    assert sign_test(0, 0) == 1.0


def test_a_class_that_is_lost_fails_a_version_that_is_better_in_all() -> None:
    live = measured("v1", 20)
    answers = [Answer("card_lost", 0.9) if each.label == "card_lost" else Answer("card_lost", 0.2) for each in EXAMPLES]
    one_label = Measured("v2", figures_of(EXAMPLES, answers), 1, 1.0, rightness(EXAMPLES, answers))
    assert "classes" in failed(one_label, live)


@pytest.mark.parametrize(
    ("changed", "gate"),
    [
        ({"latency_ms": 40.0}, "latency"),
        ({"latency_ms": float("nan")}, "numbers"),
        ({"size_bytes": 10**9}, "size"),
    ],
)
def test_a_slow_a_great_and_a_broken_version_fail(changed: dict[str, object], gate: str) -> None:
    assert gate in failed(measured("v2", 5, **changed), measured("v1", 20))


def test_somewhat_slower_may_be_a_busy_machine_and_much_slower_is_not() -> None:
    live = measured("v1", 20)
    assert card(measured("v2", 5, latency_ms=30.0), live).passed
    assert not card(measured("v2", 5, latency_ms=30.0), live).may_go_out(Updates.AUTO)
    assert not card(measured("v2", 5, latency_ms=90.0), live).passed


def test_overconfidence_fails() -> None:
    assert "calibration" in failed(measured("v2", 20, sure=1.0), measured("v1", 20, sure=0.8))


def test_one_label_tells_nothing_apart() -> None:
    assert "labels" in failed(measured("v2", 0), None, labels=1)


def test_what_is_no_number_is_no_answer() -> None:
    for sure in (float("nan"), float("inf"), -0.1, 1.1):
        with pytest.raises(NotAnAnswer):
            figures_of(EXAMPLES[:1], [Answer("card_lost", sure)])
    with pytest.raises(NotAnAnswer):
        figures_of(EXAMPLES, [])


def test_with_few_examples_a_person_looks_and_nothing_goes_out_by_itself() -> None:
    few = EXAMPLES[:5]
    answers = [Answer(each.label, 0.9) for each in few]
    made = Measured("v2", figures_of(few, answers), 1, 1.0, rightness(few, answers))
    found = card(made, None)
    assert found.passed and not found.may_go_out(Updates.AUTO)
    worse = Measured("v3", figures_of(few, [Answer("x", 0.9)] * 5), 1, 1.0, (False,) * 5)
    chance = card(worse, made)
    assert chance.passed and not chance.may_go_out(Updates.AUTO), "five examples say nothing either way"
    assert "a person looks" in chance.as_markdown()
    good = card(measured("v2", 5), measured("v1", 20))
    assert good.may_go_out(Updates.AUTO) and not good.may_go_out(Updates.REVIEW)


def card(candidate: Measured, live: Measured | None, gates: tuple[Gate, ...] | None = None) -> ReleaseCard:
    found = gates_of(candidate, live, trained_labels=3) if gates is None else gates
    return ReleaseCard("bank", "intent", NOW_MS, candidate, live, found, any_set().manifest, 40, 3.2, "minilm")


def test_the_card_says_in_plain_words_what_is_known_and_holds_no_utterance() -> None:
    written = card(measured("v2", 10), measured("v1", 20)).as_markdown()
    assert "**Passed its gates.**" in written
    assert "right on 90.0% of the regression examples, the live version on 80.0%" in written
    assert "| recogniser unsure | 50 |" in written
    assert "Not in the set: 3 not accepted." in written
    assert EXAMPLES[0].text not in written
    worse = card(measured("v2", 40), measured("v1", 20)).as_markdown()
    assert "**Did not pass its gates: nothing changes.**" in worse and "**failed**" in worse


def test_the_card_is_json_even_where_something_is_no_number() -> None:
    broken = card(measured("v2", 10, latency_ms=float("nan")), None)
    found = json.loads(json.dumps(broken.as_json(), allow_nan=False))
    assert (found["candidate"]["latency_ms"], found["passed"], found["set"]["number"]) == (None, False, 1)
    assert "right" not in found["candidate"]


def test_slices_are_those_of_the_examples() -> None:
    some: list[Example] = [accepted(text="one two"), accepted(text="word " * 20, confidence=0.5)]
    slices = figures_of(some, [Answer("card_lost", 0.9), Answer("x", 0.9)]).slices
    assert slices == {
        "few words": (1.0, 1),
        "many words": (0.0, 1),
        "recogniser unsure": (0.0, 1),
        "recogniser sure": (1.0, 1),
        "from corrections": (0.5, 2),
    }
