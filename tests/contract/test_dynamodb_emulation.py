"""Contract tests: what the embedded DynamoDB owes to many writers at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3
import pytest

from local.aws.moto_server import MotoApp, forget_everything
from local.aws.web_server import WebServer

WRITES = 20


@pytest.fixture
def client() -> Iterator[Any]:
    app = MotoApp()
    with WebServer(app, name="moto") as server:
        client = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            endpoint_url=server.url,
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )
        client.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client
        client.close()
    app.close()
    forget_everything()


def put(client: Any, key: str) -> None:
    client.put_item(TableName="t", Item={"pk": {"S": key}})


def failed_transaction(client: Any) -> None:
    """A long one, of which only the last write fails."""
    puts = [{"Put": {"TableName": "t", "Item": {"pk": {"S": f"undone-{at}"}}}} for at in range(90)]
    item = {"TableName": "t", "Item": {"pk": {"S": "there"}}, "ConditionExpression": "attribute_not_exists(pk)"}
    with suppress(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[*puts, {"Put": item}])


def test_a_transaction_that_fails_undoes_nobody_elses_write(client: Any) -> None:
    put(client, "there")
    with ThreadPoolExecutor(8) as threads:
        for number in range(WRITES):
            threads.submit(failed_transaction, client)
            threads.submit(put, client, f"written-{number}")
    found = client.scan(TableName="t", ConsistentRead=True)["Items"]
    assert len(found) == WRITES + 1


def test_of_many_conditional_writes_at_once_one_succeeds(client: Any) -> None:
    def claim(number: int) -> bool:
        with suppress(client.exceptions.ConditionalCheckFailedException):
            client.put_item(
                TableName="t",
                Item={"pk": {"S": "claimed"}, "by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
            return True
        return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(WRITES))) == 1
