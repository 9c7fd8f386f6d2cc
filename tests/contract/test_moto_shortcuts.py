"""Contract: DynamoDB transactions, listings of S3 and Step Functions behave as AWS documents, shortcuts or not."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws.jsonata_expressions import _walked, evaluate
from local.aws.lambda_runtime import LambdaRuntime
from local.aws.moto_shortcuts import json_copy
from local.aws.resources import ROLE
from local.aws.stack import EmbeddedAws
from sotto.core.function_spec import FunctionSpec

TABLE = "items"
Aws = EmbeddedAws


def client(aws: EmbeddedAws, service: str) -> Any:
    where = aws.environment()
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=aws.url,
        region_name=where["AWS_REGION"],
        aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


@pytest.fixture
def table(aws: EmbeddedAws) -> Iterator[Any]:
    dynamodb = client(aws, "dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    yield dynamodb
    dynamodb.delete_table(TableName=TABLE)


def item(sk: str, **values: str) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sk}} | {name: {"N": value} for name, value in values.items()}


def put(sk: str, condition: str | None = None, **values: str) -> dict[str, Any]:
    operation: dict[str, Any] = {"TableName": TABLE, "Item": item(sk, **values)}
    return {"Put": operation | ({"ConditionExpression": condition} if condition else {})}


def stored(dynamodb: Any, sk: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = dynamodb.get_item(TableName=TABLE, Key=item(sk)).get("Item")
    return found


def cancelled(dynamodb: Any, *operations: dict[str, Any]) -> list[str]:
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(TransactItems=list(operations))
    assert refused.value.response["Error"]["Code"] == "TransactionCanceledException"
    return [reason["Code"] for reason in refused.value.response["CancellationReasons"]]


def test_a_transaction_whose_condition_fails_writes_nothing(table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("old", n="1"))
    reasons = cancelled(table, put("new", n="2"), put("old", n="3"), put("old2", "attribute_exists(pk)"))
    assert reasons == ["None", "None", "ConditionalCheckFailed"]
    assert stored(table, "new") is None
    assert stored(table, "old") == item("old", n="1")


def test_a_transaction_with_an_update_and_a_delete_is_undone_whole(table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("a", n="1"))
    table.put_item(TableName=TABLE, Item=item("b", n="1"))
    update = {
        "TableName": TABLE,
        "Key": item("a"),
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": "9"}},
    }
    delete = {"TableName": TABLE, "Key": item("b")}
    cancelled(table, {"Update": update}, {"Delete": delete}, put("c", "attribute_exists(pk)"))
    assert stored(table, "a") == item("a", n="1")
    assert stored(table, "b") == item("b", n="1")


def test_a_transaction_may_not_touch_an_item_twice(table: Any) -> None:
    with pytest.raises(ClientError, match="multiple operations on one item"):
        table.transact_write_items(TransactItems=[put("a", n="1"), put("a", n="2")])
    assert stored(table, "a") is None


def test_a_failing_transaction_leaves_what_others_write_meanwhile(table: Any) -> None:
    def write(number: int) -> None:
        if number % 2:
            cancelled(table, put(f"lost-{number}"), put("none", "attribute_exists(pk)"))
        else:
            table.put_item(TableName=TABLE, Item=item(f"kept-{number}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(80)))
    found = table.query(TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p"}})
    assert {each["sk"]["S"] for each in found["Items"]} == {f"kept-{number}" for number in range(0, 80, 2)}


def test_of_many_who_write_on_the_same_condition_one_wins(table: Any) -> None:
    def claim(number: int) -> bool:
        try:
            table.transact_write_items(TransactItems=[put("claim", "attribute_not_exists(pk)", n=str(number))])
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(16))) == 1


EVERY_TYPE: dict[str, Any] = {
    "s": {"S": "words"},
    "n": {"N": "1.50"},
    "b": {"B": b"\x00\xff"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "l": {"L": [{"S": "a"}, {"L": []}, {"M": {"b": {"B": b"\x01"}}}]},
    "m": {"M": {"deep": {"M": {"n": {"N": "2"}}}, "none": {"M": {}}}},
    "ss": {"SS": ["a", "b"]},
    "bs": {"BS": [b"\x02", b"\x03"]},
    "ns": {"NS": ["1", "2"]},
}


def test_every_type_of_value_is_read_as_it_was_written(table: Any) -> None:
    whole = item("all") | EVERY_TYPE
    table.put_item(TableName=TABLE, Item=whole)
    assert stored(table, "all") == whole
    assert table.scan(TableName=TABLE)["Items"] == [whole]
    got = table.transact_get_items(TransactItems=[{"Get": {"TableName": TABLE, "Key": item("all")}}])
    assert got["Responses"] == [{"Item": whole}]


INDEXED = "indexed"


@pytest.fixture
def indexed(aws: EmbeddedAws) -> Iterator[Any]:
    dynamodb = client(aws, "dynamodb")
    dynamodb.create_table(
        TableName=INDEXED,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "agent", "day")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "agents",
                "KeySchema": [
                    {"AttributeName": "agent", "KeyType": "HASH"},
                    {"AttributeName": "day", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for pk in ("p", "q"):
        for sk in ("3", "1", "2"):
            of = {"agent": {"S": f"ann{sk}" if sk == "3" else "ann"}, "day": {"S": f"d{9 - int(sk)}{pk}"}}
            dynamodb.put_item(TableName=INDEXED, Item={"pk": {"S": pk}, "sk": {"S": sk}} | (of if sk != "2" else {}))
    yield dynamodb
    dynamodb.delete_table(TableName=INDEXED)


def found_by(dynamodb: Any, condition: str, value: str, **how: Any) -> list[tuple[str, str]]:
    values = {":v": {"S": value}}
    answer = dynamodb.query(
        TableName=INDEXED, KeyConditionExpression=condition, ExpressionAttributeValues=values, **how
    )
    return [(each["pk"]["S"], each["sk"]["S"]) for each in answer["Items"]]


def test_a_query_finds_the_items_of_its_key_in_order_and_none_of_another(indexed: Any) -> None:
    assert found_by(indexed, "pk = :v", "p") == [("p", "1"), ("p", "2"), ("p", "3")]
    assert found_by(indexed, "pk = :v", "p", ScanIndexForward=False, Limit=2) == [("p", "3"), ("p", "2")]
    assert found_by(indexed, "pk = :v", "nobody") == []


def test_an_index_has_the_items_that_have_its_keys_and_no_others(indexed: Any) -> None:
    assert found_by(indexed, "agent = :v", "ann", IndexName="agents") == [("p", "1"), ("q", "1")]
    assert found_by(indexed, "agent = :v", "ann3", IndexName="agents") == [("p", "3"), ("q", "3")]


class Machine:
    """A state machine of one Map, whose iterations are counted as they overlap."""

    def __init__(self, aws: EmbeddedAws, most: int) -> None:
        self.together = self.most_together = 0
        self._counting = threading.Lock()
        self._meeting = threading.Barrier(min(most or 4, 4))
        self._stepfunctions = client(aws, "stepfunctions")
        self.results: list[Any] = []
        self.done = threading.Event()
        lambdas: LambdaRuntime = aws.functions
        count = lambdas.register(FunctionSpec("count", "none", 10), self._count)
        notify = lambdas.register(FunctionSpec("notify", "none", 10), self._notify)
        definition = map_of(count, notify, most)
        made = self._stepfunctions.create_state_machine(
            name=f"map-{most}", definition=json.dumps(definition), roleArn=ROLE, type="EXPRESS"
        )
        self._arn = made["stateMachineArn"]

    def run(self, items: list[Any]) -> list[Any]:
        self._stepfunctions.start_execution(stateMachineArn=self._arn, input=json.dumps({"items": items}))
        assert self.done.wait(20)
        return self.results

    def _count(self, event: Any, _context: Any) -> Any:
        with self._counting:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        self._meeting.wait(10)  # nobody goes on before as many are here as the limit lets in
        with self._counting:
            self.together -= 1
        return event * 10

    def _notify(self, event: Any, _context: Any) -> None:
        self.results = event
        self.done.set()


def map_of(count: str, notify: str, most: int) -> dict[str, Any]:
    def task(function: str, **rest: Any) -> dict[str, Any]:
        arguments = {"FunctionName": function, "Payload": "{% $states.input %}"}
        return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, **rest}

    each = task(count, Output="{% $states.result.Payload %}", End=True)
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {"One": each}}
    every = {
        "Type": "Map",
        "Items": "{% $states.input.items %}",
        "MaxConcurrency": most,
        "ItemProcessor": processor,
        "Next": "Tell",
    }
    return {"QueryLanguage": "JSONata", "StartAt": "Every", "States": {"Every": every, "Tell": task(notify, End=True)}}


@pytest.mark.parametrize("most", [0, 1, 2, 40])
def test_a_map_keeps_its_order_and_its_limit(aws: EmbeddedAws, most: int) -> None:
    machine = Machine(aws, most)
    assert machine.run([1, 2, 3, 4]) == [10, 20, 30, 40]
    assert machine.most_together == min(most or 4, 4)


def test_a_map_of_nothing_gives_nothing(aws: EmbeddedAws) -> None:
    assert Machine(aws, 39).run([]) == []


def test_a_copy_shares_nothing_with_what_it_copies() -> None:
    value = {"a": [1, {"b": None}], "when": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
    for original in (value, {"a": [1, {"b": None}]}):
        copied = json_copy(original)
        assert copied == original
        copied["a"][1]["b"] = 2
        assert original["a"] == [1, {"b": None}]


PATHS: list[tuple[str, Any]] = [
    ("$states.input", {"a": 1}),
    ("$states.input.a", {"a": [5]}),
    ("$states.input.a", {"a": [[1], [2]]}),
    ("$states.input.a.b", {"a": {"b": []}}),
    ("$states.input.a.b", {"a": [{"b": 1}, {"b": 2}]}),
    ("$states.input.a.b", {"a": {"b": False}}),
    ("$states.input.a", {"a": 0}),
    ("$states.input.a", {"a": "text"}),
]


@pytest.mark.parametrize(("path", "given"), PATHS)
def test_a_walked_path_leads_where_jsonata_goes(path: str, given: Any) -> None:
    states = {"input": given}
    by_jsonata = evaluate(f"({path})", states, {})  # in brackets it is more than a path
    assert evaluate(path, states, {}) == by_jsonata
    assert _walked(path, states, {}) in (None, by_jsonata)


def test_versions_are_listed_with_the_latest_first_whole_and_by_pages(aws: EmbeddedAws) -> None:
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    written = [s3.put_object(Bucket="versions", Key="a", Body=body)["VersionId"] for body in (b"1", b"22", b"333")]
    s3.put_object(Bucket="versions", Key="b", Body=b"4444")
    s3.delete_object(Bucket="versions", Key="b")
    for _ in range(2):  # a listing changes nothing
        found = s3.list_object_versions(Bucket="versions")
        of_a = [each for each in found["Versions"] if each["Key"] == "a"]
        assert [each["VersionId"] for each in of_a] == written[::-1]
        assert [(each["IsLatest"], each["Size"]) for each in of_a] == [(True, 3), (False, 2), (False, 1)]
        assert [each["IsLatest"] for each in found["DeleteMarkers"]] == [True]
    pages = s3.get_paginator("list_object_versions").paginate(Bucket="versions", PaginationConfig={"PageSize": 2})
    assert sum(len(page.get("Versions", ())) + len(page.get("DeleteMarkers", ())) for page in pages) == 5
    assert s3.get_object(Bucket="versions", Key="a", VersionId=written[0])["Body"].read() == b"1"
    s3.put_object(Bucket="versions", Key="a", Body=b"55555")
    found = s3.list_object_versions(Bucket="versions", Prefix="a")["Versions"]
    assert [each["IsLatest"] for each in found] == [True, False, False, False]
