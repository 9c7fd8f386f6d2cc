"""Contract: the registry of model versions against DynamoDB's emulation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sotto.inference.adapters.dynamo_registry import VERSIONS_KEPT, DynamoModelRegistry
from sotto.inference.registry import UnknownModel
from tests.fakes.routing import any_version


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.resource("dynamodb", region_name="us-east-1").create_table(
            TableName="sotto-models",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )


def test_the_version_published_last_is_preferred_and_the_earlier_one_is_the_fallback(table: Any) -> None:
    registry = DynamoModelRegistry(table)
    registry.publish(any_version("v1"))
    registry.publish(any_version("v2"))
    assert registry.find("harbour_bank", "intent") == (any_version("v2"), any_version("v1"))


def test_publishing_a_version_again_only_moves_it_to_the_front(table: Any) -> None:
    registry = DynamoModelRegistry(table)
    for version in ("v1", "v2", "v1", "v1"):
        registry.publish(any_version(version))
    assert [v.version for v in registry.find("harbour_bank", "intent")] == ["v1", "v2"]


def test_the_chain_stays_short(table: Any) -> None:
    registry = DynamoModelRegistry(table)
    for number in range(VERSIONS_KEPT + 3):
        registry.publish(any_version(f"v{number}"))
    assert len(registry.find("harbour_bank", "intent")) == VERSIONS_KEPT


def test_a_shared_model_serves_every_tenant_without_one_of_its_own(table: Any) -> None:
    registry = DynamoModelRegistry(table)
    registry.publish(any_version("s1", tenant="shared"))
    assert registry.find("harbour_bank", "intent")[0].tenant == "shared"


def test_an_unknown_model_is_refused_with_the_fix(table: Any) -> None:
    with pytest.raises(UnknownModel, match="publish it"):
        DynamoModelRegistry(table).find("harbour_bank", "poetry")
