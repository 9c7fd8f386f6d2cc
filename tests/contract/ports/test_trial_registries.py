"""Contract tests: rollouts over the registry of models, in memory and in DynamoDB's emulation."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.learning.adapters.registry_rollouts import TrialRegistry
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.versions import PublishedVersion, ShadowRelease, Shelf
from tests.contract.ports.trial_registry_contract import TrialRegistryContract
from tests.fakes.learning import ShelfInMemory
from tests.fakes.routing import any_version


class TestShelfInMemory(TrialRegistryContract):
    @pytest.fixture
    def registry(self) -> TrialRegistry:
        published = tuple(PublishedVersion(any_version(name, tenant="bank")) for name in ("v2", "v1"))
        return ShelfInMemory(Shelf(published, shadow=ShadowRelease("v2", 100)))


class TestDynamoModelRegistry(TrialRegistryContract):
    @pytest.fixture
    def registry(self, dynamodb: Any) -> TrialRegistry:
        made = DynamoModelRegistry(dynamodb, "sotto-records")
        for name in ("v1", "v2"):
            made.publish(any_version(name, tenant="bank"), in_shadow=name == "v2")
        return made
