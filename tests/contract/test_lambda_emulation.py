"""Contract: Lambda's Invoke as AWS documents it, through an unmodified boto3 client and beneath it.

Forms that AWS does not document (the text of time-outs, of MarshalError) are from the Python runtime's source and from
answers seen in practice.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws.lambda_limits import ASYNC_LIMIT_BYTES, SYNC_LIMIT_BYTES
from local.aws.lambda_runtime import LambdaRuntime
from local.aws.lambda_sandbox import Sandbox, SandboxKilled
from local.aws.stack import EmbeddedAws
from sotto.call.live import WorkerOrder, invocation_from
from sotto.core.function_spec import FunctionSpec
from sotto.transcription.lease.revival import given_up_order, is_given_up


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


@pytest.fixture(scope="module")
def client(aws: EmbeddedAws) -> Any:
    where = aws.environment()
    return boto3.client(
        "lambda",
        endpoint_url=aws.url,
        region_name=where["AWS_REGION"],
        aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def register(aws: EmbeddedAws, handler: Any, *, timeout_s: float = 5, **more: Any) -> str:
    return aws.functions.register(FunctionSpec("subject", "none", timeout_s, **more), handler)  # type: ignore[arg-type]


def body(answer: Any) -> Any:
    return json.loads(answer["Payload"].read())


def text_of(length: int) -> bytes:
    return b'"' + b"x" * (length - 2) + b'"'


def refusal(client: Any, **asked: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        client.invoke(**asked)
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_handler_gets_a_copy_of_the_event_and_a_true_context(aws: EmbeddedAws, client: Any) -> None:
    def handler(event: Any, context: Any) -> Any:
        left = context.get_remaining_time_in_millis()
        names = [context.function_name, context.memory_limit_in_mb, context.log_group_name]
        return {"event": event, "names": names, "arn": context.invoked_function_arn, "timed": 0 < left <= 5000}

    arn = register(aws, handler)
    answer = client.invoke(FunctionName="subject", Payload=b'{"a": [1, null]}')
    found = body(answer)
    assert answer["StatusCode"] == 200 and answer["ExecutedVersion"] == "$LATEST" and "FunctionError" not in answer
    assert found["event"] == {"a": [1, None]} and found["timed"] and found["arn"] == arn
    assert found["names"] == ["subject", "512", "/aws/lambda/subject"]


@pytest.mark.parametrize("name", ["subject", "subject:$LATEST", "subject:live", "123456789012:function:subject"])
def test_a_function_is_found_by_name_partial_arn_and_qualifier(aws: EmbeddedAws, client: Any, name: str) -> None:
    arn = register(aws, lambda event, context: "here")
    assert body(client.invoke(FunctionName=name)) == "here"
    assert body(client.invoke(FunctionName=arn)) == "here"
    assert body(client.invoke(FunctionName="subject", Qualifier="live")) == "here"


@pytest.mark.parametrize("asked", [{"FunctionName": "subject", "Qualifier": "7"}, {"FunctionName": "subject:beta"}])
def test_a_version_that_was_never_published_is_not_found(aws: EmbeddedAws, client: Any, asked: dict[str, str]) -> None:
    register(aws, lambda event, context: "here")
    assert refusal(client, **asked) == ("ResourceNotFoundException", 404)


def test_the_client_context_reaches_the_handler(aws: EmbeddedAws, client: Any) -> None:
    register(aws, lambda event, context: context.client_context.custom["x"])
    given = base64.b64encode(b'{"custom": {"x": "y"}}').decode()
    assert body(client.invoke(FunctionName="subject", ClientContext=given)) == "y"


def test_an_error_of_the_handler_is_unhandled_with_type_and_stack(aws: EmbeddedAws, client: Any) -> None:
    def handler(event: Any, context: Any) -> None:
        raise KeyError("missing")

    register(aws, handler)
    answer = client.invoke(FunctionName="subject")
    error = body(answer)
    assert answer["StatusCode"] == 200 and answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "KeyError" and error["errorMessage"] == "'missing'"
    assert "handler" in error["stackTrace"][-1]


def test_a_result_that_is_no_json_is_a_marshal_error(aws: EmbeddedAws, client: Any) -> None:
    register(aws, lambda event, context: {1, 2})
    answer = client.invoke(FunctionName="subject")
    assert answer["FunctionError"] == "Unhandled"
    assert body(answer)["errorType"] == "Runtime.MarshalError"


def test_a_result_that_is_too_large_is_refused(aws: EmbeddedAws, client: Any) -> None:
    register(aws, lambda event, context: "x" * 6_291_560)
    assert body(client.invoke(FunctionName="subject"))["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_handler_that_cannot_be_imported_says_so(aws: EmbeddedAws, client: Any) -> None:
    aws.functions.register(FunctionSpec("subject", "no.such.module.handler", 5))
    assert body(client.invoke(FunctionName="subject"))["errorType"] == "Runtime.ImportModuleError"


def test_a_handler_that_takes_too_long_is_killed(aws: EmbeddedAws, client: Any) -> None:
    ended = threading.Event()

    def handler(event: Any, context: Any) -> None:
        try:
            while True:
                threading.Event().wait(0.01)
        finally:
            ended.set()

    register(aws, handler, timeout_s=0.2)
    answer = client.invoke(FunctionName="subject")
    error = body(answer)
    assert answer["FunctionError"] == "Unhandled" and error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Task timed out after 0.20 seconds")
    assert ended.wait(10)


def test_time_outs_are_as_much_longer_as_the_runtime_is_patient() -> None:
    runtime = LambdaRuntime(patience=100.0)
    runtime.register(FunctionSpec("subject", "none", 60), lambda event, context: context.get_remaining_time_in_millis())
    left_ms = int(runtime.invoke("subject").payload)
    runtime.stop()
    assert 60_000 < left_ms <= 6_000_000


def test_a_function_that_is_unknown_is_404(client: Any) -> None:
    assert refusal(client, FunctionName="nobody") == ("ResourceNotFoundException", 404)


def test_a_payload_that_is_no_json_is_400(aws: EmbeddedAws, client: Any) -> None:
    register(aws, lambda event, context: None)
    assert refusal(client, FunctionName="subject", Payload=b"{") == ("InvalidRequestContentException", 400)


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", SYNC_LIMIT_BYTES), ("Event", ASYNC_LIMIT_BYTES)])
def test_a_payload_over_the_limit_is_413(aws: EmbeddedAws, client: Any, kind: str, limit: int) -> None:
    register(aws, lambda event, context: None)
    asked = {"FunctionName": "subject", "InvocationType": kind}
    assert refusal(client, **asked, Payload=text_of(limit + 1)) == ("RequestTooLargeException", 413)
    assert client.invoke(**asked, Payload=text_of(limit))["StatusCode"] in (200, 202)


def test_past_the_reserved_concurrency_callers_get_429_with_the_reason(aws: EmbeddedAws, client: Any) -> None:
    began, go_on = threading.Event(), threading.Event()

    def handler(event: Any, context: Any) -> None:
        began.set()
        go_on.wait(10)

    register(aws, handler, reserved_concurrency=1)
    client.invoke(FunctionName="subject", InvocationType="Event")
    assert began.wait(10)
    with pytest.raises(ClientError) as refused:
        client.invoke(FunctionName="subject")
    go_on.set()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert refused.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_a_dry_run_runs_nothing(aws: EmbeddedAws, client: Any) -> None:
    ran = threading.Event()
    register(aws, lambda event, context: ran.set())
    assert client.invoke(FunctionName="subject", InvocationType="DryRun")["StatusCode"] == 204
    assert not ran.is_set()


class Flaky:
    """Fails until it has been called ``succeeds_at`` times; sees the request id of each attempt."""

    def __init__(self, succeeds_at: int) -> None:
        self._succeeds_at = succeeds_at
        self.request_ids: list[str] = []
        self.ended = threading.Event()

    def __call__(self, event: Any, context: Any) -> None:
        self.request_ids.append(context.aws_request_id)
        if len(self.request_ids) < self._succeeds_at:
            raise RuntimeError("not yet")
        self.ended.set()


@pytest.fixture
def patient() -> Iterator[tuple[LambdaRuntime, list[tuple[str, bytes]], threading.Event]]:
    """A runtime that does not wait between retries, what it gave up, and when it did."""
    given_up: list[tuple[str, bytes]] = []
    gave_up = threading.Event()

    def failed(name: str, payload: bytes, answer: Any) -> None:
        given_up.append((name, payload))
        gave_up.set()

    runtime = LambdaRuntime(retry_delays_s=(0.0, 0.0), on_failure=failed)
    yield runtime, given_up, gave_up
    assert runtime.stop() == []


def test_an_asynchronous_event_is_tried_three_times_under_one_request_id(patient: Any) -> None:
    runtime, given_up, _ = patient
    flaky = Flaky(succeeds_at=3)
    runtime.register(FunctionSpec("subject", "none", 5), flaky)
    request_id = runtime.invoke_async("subject")
    assert flaky.ended.wait(10)
    assert flaky.request_ids == [request_id] * 3
    assert given_up == []


def test_after_the_last_retry_the_event_goes_to_the_failure_destination(patient: Any) -> None:
    runtime, given_up, gave_up = patient
    flaky = Flaky(succeeds_at=99)
    runtime.register(FunctionSpec("subject", "none", 5), flaky)
    runtime.invoke_async("subject", b'{"n": 1}')
    assert gave_up.wait(10)
    assert len(flaky.request_ids) == 3 and given_up == [("subject", b'{"n": 1}')]


def test_a_function_may_receive_what_was_given_up(patient: Any) -> None:
    runtime, given_up, _ = patient
    received, record = threading.Event(), {}

    def destination(event: Any, context: Any) -> None:
        record.update(event)
        received.set()

    runtime.register(FunctionSpec("subject", "none", 5, failures_to="destination"), Flaky(succeeds_at=99))
    runtime.register(FunctionSpec("destination", "none", 5), destination)
    order = {"tenant": "harbour_bank", "contact_id": "c", "generation": 2}
    request_id = runtime.invoke_async("subject", json.dumps(order).encode())
    assert received.wait(10)
    assert is_given_up(record) and given_up_order(record) == invocation_from(order, WorkerOrder)
    asked = record["requestContext"]
    assert (asked["requestId"], asked["condition"], asked["approximateInvokeCount"]) == (
        request_id,
        "RetriesExhausted",
        3,
    )
    assert record["responseContext"]["functionError"] == "Unhandled" and given_up == []


def test_an_event_waits_for_room_instead_of_being_refused(patient: Any) -> None:
    runtime, _, _ = patient
    go_on, all_ran, ran = threading.Event(), threading.Semaphore(0), 3

    def handler(event: Any, context: Any) -> None:
        go_on.wait(10)
        all_ran.release()

    runtime.register(FunctionSpec("subject", "none", 20, reserved_concurrency=1), handler)
    for _ in range(ran):
        runtime.invoke_async("subject")
    go_on.set()
    assert all(all_ran.acquire(timeout=10) for _ in range(ran))


def test_a_handler_that_ends_though_it_was_killed_has_been_answered_for(patient: Any) -> None:
    """An interruption that reaches a finaliser is swallowed there; the sandbox must live on all the same."""
    runtime, _, _ = patient
    began, go_on = threading.Event(), threading.Event()

    def handler(event: Any, context: Any) -> str:
        try:
            began.set()
            while not go_on.wait(0.01):
                pass
        except SandboxKilled:
            go_on.wait(10)
        return "too late"

    runtime.register(FunctionSpec("subject", "none", 60), handler)
    answer = runtime.start("subject")
    assert began.wait(10) and runtime.kill("subject") == 1
    assert answer.result(10).error == "Unhandled"
    go_on.set()
    runtime.register(FunctionSpec("other", "none", 60), lambda event, context: "well")
    assert runtime.invoke("other").payload == b'"well"'


def test_a_killed_asynchronous_invocation_is_retried(patient: Any) -> None:
    runtime, _, _ = patient
    began, again = threading.Event(), threading.Event()

    def handler(event: Any, context: Any) -> None:
        if began.is_set():
            again.set()
            return
        began.set()
        while True:
            threading.Event().wait(0.01)

    runtime.register(FunctionSpec("subject", "none", 60), handler)
    runtime.invoke_async("subject")
    assert began.wait(10)
    assert runtime.kill("subject") == 1
    assert again.wait(10)


def test_a_kill_that_arrives_inside_a_task_group_ends_the_sandbox_quietly() -> None:
    killed = threading.Event()
    idle = threading.Event()
    sandbox = Sandbox(1, lambda _: idle.set())

    def job() -> None:
        killed.set()
        raise BaseExceptionGroup("unhandled errors in a TaskGroup", [SandboxKilled()])

    sandbox.run(job)
    assert killed.wait(10) and idle.wait(10)
    sandbox.close()
    assert sandbox.join(10)
