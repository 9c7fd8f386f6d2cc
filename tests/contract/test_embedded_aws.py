"""Contract: the embedded AWS as a whole: it starts, serves each service to unmodified clients, and leaves nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.aws.web_server import LateApp, PortTaken, WebServer
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import Resources, RuleSpec, TableSpec

CONTACT_EVENTS = {"source": ["aws.connect"], "detail-type": ["Amazon Connect Contact Event"]}


def client(aws: EmbeddedAws, service: str) -> Any:
    where = aws.environment()
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=aws.url,
        region_name=where["AWS_REGION"],
        aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
    )


class Recorder:
    """A handler that keeps its events."""

    def __init__(self, expected: int) -> None:
        self.events: list[Any] = []
        self.all = threading.Event()
        self._expected = expected

    def __call__(self, event: Any, context: Any) -> None:
        self.events.append(event)
        if len(self.events) == self._expected:
            self.all.set()


def put(events: Any, source: str, detail: dict[str, Any]) -> Any:
    kind = CONTACT_EVENTS["detail-type"][0]
    return events.put_events(Entries=[{"Source": source, "DetailType": kind, "Detail": json.dumps(detail)}])


def test_a_rule_invokes_its_function_with_the_whole_event_and_with_no_other() -> None:
    rule = RuleSpec("contact-events", CONTACT_EVENTS, "follow")
    with EmbeddedAws() as aws:
        recorder = Recorder(2)
        resources = Resources(functions=(FunctionSpec("follow", "none", 5),), rules=(rule,))
        create(resources, aws.functions, lambda service: client(aws, service), Path())
        aws.functions.register(resources.functions[0], recorder)
        events = client(aws, "events")
        assert put(events, "aws.connect", {"n": 1})["FailedEntryCount"] == 0
        put(events, "elsewhere", {"n": 2})
        put(events, "aws.connect", {"n": 3})
        assert recorder.all.wait(10)
    assert sorted(event["detail"]["n"] for event in recorder.events) == [1, 3]
    envelope = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
    assert set(recorder.events[0]) == envelope


def test_tables_and_buckets_are_made_as_listed() -> None:
    table = TableSpec("contacts", "pk", "sk", ttl_attribute="expires_at")
    with EmbeddedAws() as aws:
        create(
            Resources(tables=(table,), buckets=("artifacts",)), aws.functions, lambda name: client(aws, name), Path()
        )
        dynamodb, s3 = client(aws, "dynamodb"), client(aws, "s3")
        assert dynamodb.describe_table(TableName="contacts")["Table"]["KeySchema"] == [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ]
        ttl = dynamodb.describe_time_to_live(TableName="contacts")["TimeToLiveDescription"]
        assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        text = "voilà\n" * 1000
        s3.put_object(Bucket="artifacts", Key="a folder/ü.md", Body=text.encode())
        assert s3.get_object(Bucket="artifacts", Key="a folder/ü.md")["Body"].read().decode() == text


def test_one_embedded_aws_knows_nothing_of_the_one_before() -> None:
    with EmbeddedAws() as aws:
        client(aws, "s3").create_bucket(Bucket="first")
    with EmbeddedAws() as aws:
        assert client(aws, "s3").list_buckets()["Buckets"] == []


def test_a_second_one_in_the_same_process_is_refused_and_the_first_keeps_what_it_holds() -> None:
    with EmbeddedAws() as aws:
        client(aws, "s3").create_bucket(Bucket="first")
        with pytest.raises(RuntimeError, match="runs in this process already"), EmbeddedAws():
            pass
        assert [each["Name"] for each in client(aws, "s3").list_buckets()["Buckets"]] == ["first"]


def test_it_leaves_neither_thread_nor_port() -> None:
    before = set(threading.enumerate())
    with EmbeddedAws() as aws:
        client(aws, "s3").list_buckets()
        port = int(aws.url.rpartition(":")[2])
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} is taken.*--port"):
            WebServer(LateApp(), port=port)


def test_a_session_of_the_stack_passes_over_the_profiles_of_this_machine(tmp_path: Path) -> None:
    code = (
        "from local.aws.stack import ACCESS_KEY, EmbeddedSession\n"
        "client = EmbeddedSession('http://127.0.0.1:9', ACCESS_KEY).client('dynamodb')\n"
        "print(client.meta.endpoint_url, client.meta.region_name)"
    )
    environment = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-2"}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["http://127.0.0.1:9", "us-east-1"], done.stderr
