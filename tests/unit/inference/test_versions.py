"""Unit: which version of a model is preferred after publishing, pinning and rolling back."""

from __future__ import annotations

import pytest

from sotto.inference.versions import VERSIONS_KEPT, PublishedVersion, Shelf, UnknownVersion
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
