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

from sotto.inference.adapters.sagemaker import SageMakerShard, sagemaker_clients
from sotto.inference.shard import (
    AskAlone,
    ModelAsked,
    ModelLate,
    ModelMissing,
    ModelNotReady,
    ModelRejected,
    ModelRequest,
    ModelUnavailable,
    TakesNoWaves,
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


def wave_of(*models: str, **requests: ModelRequest) -> list[ModelAsked]:
    return [ModelAsked(any_version(model=model), requests.get(model, REQUEST)) for model in models]


def test_a_wave_is_the_first_ones_request_with_the_others_listed_by_what_they_want_otherwise(
    shard: SageMakerShard, runtime: Stubber
) -> None:
    other = replace(REQUEST, inputs={"intent": {"label": "close_account"}}, context=("hello",))
    wave = [
        {"model": "harbour_bank/intent/v2.tar.gz"},
        {"model": "harbour_bank/sentiment/v2.tar.gz"},
        {"model": "harbour_bank/reply/v2.tar.gz", "inputs": dict(other.inputs), "context": ["hello"]},
    ]
    expected = {
        "EndpointName": "classifiers",
        "TargetModel": "harbour_bank/intent/v2.tar.gz",
        "ContentType": "application/json",
        "Accept": "application/json",
        "CustomAttributes": "deadline_ms=150",
        "Body": json.dumps({**REQUEST.as_json(), "wave": wave}).encode(),
    }
    answers = [{"output": {"label": "x"}}, {"output": {"label": "y"}}, {"status": 503, "error": "being fetched"}]
    runtime.add_response("invoke_endpoint", answer(json.dumps({"wave": answers}).encode()), expected)
    found = shard.invoke_wave(wave_of("intent", "sentiment", "reply", reply=other), timeout_ms=150)
    assert found[:2] == [{"label": "x"}, {"label": "y"}] and isinstance(found[2], AskAlone)


def test_what_the_first_wants_is_not_wanted_by_the_others(shard: SageMakerShard) -> None:
    from sotto.inference.adapters.sagemaker import _wave

    first = replace(REQUEST, context=("hello",))
    assert _wave(wave_of("intent", "sentiment", intent=first))["wave"][1]["context"] is None


@pytest.mark.parametrize(
    ("given", "meaning"),
    [
        ({"status": 400}, ModelRejected),
        ({"status": 408}, ModelLate),
        ({"status": 500}, ModelUnavailable),
        *(({"status": status}, AskAlone) for status in (404, 429, 503, 507)),
        ({}, ModelUnavailable),
        ({"output": "yes"}, ModelUnavailable),
        ([], ModelUnavailable),
    ],
)
def test_each_of_a_wave_is_refused_as_it_would_be_alone(
    shard: SageMakerShard, runtime: Stubber, given: Any, meaning: type[Exception]
) -> None:
    body = {"wave": [{"output": {"label": "x"}}, given]}
    runtime.add_response("invoke_endpoint", answer(json.dumps(body).encode()))
    found = shard.invoke_wave(wave_of("intent", "sentiment"), timeout_ms=150)
    assert found[0] == {"label": "x"} and type(found[1]) is meaning


def test_the_message_of_a_refusal_in_a_wave_is_that_of_one_alone(shard: SageMakerShard, runtime: Stubber) -> None:
    for status in (400, 408, 500):
        body = {"wave": [{"output": {}}, {"status": status, "error": "x"}]}
        runtime.add_response("invoke_endpoint", answer(json.dumps(body).encode()))
        in_a_wave = shard.invoke_wave(wave_of("sentiment", "intent"), timeout_ms=150)[1]
        runtime.add_client_error("invoke_endpoint", "ModelError", modeled_fields={"OriginalStatusCode": status})
        with pytest.raises(type(in_a_wave), match=re.escape(str(in_a_wave))):
            shard.invoke(any_version(), REQUEST, timeout_ms=150)


def test_a_container_of_an_earlier_release_has_answered_for_the_first(shard: SageMakerShard, runtime: Stubber) -> None:
    runtime.add_response("invoke_endpoint", answer(b'{"answers": []}'))
    found = shard.invoke_wave(wave_of("knowledge", "intent", "sentiment"), timeout_ms=150)
    assert found[0] == {"answers": []} and [type(each) for each in found[1:]] == [TakesNoWaves] * 2


@pytest.mark.parametrize("body", [b'{"wave": {}}', b'{"wave": [{"output": {}}]}', b"[]"])
def test_an_answer_that_does_not_fit_the_wave_is_a_failure(
    shard: SageMakerShard, runtime: Stubber, body: bytes
) -> None:
    runtime.add_response("invoke_endpoint", answer(body))
    with pytest.raises(ModelUnavailable):
        shard.invoke_wave(wave_of("intent", "sentiment"), timeout_ms=150)


def test_a_wave_that_is_more_than_sagemaker_takes_is_asked_one_by_one(shard: SageMakerShard) -> None:
    long = replace(REQUEST, context=("word " * 500_000,))
    wave = wave_of("intent", "sentiment", "reply", sentiment=long, reply=replace(long, speaker="agent", text="x"))
    found = shard.invoke_wave([*wave, ModelAsked(any_version(model="entities"), long)], timeout_ms=150)
    assert [type(each) for each in found] == [AskAlone] * 4


@pytest.mark.parametrize("code", ["ModelNotReadyException", "ServiceUnavailable"])
def test_a_wave_is_asked_once(shard: SageMakerShard, runtime: Stubber, code: str) -> None:
    runtime.add_client_error("invoke_endpoint", code, http_status_code=429)
    with pytest.raises((ModelNotReady, ModelUnavailable)):
        shard.invoke_wave(wave_of("intent", "sentiment"), timeout_ms=1_000)


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


@pytest.mark.parametrize(("timeout_ms", "reads_for_s"), [(37.5, 0.08), (75, 0.08), (150, 0.25), (1_001, 2), (1e6, 70)])
def test_a_client_stops_reading_soon_after_the_time_is_over(timeout_ms: float, reads_for_s: float) -> None:
    client_for = sagemaker_clients(boto3.Session(region_name="us-east-1"))
    assert client_for(timeout_ms).meta.config.read_timeout == reads_for_s
    assert client_for(timeout_ms) is client_for(timeout_ms)
