"""Unit: publishing moves what changed, and nothing that a person put where it is."""

from __future__ import annotations

import pytest

from sotto.models.publish_plan import Candidate, Decision, ModelStep, Wish, planned
from sotto.models.registry import SHARED, ModelVersion
from sotto.models.versions import WITHDRAWN_KEPT, PublishedVersion, SeenShelf, Shelf, Source


def published(version: str, content: str | None = None, source: Source = "folder") -> PublishedVersion:
    """Its content is what it is called after, unless that is said."""
    target = f"harbour_bank/intent/{version}.tar.gz"
    known = f"content of {version}" if content is None else content
    return PublishedVersion(
        ModelVersion("harbour_bank", "intent", version, target, "blue"), content=known, source=source
    )


def shelf(*versions: str | PublishedVersion) -> Shelf:
    """Published in this order."""
    found = Shelf()
    for each in versions:
        found = found.with_published(each if isinstance(each, PublishedVersion) else published(each))
    return found


def candidate(version: str, content: str | None = None, tenant: str = "harbour_bank") -> Candidate:
    return Candidate(tenant, "intent", version, f"content of {version}" if content is None else content)


def step(wanted: Candidate, on: Shelf, wish: Wish | None = None) -> ModelStep:
    return planned(wanted, SeenShelf(on, 7), wish or Wish())


def test_the_first_version_is_new() -> None:
    assert step(candidate("v1"), Shelf()).decision is Decision.NEW


def test_what_serves_is_unchanged_and_other_content_replaces_it() -> None:
    assert step(candidate("v2"), shelf("v1", "v2")).decision is Decision.UNCHANGED
    new = step(candidate("v3"), shelf("v1", "v2"))
    assert new.is_done and str(new) == "harbour_bank/intent v3 new version: replaces v2"


def test_the_same_content_under_another_name_is_unchanged() -> None:
    assert step(candidate("v2", content="content of v1"), shelf("v1")).decision is Decision.UNCHANGED


def test_a_folder_taken_back_to_an_earlier_state_is_published_again() -> None:
    assert step(candidate("v1"), shelf("v1", "v2")).decision is Decision.NEW


def test_a_version_of_an_earlier_release_is_known_by_its_name() -> None:
    old = shelf(published("v1", content=""))
    assert step(candidate("v1"), old).decision is Decision.UNCHANGED
    assert step(candidate("v2"), old).decision is Decision.NEW


KEPT_BACK = [
    pytest.param(candidate("v3"), shelf("v1", "v2").with_pin("v1"), "v1 is pinned", id="pinned"),
    pytest.param(candidate("v2"), shelf("v1", "v2").with_pin("v1"), "v1 is pinned", id="pinned, and known"),
    pytest.param(candidate("v2"), shelf("v1", "v2").rolled_back(), "v2 was rolled back", id="rolled back"),
    pytest.param(
        candidate("v9", content="content of v2"), shelf("v1", "v2").rolled_back(), "v2 was rolled back", id="renamed"
    ),
    pytest.param(candidate("v3"), shelf("v1", "v2").with_share("v1", 10), "calls are split, 10 % by v1", id="split"),
    pytest.param(candidate("v1"), shelf("v1", "v2").with_shadow("v1"), "v1 is in the shadow", id="in the shadow"),
    pytest.param(candidate("v2"), shelf("v1", published("tuned", source="package")), "tuned was trained", id="tuned"),
    pytest.param(candidate("v1", content="other"), shelf("v1"), "with other content", id="another machine's"),
]


@pytest.mark.parametrize(("wanted", "on", "why"), KEPT_BACK)
def test_what_a_person_decided_is_kept(wanted: Candidate, on: Shelf, why: str) -> None:
    kept = step(wanted, on)
    assert kept.decision is Decision.KEPT_BACK and not kept.is_done
    assert why in kept.reason and why in str(kept)


def test_something_new_is_published_after_a_rollback_and_what_was_rolled_back_stays_so() -> None:
    on = shelf("v1", "v2").rolled_back()
    assert step(candidate("v3"), on).decision is Decision.NEW
    after = on.with_published(published("v3"))
    assert [one.version for one in after.chain] == ["v3", "v1"]
    assert step(candidate("v2"), after).decision is Decision.KEPT_BACK


def test_a_rollback_is_remembered_when_many_versions_followed() -> None:
    on = shelf("v1", "v2").rolled_back()
    for number in range(3, 20):
        on = on.with_published(published(f"v{number}"))
    assert step(candidate("v2"), on).decision is Decision.KEPT_BACK
    assert len(on.published) < WITHDRAWN_KEPT


def test_shared_models_wait_for_whoever_publishes_them() -> None:
    changed = candidate("v2", tenant=SHARED)
    kept = step(changed, shelf("v1"))
    assert kept.decision is Decision.KEPT_BACK and "--shared" in kept.reason
    assert step(changed, shelf("v1"), Wish(shared=True)).decision is Decision.NEW
    assert step(changed, Shelf()).decision is Decision.NEW, "there is nobody whose model it would change"
    assert step(candidate("v1", tenant=SHARED), shelf("v1"), Wish(shared=True)).decision is Decision.UNCHANGED


def test_a_model_stays_at_its_endpoint_until_somebody_names_another() -> None:
    assert step(candidate("v2"), shelf("v1")).endpoints == ("blue",)
    assert step(candidate("v1"), shelf("v1"), Wish(("blue",))).decision is Decision.UNCHANGED
    moved = step(candidate("v1"), shelf("v1"), Wish(("green", "red")))
    assert moved.decision is Decision.MOVED and moved.endpoints == ("green", "red")
    assert moved.reason == "from blue to green, red"
    pinned = step(candidate("v1"), shelf("v1", "v2").with_pin("v1"), Wish(("green",)))
    assert pinned.decision is Decision.KEPT_BACK


def test_a_plan_remembers_what_it_was_made_from() -> None:
    on = shelf("v1")
    assert step(candidate("v2"), on).seen == SeenShelf(on, 7)
