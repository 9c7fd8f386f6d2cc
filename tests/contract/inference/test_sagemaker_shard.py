"""Contract: SageMaker Runtime's documented errors, as the router understands them. botocore's stubber checks shapes."""

from __future__ import annotations

import io
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.response import StreamingBody
from botocore.stub import Stubber

from sotto.inference.adapters.sagemaker import SageMakerShard
from sotto.inference.shard import (
    ModelLate,
    ModelMissing,
    ModelNotReady,
    ModelRejected,
    ModelRequest,
    ModelUnavailable,
)
from sotto.models.hosting import component_name
from tests.fakes.routing import any_version
from tests.fakes.turned_clock import TurnedClock

REQUEST = ModelRequest("harbour_bank", "close my account", "customer", {"intent": {"label": None}})


def client_to(endpoint_url: str | None = None, read_timeout: float = 1.0) -> Any:
    return boto3.client(
        "sagemaker-runtime",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        endpoint_url=endpoint_url,
        config=Config(read_timeout=read_timeout, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client() -> Any:
    return client_to()


@pytest.fixture
def runtime(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def shard(client: Any, runtime: Stubber, clock: TurnedClock) -> SageMakerShard:
    return SageMakerShard(lambda timeout_ms: client, clock, clock.pass_ms)


def answer(body: bytes) -> dict[str, Any]:
    return {"Body": StreamingBody(io.BytesIO(body), len(body)), "ContentType": "application/json"}


def test_the_request_names_the_model_and_carries_the_deadline(shard: SageMakerShard, runtime: Stubber) -> None:
    expected = {
        "EndpointName": "classifiers",
        "TargetModel": "harbour_bank/intent/v2.tar.gz",
        "ContentType": "application/json",
        "Accept": "application/json",
        "CustomAttributes": "deadline_ms=400",
        "Body": json.dumps(REQUEST.as_json()).encode(),
    }
    runtime.add_response("invoke_endpoint", answer(b'{"label": "close_account"}'), expected)
    assert shard.invoke(any_version(), REQUEST, timeout_ms=400) == {"label": "close_account"}


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("classifiers", {"TargetModel": "harbour_bank/intent/v2.tar.gz", "CustomAttributes": "deadline_ms=400"}),
        ("classifiers/adapters", {"CustomAttributes": "adapter=harbour_bank/intent/v2.tar.gz,deadline_ms=400"}),
        (
            "classifiers/components",
            {
                "InferenceComponentName": component_name("classifiers", "harbour_bank/intent/v2.tar.gz"),
                "CustomAttributes": "deadline_ms=400",
            },
        ),
    ],
)
def test_each_way_of_hosting_is_addressed_as_it_wants(
    shard: SageMakerShard, runtime: Stubber, endpoint: str, address: dict[str, str]
) -> None:
    common = {"EndpointName": "classifiers", "ContentType": "application/json", "Accept": "application/json"}
    expected = common | address | {"Body": json.dumps(REQUEST.as_json()).encode()}
    runtime.add_response("invoke_endpoint", answer(b'{"label": "x"}'), expected)
    version = replace(any_version(), endpoint=endpoint)
    assert shard.invoke(version, REQUEST, timeout_ms=400) == {"label": "x"}


def test_names_of_components_fit_and_differ() -> None:
    names = {component_name("e" * 40, f"{tenant}/writer/{'v' * 60}.tar.gz") for tenant in ("a_b", "a-b")}
    assert len(names) == 2
    assert all(re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", name) for name in names)


def test_a_model_that_loads_is_asked_again(shard: SageMakerShard, runtime: Stubber, clock: TurnedClock) -> None:
    started = clock.monotonic_ms()
    for _ in range(2):
        runtime.add_client_error("invoke_endpoint", "ModelNotReadyException", http_status_code=429)
    runtime.add_response("invoke_endpoint", answer(b"{}"))
    shard.invoke(any_version(), REQUEST, timeout_ms=1_000)
    assert clock.monotonic_ms() - started == 200


def test_asking_again_stops_before_the_deadline(shard: SageMakerShard, runtime: Stubber, clock: TurnedClock) -> None:
    started = clock.monotonic_ms()
    for _ in range(4):
        runtime.add_client_error("invoke_endpoint", "ModelNotReadyException", http_status_code=429)
    with pytest.raises(ModelNotReady):
        shard.invoke(any_version(), REQUEST, timeout_ms=350)
    assert clock.monotonic_ms() - started < 350


def test_a_model_that_loads_is_reported_at_once_to_those_who_can_ask_elsewhere(
    shard: SageMakerShard, runtime: Stubber, clock: TurnedClock
) -> None:
    started = clock.monotonic_ms()
    runtime.add_client_error("invoke_endpoint", "ModelNotReadyException", http_status_code=429)
    with pytest.raises(ModelNotReady):
        shard.invoke(any_version(), REQUEST, timeout_ms=1_000, patient=False)
    assert clock.monotonic_ms() == started


def test_an_endpoints_variant_is_named_after_a_slash(shard: SageMakerShard, runtime: Stubber) -> None:
    expected = {
        "EndpointName": "classifiers",
        "TargetVariant": "blue",
        "TargetModel": "harbour_bank/intent/v2.tar.gz",
        "ContentType": "application/json",
        "Accept": "application/json",
        "CustomAttributes": "deadline_ms=400",
        "Body": json.dumps(REQUEST.as_json()).encode(),
    }
    runtime.add_response("invoke_endpoint", answer(b"{}"), expected)
    shard.invoke(any_version(endpoint="classifiers/blue"), REQUEST, timeout_ms=400)


@pytest.mark.parametrize(
    ("code", "message", "original", "meaning"),
    [
        ("ModelError", "", 400, ModelRejected),
        ("ModelError", "", 413, ModelRejected),
        ("ModelError", "", 408, ModelLate),
        ("ModelError", "", 500, ModelUnavailable),
        ("InternalFailure", "", None, ModelUnavailable),
        ("ServiceUnavailable", "", None, ModelUnavailable),
        ("ValidationError", "Endpoint classifiers of account 123456789012 not found.", None, ModelUnavailable),
        ("ValidationError", "Failed to download model data(bucket: b, key: k). Please ensure", None, ModelMissing),
        ("ValidationError", "Inference Component classifiers-x of account 123456789012 not found.", None, ModelMissing),
        ("ValidationError", "Request 9 bytes is too large", None, ModelRejected),
    ],
)
def test_each_error_says_what_to_do(
    shard: SageMakerShard, runtime: Stubber, code: str, message: str, original: int | None, meaning: type[Exception]
) -> None:
    modeled = {"OriginalStatusCode": original} if original else {}
    runtime.add_client_error("invoke_endpoint", code, message, modeled_fields=modeled)
    with pytest.raises(meaning):
        shard.invoke(any_version(), REQUEST, timeout_ms=50)


@pytest.mark.parametrize("original", [429, 503, 507])
def test_a_busy_shard_is_not_a_broken_one(shard: SageMakerShard, runtime: Stubber, original: int) -> None:
    runtime.add_client_error("invoke_endpoint", "ModelError", modeled_fields={"OriginalStatusCode": original})
    with pytest.raises(ModelNotReady):
        shard.invoke(any_version(), REQUEST, timeout_ms=50)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"label"'])
def test_an_answer_that_is_no_json_object_is_a_failure(shard: SageMakerShard, runtime: Stubber, body: bytes) -> None:
    runtime.add_response("invoke_endpoint", answer(body))
    with pytest.raises(ModelUnavailable):
        shard.invoke(any_version(), REQUEST, timeout_ms=400)


def test_nobody_at_the_address_is_unavailable(clock: TurnedClock) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen: who connects is refused
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        only = SageMakerShard(lambda timeout_ms: client_to(url), clock, clock.pass_ms)
        with pytest.raises(ModelUnavailable):
            only.invoke(any_version(), REQUEST, timeout_ms=400)


def test_an_endpoint_that_never_answers_is_late(clock: TurnedClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        mute = SageMakerShard(lambda timeout_ms: client_to(url, read_timeout=0.1), clock, clock.pass_ms)
        with pytest.raises(ModelLate):
            mute.invoke(any_version(), REQUEST, timeout_ms=100)
