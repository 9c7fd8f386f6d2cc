"""Contract tests: what is particular to the registry in DynamoDB, as moto emulates it. What holds of every one is in
ModelRegistryContract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry, RegistryChanged
from sotto.models.registry import Shadow, UnknownModel
from sotto.models.releases import Because, Trained
from sotto.models.versions import VERSIONS_KEPT, Shelf, UnknownVersion
from tests.fakes.routing import any_version


@pytest.fixture
def registry(dynamodb: Any) -> DynamoModelRegistry:
    return DynamoModelRegistry(dynamodb, "sotto-records")


def test_the_chain_stays_short(registry: DynamoModelRegistry) -> None:
    for number in range(VERSIONS_KEPT + 3):
        registry.publish(any_version(f"v{number}"))
    assert len(registry.find("harbour_bank", "intent").chain) == VERSIONS_KEPT


def test_a_stale_publisher_is_asked_to_try_again(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"))
    with pytest.raises(RegistryChanged, match="try again"):
        registry._write("harbour_bank", "intent", Shelf(), 0)
    assert registry.find("harbour_bank", "intent").chain[0].version == "v1"


def test_metrics_and_the_time_of_publication_come_back(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"), metrics={"accuracy": 0.8725, "odd": float("nan")}, published_at_ms=1_700_000)
    (published,) = registry.shelf("harbour_bank", "intent").published
    assert published.metrics == {"accuracy": 0.8725} and published.published_at_ms == 1_700_000


def test_a_pin_outlives_later_publications_until_it_is_taken_off(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"))
    registry.pin("harbour_bank", "intent", "v1")
    registry.publish(any_version("v2"))
    assert [v.version for v in registry.find("harbour_bank", "intent").chain] == ["v1", "v2"]
    registry.unpin("harbour_bank", "intent")
    assert [v.version for v in registry.find("harbour_bank", "intent").chain] == ["v2", "v1"]


def test_a_version_rolled_back_is_asked_no_more(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"))
    registry.publish(any_version("v2"))
    registry.roll_back("harbour_bank", "intent")
    assert [v.version for v in registry.find("harbour_bank", "intent").chain] == ["v1"]


def test_changing_an_unpublished_model_is_refused(registry: DynamoModelRegistry) -> None:
    with pytest.raises(UnknownModel, match="publish it first"):
        registry.pin("harbour_bank", "intent", "v1")


def test_trials_and_further_endpoints_come_back_as_they_were_written(registry: DynamoModelRegistry) -> None:
    for version in ("v1", "v2"):
        registry.publish(replace(any_version(version), also_at=("standby", "third/blue")))
    registry.pin("harbour_bank", "intent", "v1")
    registry.split("harbour_bank", "intent", "v2", 15)
    registry.publish(any_version("v3"), in_shadow=True)
    rollout = registry.find("harbour_bank", "intent")
    assert rollout.chain[0].endpoints == ("classifiers", "standby", "third/blue")
    assert [one.version for one in rollout.chain] == ["v1", "v2"] and rollout.shares == {"v2": 15}
    assert rollout.shadow == Shadow(any_version("v3"), 100)
    registry.put_in_shadow("harbour_bank", "intent", "v3", 5)
    assert registry.find("harbour_bank", "intent").shadow == Shadow(any_version("v3"), 5)
    registry.end_shadow("harbour_bank", "intent")
    registry.split("harbour_bank", "intent", "v2", 0)
    ended = registry.find("harbour_bank", "intent")
    assert ended.shadow is None and not ended.shares and len(ended.chain) == 3


def test_a_tenants_models_are_listed_and_only_its_own(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"))
    registry.publish(any_version("v1", tenant="torque_garage"))
    assert registry.models("harbour_bank") == ["intent"]
    assert registry.models("nobody") == []


def test_what_an_earlier_release_stored_is_still_served(registry: DynamoModelRegistry) -> None:
    fields = {"version": "v0", "target_model": "harbour_bank/intent/v0.tar.gz", "endpoint": "shard", "adapter": ""}
    registry._client.put_item(
        TableName="sotto-records",
        Item={
            "pk": {"S": "tenant#harbour_bank"},
            "sk": {"S": "model#intent"},
            "versions": {"L": [{"M": {name: {"S": value} for name, value in fields.items()}}]},
            "revision": {"N": "7"},
        },
    )
    registry.publish(any_version("v1"))
    assert [v.version for v in registry.find("harbour_bank", "intent").chain] == ["v1", "v0"]
    with pytest.raises(UnknownVersion, match="v1, v0"):
        registry.pin("harbour_bank", "intent", "v9")


def test_all_models_of_a_wave_are_two_questions_at_most(registry: DynamoModelRegistry) -> None:
    for model in ("intent", "entities", "knowledge"):
        registry.publish(replace(any_version(), model=model))
    registry.publish(replace(any_version(tenant="shared"), model="sentiment"))
    asked: list[str] = []
    registry._client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    registry.find_all("harbour_bank", ("intent", "entities", "knowledge"))
    assert asked == ["Query"]
    registry.find_all("harbour_bank", ("intent", "sentiment"))
    assert asked == ["Query"] * 3, "the tenant's own, and those that all share"


def because(why: str, at_ms: int) -> Because:
    return Because("arn:aws:iam::111122223333:user/ann", why, at_ms)


def test_every_change_is_in_the_history_with_who_and_why(registry: DynamoModelRegistry) -> None:
    trained = Trained("d1", {"accuracy": 0.93, "odd": float("nan")}, {"accuracy": 0.9})
    registry.publish(any_version("v1"), because=because("first", 1_000), trained=trained)
    registry.publish(any_version("v2"), because=because("more phrases", 2_000))
    registry.roll_back("harbour_bank", "intent", because("wrong on loans", 3_000))
    registry.pin("harbour_bank", "intent", "v1", because("over Christmas", 3_000))
    found = registry.releases("harbour_bank", "intent")
    history = [(each.event, each.version, each.preferred, each.replaced, each.because.why) for each in reversed(found)]
    assert history == [
        ("published", "v1", "v1", "", "first"),
        ("published", "v2", "v2", "v1", "more phrases"),
        ("rolled back", "v2", "v1", "v2", "wrong on loans"),
        ("pinned", "v1", "", "", "over Christmas"),
    ]
    assert found[-1].trained == Trained("d1", {"accuracy": 0.93}, {"accuracy": 0.9})
    assert {each.because.who for each in found} == {"arn:aws:iam::111122223333:user/ann"}


def test_a_history_is_one_models_or_all_of_one_tenants(registry: DynamoModelRegistry) -> None:
    for model in ("intent", "intents"):
        registry.publish(replace(any_version("v1"), model=model), because=because("", 1_000))
    registry.publish(any_version("v1", tenant="torque_garage"), because=because("", 1_000))
    assert [each.model for each in registry.releases("harbour_bank", "intent")] == ["intent"]
    assert len(registry.releases("harbour_bank")) == 2 and registry.models("harbour_bank") == ["intent", "intents"]


def test_who_planned_by_an_earlier_state_is_refused_and_leaves_no_trace(registry: DynamoModelRegistry) -> None:
    seen = registry.seen("harbour_bank", "intent")
    registry.publish(any_version("v1"), because=because("first", 1_000))
    with pytest.raises(RegistryChanged, match="changed by somebody else"):
        registry.publish(any_version("v2"), seen=seen, because=because("late", 2_000))
    assert [each.because.why for each in registry.releases("harbour_bank")] == ["first"]
    assert [v.version for v in registry.find("harbour_bank", "intent").chain] == ["v1"]


def test_content_and_source_come_back(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"), content="c1", source="folder")
    registry.publish(any_version("v2"), metrics={"head_accuracy": 0.9})
    assert [(one.content, one.source) for one in registry.shelf("harbour_bank", "intent").published] == [
        ("", "package"),
        ("c1", "folder"),
    ]
