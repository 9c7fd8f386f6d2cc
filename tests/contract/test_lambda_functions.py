"""Contract: which version of a function our own calls run, and that one connection serves them all. botocore's stubber
checks shapes."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from sotto.aws.lambda_functions import FunctionUnavailable, LambdaAnswers, LambdaAudioWorkers, LambdaFunctions


def test_a_worker_is_started_under_the_alias_that_snapshots_and_rollbacks_hang_on() -> None:
    client = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    order = {"tenant": "harbour_bank", "contact_id": "c", "generation": 3, "revivals": 0}
    expected = {
        "FunctionName": "sotto-transcribe_call",
        "Qualifier": "live",
        "InvocationType": "Event",
        "Payload": json.dumps(order, separators=(",", ":")).encode(),
    }
    with Stubber(client) as lambda_api:
        lambda_api.add_response("invoke", {"StatusCode": 202, "Payload": io.BytesIO()}, expected)
        LambdaAudioWorkers(LambdaFunctions(client, "sotto-")).start("harbour_bank", "c", 3)
        lambda_api.assert_no_pending_responses()


class CountingLambda(ThreadingHTTPServer):
    """Answers as Lambda does, an event with 202 and nothing in it, and counts who connects."""

    connections = 0
    fails = False

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CountingLambda

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        self.rfile.read(int(self.headers["Content-Length"]))
        is_event = self.headers["X-Amz-Invocation-Type"] == "Event"
        content = b"" if is_event else b'{"errorMessage": "..."}'
        self.send_response(202 if is_event else 200)
        if self.server.fails:
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def counting(*, fails: bool = False) -> Iterator[tuple[CountingLambda, Any]]:
    with CountingLambda(("127.0.0.1", 0), Answering) as server:
        server.fails = fails
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = boto3.client(
            "lambda",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        with closing(client):
            try:
                yield server, client
            finally:
                server.shutdown()
                thread.join()


def test_events_share_a_connection_though_their_answers_are_empty() -> None:
    with counting() as (server, client):
        for generation in range(3):
            LambdaAudioWorkers(LambdaFunctions(client)).start("harbour_bank", "c", generation)
    assert server.connections == 1


def test_answers_share_a_connection_also_after_a_function_has_failed() -> None:
    with counting(fails=True) as (server, client):
        for _ in range(3):
            with pytest.raises(FunctionUnavailable):
                LambdaAnswers(client).ask("answer_metric", {})
    assert server.connections == 1
