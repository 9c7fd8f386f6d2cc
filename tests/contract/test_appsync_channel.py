"""Contract tests: AppSyncChannel against AppSync's answers, good and bad, over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sotto.core.errors import Rejected
from sotto.realtime.adapters.appsync import AppSyncChannel
from sotto.realtime.channel import ChannelUnavailable, MessageTooLarge, PanelMessage, utterance_message
from tests.contract.delivery_stack import any_credentials
from tests.contract.test_delivery_to_the_panel import any_utterance

GOOD = (200, {"data": {"m0": {"seq": 1}}})


@dataclass
class Api:
    """Gives its ``answers`` in turn and keeps what it was asked; the last answer repeats."""

    answers: list[tuple[int, Any]]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    waited_s: list[float] = field(default_factory=list)
    port: int = 0

    def channel(self) -> AppSyncChannel:
        return AppSyncChannel(
            f"http://127.0.0.1:{self.port}/graphql",
            region="eu-west-2",
            credentials=any_credentials(),
            wait_s=self.waited_s.append,
        )


@contextmanager
def answering(*answers: tuple[int, Any]) -> Iterator[Api]:
    api = Api(list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    server.daemon_threads = True
    api.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            api.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            api.headers.append({name.lower(): value for name, value in self.headers.items()})
            api.connections.add(self.client_address)
            status, answer = api.answers.pop(0) if len(api.answers) > 1 else api.answers[0]
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def any_messages(count: int, *, text: str = "hello") -> list[PanelMessage]:
    return [utterance_message(any_utterance(seq, text=text), at_ms=seq) for seq in range(1, count + 1)]


def test_several_messages_travel_in_one_request_in_their_order() -> None:
    with answering(GOOD) as api:
        api.channel().publish(any_messages(3))
    assert [each["seq"] for each in api.requests[0]["variables"].values()] == [1, 2, 3]
    assert len(api.requests) == 1


def test_a_long_batch_is_split() -> None:
    with answering(GOOD) as api:
        api.channel().publish(any_messages(45))
        api.channel().publish(any_messages(3, text="x" * 200_000))
    assert [len(request["variables"]) for request in api.requests] == [20, 20, 5, 2, 1]


def test_a_process_without_credentials_fails_with_the_reason_when_it_starts() -> None:
    with pytest.raises(Rejected, match="AWS credentials: none found"):
        AppSyncChannel("http://127.0.0.1:1/graphql", region="eu-west-2", credentials=None)


def test_nothing_to_say_asks_nothing() -> None:
    with answering(GOOD) as api:
        api.channel().publish([])
    assert api.requests == []


def test_one_connection_serves_many_requests() -> None:
    with answering(GOOD) as api:
        channel = api.channel()
        for _ in range(5):
            channel.publish(any_messages(1))
        channel.close()
    assert len(api.connections) == 1


def test_requests_are_signed_for_appsync() -> None:
    with answering(GOOD) as api:
        api.channel().publish(any_messages(1))
    assert api.headers[0]["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIALOCAL/")
    assert "/eu-west-2/appsync/aws4_request" in api.headers[0]["authorization"]


def test_a_200_that_carries_errors_is_an_error_and_does_not_repeat_what_was_said() -> None:
    errors = [{"errorType": "ValidationError", "message": "value 'my card number is' is invalid"}]
    with answering((200, {"data": {"m0": None}, "errors": errors})) as api, pytest.raises(ChannelUnavailable) as raised:
        api.channel().publish(any_messages(1))
    assert str(raised.value) == "AppSync answered 200 ValidationError"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    with answering((status, {}), GOOD) as api:
        api.channel().publish(any_messages(1))
    assert len(api.requests) == 2 and len(api.waited_s) == 1


def test_attempts_end() -> None:
    with answering((503, b"<html>")) as api, pytest.raises(ChannelUnavailable, match="503"):
        api.channel().publish(any_messages(1))
    assert len(api.requests) == 3 and len(api.waited_s) == 2


def test_a_refused_caller_is_not_tried_again() -> None:
    refusal = {"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}
    with answering((401, refusal)) as api, pytest.raises(ChannelUnavailable, match="let its role call"):
        api.channel().publish(any_messages(1))
    assert len(api.requests) == 1


def test_an_unreachable_api_is_a_degradation_that_names_the_address() -> None:
    api = Api([GOOD], port=1)
    with pytest.raises(ChannelUnavailable, match="127.0.0.1:1/graphql is not reachable"):
        api.channel().publish(any_messages(1))


def test_a_message_that_appsync_would_drop_silently_is_refused_and_the_others_are_sent() -> None:
    messages = [*any_messages(1), utterance_message(any_utterance(2, text="ä" * 123_000), at_ms=2)]
    with answering(GOOD) as api, pytest.raises(MessageTooLarge, match="publishMessage.input: 24.... bytes") as raised:
        api.channel().publish(messages)
    assert "245760" in str(raised.value)
    assert [len(request["variables"]) for request in api.requests] == [1]
