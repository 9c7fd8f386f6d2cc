"""Contract: what functions count that no good call brings about, with the real clients and handlers."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from functions.serve_agent import handler as serve_agent
from local.records import records_environment
from sotto.aws.session import SharedSession
from sotto.aws.xray import TraceHeader
from sotto.call.contact import Speaker
from sotto.core.function_spec import FunctionSpec
from sotto.recognition.watchdog import Stalled
from sotto.wiring.entry_point import HandlerFailed, contact_of, entry_point, trace_key
from sotto.wiring.sotto import Sotto

ROOT = Path(__file__).parents[2]


class _Refusing(http.server.BaseHTTPRequestHandler):
    """DynamoDB as it answers who may not read:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""

    def do_POST(self) -> None:
        body = json.dumps({"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "no"}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class Measured:
    """A Sotto whose metrics are read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        environment = {
            "AWS_REGION": "us-east-1",
            "SOTTO_METRICS_FILE": str(file),
            "SOTTO_GRAPHQL_URL": "http://127.0.0.1:1/graphql",
            "SOTTO_OIDC_TENANTS": "harbour_bank",
            **records_environment(),
        }
        session = SharedSession(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
        self.sotto = Sotto.of(environment, session=session)

    def lines(self) -> list[dict[str, Any]]:
        self.sotto.metrics.flush()
        return [json.loads(line) for line in self.file.read_text().splitlines()]


@pytest.fixture
def measured(tmp_path: Path) -> Measured:
    return Measured(tmp_path / "metrics.jsonl")


def test_a_denial_is_counted_by_service(measured: Measured, refusing: str) -> None:
    made = measured.sotto.session.client(
        "dynamodb", endpoint_url=refusing, config=Config(retries={"total_max_attempts": 1})
    )
    with pytest.raises(ClientError):
        measured.sotto.watched(made, "dynamodb").get_item(
            TableName="sotto-contacts", Key={"pk": {"S": "harbour_bank#c"}}
        )
    (line,) = measured.lines()
    assert (line["IsolationDenied"], line["service"]) == (1, "dynamodb")
    assert ["cell"] in line["_aws"]["CloudWatchMetrics"][0]["Dimensions"]


def test_a_failed_publish_is_counted_by_what_it_was(measured: Measured) -> None:
    failed = measured.sotto.publish_failed("deliver_annotations")
    failed("guidance")
    failed("guidance")
    (line,) = measured.lines()
    assert (line["PublishFailed"], line["what"]) == (2, "guidance")


def test_a_text_that_redaction_fails_on_is_counted_by_what_failed(measured: Measured) -> None:
    measured.sotto.redaction_alarm("harbour_bank")("redaction-failed")
    found = [line for line in measured.lines() if "RedactionFailures" in line]
    assert [(line["RedactionFailures"], line["error"], line.get("tenant")) for line in found] == [
        (0, "redaction-failed", None), (1, "redaction-failed", "harbour_bank"),
    ]  # fmt: skip


def test_a_refused_request_is_counted_by_kind(measured: Measured) -> None:
    answered = serve_agent.handler.within(measured.sotto)({"info": {}, "identity": {}}, None)
    assert answered["error"]["type"] == "Unauthorized"
    (line,) = [line for line in measured.lines() if "RequestsRefused" in line]
    assert (line["RequestsRefused"], line["error"]) == (1, "Unauthorized")


def test_a_stall_is_counted_by_provider_and_tenant(measured: Measured) -> None:
    measured.sotto.stall_alarm(Stalled("harbour_bank", "contact-1", "transcribe", Speaker.AGENT, 9_000, 20_000))
    measured.sotto.alarms.shutdown(wait=True)
    found = [line for line in measured.lines() if "TranscriptStalled" in line]
    assert [(line["TranscriptStalled"], line["provider"], line["tenant"]) for line in found] == [
        (1, "transcribe", "harbour_bank")
    ]


def test_metrics_are_written_when_the_handler_fails(measured: Measured) -> None:
    @entry_point(FunctionSpec("any", "any.handler.handler", 1))
    def handler(event: Any, context: Any, sotto: Sotto) -> None:
        sotto.publish_failed("follow_contact")("publish")
        raise RuntimeError("broken")

    with pytest.raises(HandlerFailed, match="RuntimeError in test_functions_measured"):
        handler.within(measured.sotto)({}, None)
    assert json.loads(measured.file.read_text())["PublishFailed"] == 1


@pytest.mark.parametrize(
    "event",
    [
        {"tenant": "t", "contact_id": "contact-1"},
        {"node": {}, "utterance": {"contact_id": "contact-1"}},
        {"Details": {"ContactData": {"ContactId": "contact-1"}}},
        {"detail": {"contactId": "contact-1"}},
        {"arguments": {"contactId": "contact-1"}},
    ],
)
def test_every_kind_of_event_names_its_contact(event: dict[str, Any]) -> None:
    assert contact_of(event) == "contact-1"


def test_an_event_without_a_contact_is_no_reason_to_fail() -> None:
    assert [contact_of(event) for event in (None, [], {}, {"detail": "x"}, {"contact_id": 7})] == [None] * 5


_ON_LAMBDA = """
from sotto.core.function_spec import FunctionSpec
from sotto.wiring.entry_point import entry_point
@entry_point(FunctionSpec("any", "any.handler.handler", 1))
def handler(event, context, sotto):
    return "done"
assert handler({"tenant": "t", "contact_id": "contact-1"}, None) == "done"
"""


def test_a_trace_is_joined_to_its_contact_by_an_opaque_key() -> None:
    """The X-Ray daemon's protocol: a datagram with a header line and a segment document.
    https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(30)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AWS_REGION": "us-east-1",
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        }
        subprocess.run([sys.executable, "-c", _ON_LAMBDA], env=environment, check=True, timeout=60)
        header, _, document = daemon.recv(65_535).partition(b"\n")
    segment = json.loads(document)
    assert json.loads(header) == {"format": "json", "version": 1}
    assert segment["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert (segment["parent_id"], segment["type"], segment["fault"]) == ("53995c3f42cd8ad8", "subsegment", False)
    assert len(segment["id"]) == 16 and segment["start_time"] <= segment["end_time"]
    assert segment["annotations"] == {"contact": trace_key("contact-1")}
    assert "contact-1" not in document.decode()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
        "Root=odd;Parent=53995c3f42cd8ad8;Sampled=1",
        "nonsense",
    ],
)
def test_what_is_not_sampled_is_not_traced(header: str) -> None:
    assert TraceHeader.parsed(header) is None
