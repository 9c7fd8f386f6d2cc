"""Unit: what is called drift, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from sotto.analytics.drift.accuracy import Level, expected_accuracy, unknown_share
from sotto.analytics.drift.display import divergence, moved_mass, population_stability
from sotto.analytics.drift.latest import Proposal, drift_of
from sotto.analytics.drift.sketched import COLUMNS, read_call
from sotto.analytics.drift.tails import squares_above, sum_above
from sotto.analytics.drift.watch import ALARM, View, ends_of, latest
from tests.unit.analytics.any_sketches import any_calls

BEFORE = any_calls(900, seed=1)


def test_tails_of_squares_are_as_drawn() -> None:
    source = np.random.default_rng(3)
    weights = np.geomspace(1, 0.01, 40)
    drawn = (source.standard_normal((60_000, 40)) ** 2) @ weights
    for quantile in (0.05, 0.5, 0.9, 0.99, 0.999):
        found = squares_above(float(np.quantile(drawn, quantile)), weights)
        assert found == pytest.approx(1 - quantile, rel=0.25)
    assert squares_above(0.0, weights) == 1.0
    assert squares_above(1.0, np.zeros(3)) == 0.0
    assert squares_above(200.0, np.ones(1)) == pytest.approx(2.088e-45, rel=0.01)  # chi-squared of one degree


def test_a_sum_of_what_is_skewed_is_large_more_often_than_a_normal_one() -> None:
    source = np.random.default_rng(4)
    seen = source.exponential(1.0, 1_000) ** 2
    seen -= seen.mean()
    drawn = source.choice(seen, (40_000, 60)).sum(axis=1)
    for quantile in (0.1, 0.9, 0.99, 0.999):
        assert sum_above(float(np.quantile(drawn, quantile)), seen, 60, 0.0) == pytest.approx(1 - quantile, rel=0.3)
    deviation = float(np.sqrt((seen**2).mean() * 60))
    assert sum_above(4 * deviation, seen, 60, 0.0) > 10 * 3.2e-5
    assert sum_above(1.0, np.zeros(5), 10, 0.0) == 0.0


def test_nothing_is_found_where_nothing_has_changed() -> None:
    for seed in range(2, 12):
        found = drift_of(BEFORE, any_calls(420, seed))
        assert found.is_alarm is False
        assert found.proposals == ()
        assert {each.view for each in found.looked} == set(View)


def test_wishes_that_the_model_does_not_know_are_found_and_lower_what_is_expected_right() -> None:
    found = drift_of(BEFORE, any_calls(420, seed=50, unknown=0.15))
    assert found.is_alarm
    assert found.looked[0].chance < ALARM
    assert Proposal.NEW_INTENTS in found.proposals
    assert found.unknown > 0.05
    assert found.before is not None and found.now is not None
    assert found.now.accuracy < found.before.accuracy


def test_another_mix_names_the_intents_that_moved() -> None:
    found = drift_of(BEFORE, any_calls(420, seed=51, mix={"balance": 0.2, "card": 0.3, "loan": 0.3, "theft": 0.2}))
    assert found.is_alarm
    (first, *_) = found.moved
    assert first.label == "theft" and first.before == 0.0 and first.errors > 0
    assert [each.label for each in found.moved if each.errors < 0] == ["balance"]
    assert Proposal.ARTICLES in found.proposals
    assert found.psi > 0.25 and found.divergence > 0


def test_words_that_are_recognised_less_surely_are_no_new_wishes() -> None:
    found = drift_of(BEFORE, any_calls(420, seed=52, unrecognised=0.12))
    assert found.is_alarm
    assert found.looked[0].view is View.RECOGNITION
    assert found.proposals == (Proposal.RECOGNISER,)


def test_the_segment_is_named_in_which_the_model_doubts_more() -> None:
    before = [*BEFORE[:450], *any_calls(450, seed=3, queue="loans")]
    now = [*any_calls(210, seed=4), *any_calls(210, seed=5, queue="loans", unknown=0.5)]
    named = {(each.dimension, each.value) for each in drift_of(before, now).segments}
    assert ("queue", "loans") in named
    assert ("queue", "cards") not in named


def test_too_little_says_nothing_and_another_version_is_not_compared() -> None:
    assert drift_of(BEFORE[:150], any_calls(420, seed=6)).is_alarm is None
    assert drift_of(BEFORE, any_calls(40, seed=6)).is_alarm is None
    assert drift_of(BEFORE, []).is_alarm is None
    found = drift_of(BEFORE, any_calls(420, seed=6, version="v2", mix={"theft": 1.0}))
    assert {each.view for each in found.looked} == {View.MEANING, View.RECOGNITION}
    assert found.is_alarm is False


def test_of_many_that_are_looked_at_each_has_to_be_unlikelier() -> None:
    now = any_calls(420, seed=50, unknown=0.15)
    alone, among = drift_of(BEFORE, now), drift_of(BEFORE, now, looks=10)
    assert among.looked[0].chance == pytest.approx(10 * alone.looked[0].chance)


def test_long_calls_are_no_more_proof_than_whole_calls_are() -> None:
    """Every utterance of a call said five times over: the same calls, no more evidence."""

    def said_again(calls: list) -> list:
        return [
            type(each)(
                each.day, each.segments, each.version, 5 * each.utterances, 0, 5 * each.doubt, 5 * each.right,
                5 * each.unrecognised, each.sure, {label: 5 * n for label, n in each.labels.items()}, each.meaning,
            )
            for each in calls
        ]  # fmt: skip

    for seed in range(60, 66):
        found = drift_of(said_again(BEFORE), said_again(any_calls(200, seed)))
        assert found.is_alarm is False


def test_a_row_that_cannot_be_read_is_left_out() -> None:
    row = dict.fromkeys(COLUMNS, None)
    assert read_call(list(row.values())) is None


def test_windows_are_whole_calls() -> None:
    counts = np.array([3.0, 4.0, 2.0, 6.0, 1.0])
    assert ends_of(counts, 6) == [(0, 2), (2, 4)]
    assert latest(counts, 6) == 3
    assert latest(counts, 17) is None


def test_accuracy_is_what_confidence_expects_less_what_is_not_known() -> None:
    before = Level(0.9, 0.4, 0.1)
    assert expected_accuracy(before, Level(0.88, 0.4, 0.1)) == 0.88
    assert unknown_share(before, Level(0.9, 0.485, 0.1)) == pytest.approx(0.1)
    assert expected_accuracy(before, Level(0.89, 0.485, 0.1)) == pytest.approx(0.81)
    assert expected_accuracy(before, Level(0.89, 0.485, 0.1), same_words=False) == 0.89
    assert unknown_share(before, Level(0.9, 0.1, 0.1)) == 0.0
    assert unknown_share(before, Level(0.9, 0.55, 0.2)) == 0.0, "what is rightly called none is answered"


def test_what_is_shown_of_mixes() -> None:
    same = {"a": 50.0, "b": 50.0}
    assert population_stability(same, same) == divergence(same, same) == 0.0
    assert population_stability(same, {"a": 90.0, "b": 10.0}) == pytest.approx(0.87, abs=0.05)
    assert moved_mass([10, 0, 0, 0], [0, 0, 0, 10]) == pytest.approx(0.75)
    assert moved_mass([0, 0], [1, 1]) == 0.0
