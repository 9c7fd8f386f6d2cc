"""Contract: who listens over the WebSocket channel, in DynamoDB as moto emulates it and in memory."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from sotto.aws.keys import BadKey
from sotto.aws.table import Table
from sotto.realtime.adapters.dynamodb_connections import DynamoConnections
from sotto.realtime.connections import ANYONE, ConnectionTable, Subscriber, Topic
from tests.fakes.connections import ConnectionsInMemory

CALL = Topic("bank", contact_id="c1")
ANN = Topic("bank", agent="ann")


@pytest.fixture(params=["dynamodb", "memory"])
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectionTable]:
    if request.param == "memory":
        yield ConnectionsInMemory()
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="connections",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield DynamoConnections(Table(client, "connections"))


def any_listener(topic: Topic = CALL, connection: str = "L0SM9cOFvHcCIhw=", id: str = "s1") -> Subscriber:
    return Subscriber(topic, connection, id, 1_763_000_000, None if topic is ANN else ANYONE)


def test_a_listener_is_found_by_its_topic_and_by_its_connection(table: ConnectionTable) -> None:
    table.add(any_listener())
    assert table.listeners(CALL) == table.of_connection("bank", "L0SM9cOFvHcCIhw=") == [any_listener()]


def test_one_connection_listens_to_several_things(table: ConnectionTable) -> None:
    both = [any_listener(), any_listener(ANN, id="s2")]
    for each in both:
        table.add(each)
    assert list(table.of_connection("bank", "L0SM9cOFvHcCIhw=")) == both
    assert table.listeners(ANN) == [both[1]]


def test_neither_another_contact_nor_another_tenant_is_touched(table: ConnectionTable) -> None:
    table.add(any_listener())
    for other in (Topic("garage", contact_id="c1"), Topic("bank", contact_id="c10"), Topic("bank", agent="c1")):
        assert list(table.listeners(other)) == []
    assert list(table.of_connection("garage", "L0SM9cOFvHcCIhw=")) == []


def test_what_is_removed_is_gone_from_both_places_and_twice_is_as_good_as_once(table: ConnectionTable) -> None:
    kept = any_listener(connection="another")
    for each in (any_listener(), kept):
        table.add(each)
    for _ in range(2):
        table.remove(any_listener())
    assert table.listeners(CALL) == [kept]
    assert list(table.of_connection("bank", "L0SM9cOFvHcCIhw=")) == []


def test_an_id_that_would_reach_another_key_is_refused() -> None:
    with pytest.raises(BadKey, match="contact_id"):
        DynamoConnections(Table(None, "connections")).listeners(Topic("bank", contact_id="agent#ann"))  # type: ignore[arg-type]
