"""Contract: the registry of model versions against DynamoDB's emulation."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from sotto.inference.adapters.dynamo_registry import VERSIONS_KEPT, DynamoModelRegistry, RegistryChanged
from sotto.inference.registry import UnknownModel
from tests.fakes.routing import any_version


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoModelRegistry]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="sotto-models",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoModelRegistry(client, "sotto-models")


def test_the_version_published_last_is_preferred_and_the_earlier_one_is_the_fallback(
    registry: DynamoModelRegistry,
) -> None:
    registry.publish(any_version("v1"))
    registry.publish(any_version("v2"))
    assert registry.find("harbour_bank", "intent") == (any_version("v2"), any_version("v1"))


def test_publishing_a_version_again_only_moves_it_to_the_front(registry: DynamoModelRegistry) -> None:
    for version in ("v1", "v2", "v1", "v1"):
        registry.publish(any_version(version))
    assert [v.version for v in registry.find("harbour_bank", "intent")] == ["v1", "v2"]


def test_the_chain_stays_short(registry: DynamoModelRegistry) -> None:
    for number in range(VERSIONS_KEPT + 3):
        registry.publish(any_version(f"v{number}"))
    assert len(registry.find("harbour_bank", "intent")) == VERSIONS_KEPT


def test_a_shared_model_serves_every_tenant_without_one_of_its_own(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("s1", tenant="shared"))
    assert registry.find("harbour_bank", "intent")[0].tenant == "shared"


def test_an_unknown_model_is_refused_with_the_fix(registry: DynamoModelRegistry) -> None:
    with pytest.raises(UnknownModel, match="publish it"):
        registry.find("harbour_bank", "poetry")


def test_a_stale_publisher_is_told_to_try_again(registry: DynamoModelRegistry) -> None:
    registry.publish(any_version("v1"))
    with pytest.raises(RegistryChanged):
        registry._write((any_version("v2"),), 0)
    assert registry.find("harbour_bank", "intent")[0].version == "v1"
