"""What every registry of models must do, as a class of tests to inherit. A subclass gives ``registry`` and ``publish``
(fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sotto.models.registry import SHARED, ModelRegistry, ModelVersion, UnknownModel
from tests.fakes.routing import any_version

Publish = Callable[[ModelVersion], None]


class ModelRegistryContract:
    def test_the_version_published_last_is_preferred_and_the_earlier_one_is_the_fallback(
        self, registry: ModelRegistry, publish: Publish
    ) -> None:
        for version in ("v1", "v2"):
            publish(any_version(version))
        found = registry.find("harbour_bank", "intent")
        assert found.chain == (any_version("v2"), any_version("v1"))
        assert not found.shares and found.shadow is None

    def test_publishing_a_version_again_only_moves_it_to_the_front(
        self, registry: ModelRegistry, publish: Publish
    ) -> None:
        for version in ("v1", "v2", "v1", "v1"):
            publish(any_version(version))
        assert [each.version for each in registry.find("harbour_bank", "intent").chain] == ["v1", "v2"]

    def test_a_version_comes_back_as_it_was_published(self, registry: ModelRegistry, publish: Publish) -> None:
        version = replace(any_version(), adapter="writer", also_at=("standby", "classifiers/components"))
        publish(version)
        assert registry.find("harbour_bank", "intent").chain == (version,)

    def test_a_shared_model_serves_every_tenant_without_one_of_its_own(
        self, registry: ModelRegistry, publish: Publish
    ) -> None:
        publish(any_version("s1", tenant=SHARED))
        publish(any_version("t1"))
        assert [each.version for each in registry.find("harbour_bank", "intent").chain] == ["t1"]
        assert [each.version for each in registry.find("torque_garage", "intent").chain] == ["s1"]

    def test_nobody_is_served_another_tenants_model_or_another_model(
        self, registry: ModelRegistry, publish: Publish
    ) -> None:
        publish(any_version())
        for tenant, model in (("torque_garage", "intent"), ("harbour_bank", "inten"), ("harbour_bank", "poetry")):
            with pytest.raises(UnknownModel, match=f"tenant {tenant} has no model '{model}': publish it"):
                registry.find(tenant, model)

    def test_several_models_are_found_as_each_alone_is(self, registry: ModelRegistry, publish: Publish) -> None:
        for version in (any_version("v1"), any_version("v2"), any_version("s1", tenant=SHARED)):
            publish(version)
        for model in ("sentiment", "knowledge"):
            publish(replace(any_version("s1", tenant=SHARED), model=model))
        publish(replace(any_version("t1"), model="knowledge"))
        publish(replace(any_version("x1", tenant="torque_garage"), model="entities"))
        wanted = ("intent", "sentiment", "knowledge", "entities", "poetry")
        for models in (wanted, wanted[:1], wanted[3:4], ()):
            found = registry.find_all("harbour_bank", models)
            assert set(found) == set(models)
            for model, each in found.items():
                if model in ("entities", "poetry"):
                    assert isinstance(each, UnknownModel) and f"no model '{model}'" in str(each)
                else:
                    assert each == registry.find("harbour_bank", model)
        alone = registry.find_all(SHARED, ("intent", "entities"))
        assert alone["intent"] == registry.find(SHARED, "intent") and isinstance(alone["entities"], UnknownModel)
