"""Unit: which version of a model is preferred after publishing, pinning and rolling back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.models.versions import VERSIONS_KEPT, PublishedVersion, Shelf, UnknownVersion, WrongTrial
from tests.fakes.routing import any_version


def shelf_of(*versions: str) -> Shelf:
    shelf = Shelf()
    for version in versions:
        shelf = shelf.with_published(PublishedVersion(any_version(version)))
    return shelf


def order(shelf: Shelf) -> list[str]:
    return [version.version for version in shelf.chain]


def test_the_newest_is_preferred() -> None:
    assert order(shelf_of("v1", "v2", "v3")) == ["v3", "v2", "v1"]


def test_a_pinned_version_stays_preferred_whatever_is_published_later() -> None:
    shelf = shelf_of("v1", "v2").with_pin("v1").with_published(PublishedVersion(any_version("v3")))
    assert order(shelf) == ["v1", "v3", "v2"]
    assert order(shelf.without_pin()) == ["v3", "v2", "v1"]


def test_a_pinned_version_is_never_forgotten() -> None:
    shelf = shelf_of("v0").with_pin("v0")
    for number in range(1, 2 * VERSIONS_KEPT):
        shelf = shelf.with_published(PublishedVersion(any_version(f"v{number}")))
    assert order(shelf)[0] == "v0" and len(shelf.published) == VERSIONS_KEPT + 1


def test_rolling_back_twice_goes_back_twice() -> None:
    shelf = shelf_of("v1", "v2", "v3").rolled_back()
    assert order(shelf) == ["v2", "v1"]
    assert order(shelf.rolled_back()) == ["v1"]


def test_there_is_always_one_left_to_serve() -> None:
    with pytest.raises(UnknownVersion, match="no earlier version"):
        shelf_of("v1", "v2").rolled_back().rolled_back()


def test_rolling_back_a_pinned_version_takes_the_pin_off() -> None:
    shelf = shelf_of("v1", "v2", "v3").with_pin("v1").rolled_back()
    assert order(shelf) == ["v3", "v2"] and shelf.pinned is None


def test_a_withdrawn_version_serves_again_when_it_is_pinned_or_published() -> None:
    rolled_back = shelf_of("v1", "v2").rolled_back()
    assert order(rolled_back.with_pin("v2")) == ["v2", "v1"]
    assert order(rolled_back.with_published(PublishedVersion(any_version("v2")))) == ["v2", "v1"]


def test_every_version_has_a_state() -> None:
    shelf = shelf_of("v1", "v2", "v3", "v4").rolled_back()
    assert [shelf.state(one) for one in shelf.published] == ["withdrawn", "preferred", "fallback", "fallback"]
    assert shelf.with_pin("v1").state(shelf.published[-1]) == "pinned"


def test_pinning_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(UnknownVersion, match="v2, v1"):
        shelf_of("v1", "v2").with_pin("v9")


def test_a_share_belongs_to_a_version_that_is_not_preferred() -> None:
    shelf = shelf_of("v1", "v2").with_pin("v1").with_share("v2", 20)
    assert order(shelf) == ["v1", "v2"] and dict(shelf.rollout.shares) == {"v2": 20}
    assert [shelf.percent_of(one) for one in shelf.published] == [20, 80]
    assert shelf.with_share("v2", 0).shares == {}


def test_trials_end_when_their_version_is_preferred_withdrawn_or_forgotten() -> None:
    shelf = shelf_of("v1", "v2", "v3").with_pin("v1").with_share("v2", 20).with_share("v3", 10)
    assert shelf.with_pin("v2").shares == {"v3": 10}
    assert shelf.without_pin().shares == {"v2": 20}
    assert shelf.rolled_back().shares == {"v2": 20}, "v3 became preferred"
    for number in range(4, 4 + 2 * VERSIONS_KEPT):
        shelf = shelf.with_published(PublishedVersion(any_version(f"v{number}")))
    assert shelf.shares == {"v2": 20, "v3": 10} and {"v1", "v2", "v3"} <= set(order(shelf))


def test_a_shadow_answers_no_call_and_is_no_fallback() -> None:
    shelf = shelf_of("v1", "v2").with_pin("v1").with_shadow("v2", 40)
    assert order(shelf) == ["v1"] and shelf.state(shelf.published[0]) == "shadow"
    assert shelf.rollout.shadow is not None and shelf.rollout.shadow.version.version == "v2"
    assert shelf.with_shadow("v2", 50).rollout.shadow == replace(shelf.rollout.shadow, percent=50)
    assert shelf.with_pin("v2").shadow is None and order(shelf.with_pin("v2")) == ["v2", "v1"]
    assert order(shelf.without_shadow()) == ["v1", "v2"]


def test_a_version_can_be_published_into_the_shadow() -> None:
    shelf = shelf_of("v1").with_published_in_shadow(PublishedVersion(any_version("v2")))
    assert order(shelf) == ["v1"] and shelf.percent_of(shelf.published[0]) == 100
    assert order(shelf.with_published(PublishedVersion(any_version("v2")))) == ["v2", "v1"], "now it is to answer"
    with pytest.raises(WrongTrial, match="publish one beside v1 first"):
        Shelf().with_published_in_shadow(PublishedVersion(any_version("v1")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda shelf: shelf.with_share("v1", 10), "v1 is the preferred version already: pin another one first"),
        (lambda shelf: shelf.with_share("v2", 100), "give 0 to 99, or pin v2"),
        (lambda shelf: shelf.with_share("v2", 60).with_share("v3", 40), "other trials have 60 %"),
        (lambda shelf: shelf.with_share("v2", -1), "-1 % is not possible"),
        (lambda shelf: shelf.with_shadow("v1"), "v1 is the preferred version already"),
        (lambda shelf: shelf.with_shadow("v2", 0), "give 1 to 100"),
        (lambda shelf: shelf.with_share("v2", 5).with_shadow("v2"), "end that with a share of 0 first"),
        (lambda shelf: shelf.with_shadow("v2").with_share("v2", 5), "v2 is in the shadow"),
        (lambda shelf: shelf.with_share("v0", 5), "v0 was withdrawn: publish it again first"),
    ],
)
def test_a_trial_that_cannot_be_is_refused_with_what_can(change: Callable[[Shelf], Shelf], message: str) -> None:
    shelf = shelf_of("v1", "v0").rolled_back()
    for version in ("v2", "v3"):
        shelf = shelf.with_published(PublishedVersion(any_version(version)))
    with pytest.raises(WrongTrial, match=message):
        change(shelf.with_pin("v1"))


def test_an_unknown_version_has_no_trial() -> None:
    with pytest.raises(UnknownVersion, match="v2, v1"):
        shelf_of("v1", "v2").with_share("v9", 5)
    with pytest.raises(UnknownVersion, match="v2, v1"):
        shelf_of("v1", "v2").with_shadow("v9")
