"""Unit: agreement, on published examples."""

from __future__ import annotations

import random

import pytest

from sotto.scorecards.agreement import bootstrap, cohens_kappa, krippendorffs_alpha, raw_agreement

KRIPPENDORFF_2011 = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Computing Krippendorff's Alpha-Reliability, example C: four observers, twelve units, gaps; nominal alpha .743."""


def units(*rows: str) -> list[dict[str, str]]:
    columns = zip(*(row.split() for row in rows), strict=True)
    return [{f"rater {n}": value for n, value in enumerate(column) if value != "."} for column in columns]


def pairs(**counts: int) -> list[tuple[str, str]]:
    return [(names[0], names[1]) for names, count in counts.items() for _ in range(count)]


def test_kappa_of_the_textbooks_fifty_grants() -> None:
    """20 both yes, 5 and 10 split, 15 both no: .4."""
    assert cohens_kappa(pairs(yy=20, yn=5, ny=10, nn=15)) == pytest.approx(0.4)


def test_kappa_of_equal_agreement_differs_with_the_margins() -> None:
    """45, 15, 25, 15 and 25, 35, 5, 35 of a hundred: .1304 and .2593 for the same .60 of agreement."""
    assert cohens_kappa(pairs(yy=45, yn=15, ny=25, nn=15)) == pytest.approx(0.1304, abs=1e-4)
    assert cohens_kappa(pairs(yy=25, yn=35, ny=5, nn=35)) == pytest.approx(0.2593, abs=1e-4)
    assert raw_agreement(pairs(yy=45, yn=15, ny=25, nn=15)) == 0.6


def test_kappa_at_its_ends() -> None:
    assert cohens_kappa(pairs(yy=10)) == 1.0
    assert cohens_kappa(pairs(yn=5, ny=5)) == -1.0
    with pytest.raises(ValueError, match="rated"):
        cohens_kappa([])


def test_alpha_of_krippendorffs_own_examples() -> None:
    assert krippendorffs_alpha(units(*KRIPPENDORFF_2011)) == pytest.approx(0.743, abs=5e-4)
    two = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
    assert krippendorffs_alpha(units(*two)) == pytest.approx(0.095, abs=5e-4)


def test_alpha_where_nothing_or_only_one_value_was_rated_twice() -> None:
    with pytest.raises(ValueError, match="rated"):
        krippendorffs_alpha([{"a": "yes"}, {}])
    assert krippendorffs_alpha([{"a": "yes", "b": "yes"}]) == 1.0


def test_an_interval_is_the_same_for_the_same_seed_and_holds_the_truth_as_often_as_it_says() -> None:
    rated = pairs(yy=20, yn=5, ny=10, nn=15)
    assert bootstrap(rated, cohens_kappa, seed=1) == bootstrap(rated, cohens_kappa, seed=1)
    rng, held = random.Random(5), 0
    for seed in range(100):
        drawn = [("y", "y" if rng.random() < 0.8 else "n") for _ in range(60)]
        interval = bootstrap(drawn, raw_agreement, seed=seed, resamples=200)
        held += interval.low <= 0.8 <= interval.high
    assert held >= 88
