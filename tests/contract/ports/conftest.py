"""The emulation on which the contracts of ports run against real adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sotto.aws import keys
from sotto.aws.table import Table

REGION = "us-east-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """An account of moto's, empty at first."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session("testing", "testing", region_name=REGION)


@pytest.fixture
def dynamodb(aws: boto3.Session) -> Any:
    """A client, with one table of our shape: ``sotto-records``."""
    client = aws.client("dynamodb")
    client.create_table(
        TableName="sotto-records",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    return client


@pytest.fixture
def table(dynamodb: Any) -> Table:
    return Table(dynamodb, "sotto-records")


@pytest.fixture
def outbox(table: Table) -> Callable[[], list[str]]:
    """The names of the events that are stored about the bank's contact c1, sorted."""

    def names() -> list[str]:
        items = table.between(keys.of_contact("bank", "c1"), keys.EVENT, f"{keys.EVENT}~")
        return [item["sk"].removeprefix(keys.EVENT) for item in items]

    return names
