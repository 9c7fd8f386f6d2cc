"""Contract tests: which versions of which models serve a tenant, in memory, remembered, and in DynamoDB's emulation."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.registry import CachedRegistry, ModelRegistry
from tests.contract.ports.model_registry_contract import ModelRegistryContract, Publish
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.turned_clock import TurnedClock


class TestFixedRegistry(ModelRegistryContract):
    @pytest.fixture
    def registry(self) -> ModelRegistry:
        return FixedRegistry()

    @pytest.fixture
    def publish(self, registry: FixedRegistry) -> Publish:
        return registry.publish


class TestCachedRegistry(ModelRegistryContract):
    @pytest.fixture
    def inner(self) -> FixedRegistry:
        return FixedRegistry()

    @pytest.fixture
    def registry(self, inner: FixedRegistry) -> ModelRegistry:
        return CachedRegistry(inner, TurnedClock())

    @pytest.fixture
    def publish(self, inner: FixedRegistry) -> Publish:
        return inner.publish


class TestDynamoModelRegistry(ModelRegistryContract):
    @pytest.fixture
    def registry(self, dynamodb: Any) -> ModelRegistry:
        return DynamoModelRegistry(dynamodb, "sotto-records")

    @pytest.fixture
    def publish(self, registry: DynamoModelRegistry) -> Publish:
        return registry.publish
