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

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.functions_environment import forget_wiring
from sotto.aws.xray import TraceHeader
from sotto.wiring import observed as observing
from sotto.wiring.process import metrics, publish_failed, redaction_alarm, watched
from sotto.wiring.recognisers import stall_alarm

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


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    file = tmp_path / "metrics.jsonl"
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("SOTTO_METRICS_FILE", str(file))
    monkeypatch.setenv("SOTTO_GRAPHQL_URL", "http://127.0.0.1:1/graphql")
    monkeypatch.setenv("SOTTO_OIDC_TENANTS", "harbour_bank")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    forget_wiring()
    yield file
    forget_wiring()


def written(file: Path) -> list[dict[str, Any]]:
    metrics().flush()
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_denial_is_counted_by_service(lines: Path, refusing: str) -> None:
    made = boto3.client(
        "dynamodb", endpoint_url=refusing, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1})
    )
    with pytest.raises(ClientError):
        watched(made, "dynamodb").get_item(TableName="sotto-contacts", Key={"pk": {"S": "harbour_bank#c"}})
    (line,) = written(lines)
    assert (line["IsolationDenied"], line["service"]) == (1, "dynamodb")
    assert ["cell"] in line["_aws"]["CloudWatchMetrics"][0]["Dimensions"]


def test_a_failed_publish_is_counted_by_what_it_was(lines: Path) -> None:
    failed = publish_failed("deliver_annotations")
    failed("guidance")
    failed("guidance")
    (line,) = written(lines)
    assert (line["PublishFailed"], line["what"]) == (2, "guidance")


def test_a_text_that_redaction_fails_on_is_counted_by_what_failed(lines: Path) -> None:
    redaction_alarm("harbour_bank")("redaction-failed")
    found = [line for line in written(lines) if "RedactionFailures" in line]
    assert [(line["RedactionFailures"], line["error"], line.get("tenant")) for line in found] == [
        (0, "redaction-failed", None), (1, "redaction-failed", "harbour_bank"),
    ]  # fmt: skip


def test_a_refused_request_is_counted_by_kind(lines: Path) -> None:
    from functions.serve_agent.handler import handler

    answered = handler({"info": {}, "identity": {}}, None)
    assert answered["error"]["type"] == "Unauthorized"
    (line,) = [line for line in written(lines) if "RequestsRefused" in line]
    assert (line["RequestsRefused"], line["error"]) == (1, "Unauthorized")


def test_a_stall_is_counted_by_provider_and_tenant(lines: Path) -> None:
    from sotto.call.contact import Speaker
    from sotto.recognition.watchdog import Stalled
    from sotto.wiring.recognisers import alarms

    stall_alarm()(Stalled("harbour_bank", "contact-1", "transcribe", Speaker.AGENT, 9_000, 20_000))
    alarms().shutdown(wait=True)
    found = [line for line in written(lines) if "TranscriptStalled" in line]
    assert [(line["TranscriptStalled"], line["provider"], line["tenant"]) for line in found] == [
        (1, "transcribe", "harbour_bank")
    ]


def test_metrics_are_written_when_the_handler_fails(lines: Path) -> None:
    @observing.observed
    def handler(event: Any, context: Any) -> None:
        publish_failed("follow_contact")("publish")
        raise RuntimeError("broken")

    with pytest.raises(observing.HandlerFailed, match="RuntimeError in test_functions_measured"):
        handler({}, None)
    assert json.loads(lines.read_text())["PublishFailed"] == 1


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
    assert observing.contact_of(event) == "contact-1"


def test_an_event_without_a_contact_is_no_reason_to_fail() -> None:
    assert [observing.contact_of(event) for event in (None, [], {}, {"detail": "x"}, {"contact_id": 7})] == [None] * 5


_ON_LAMBDA = """
from sotto.wiring.observed import observed
@observed
def handler(event, context):
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
    assert segment["annotations"] == {"contact": observing.trace_key("contact-1")}
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
