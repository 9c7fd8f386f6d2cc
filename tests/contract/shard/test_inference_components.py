"""Contract: inference components as SageMaker documents them, between unmodified boto3 clients, the router's adapter
and the real shard. The texts of errors are from answers seen in practice, not from documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws.inference_components import ComponentEndpoint
from local.aws.stack import EmbeddedAws
from sotto.inference.adapters.sagemaker import SageMakerShard
from sotto.inference.shard import ModelMissing, ModelRequest
from sotto.models.adapters.inference_components import AdapterComponents, ComponentFailed
from sotto.models.hosting import component_name
from sotto.models.registry import ModelVersion
from tests.fakes.turned_clock import TurnedClock

ENDPOINT, BASE = "sotto-shard", "sotto-shard-base"
TARGET = "small_bank/intent/v1.tar.gz"
REQUEST = ModelRequest("small_bank", "i want to close my account", "customer", {})


class Packages:
    def __init__(self, packages: Mapping[str, Path]) -> None:
        self._packages = packages

    def archive(self, key: str) -> bytes | None:
        name = key.removeprefix("s3://sotto/models/small_bank/").partition("/")[0]
        return self._packages[name].read_bytes() if name in self._packages else None


class Account:
    """Clients of one embedded AWS with an endpoint whose base component is in service."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws
        self.sagemaker = self.client("sagemaker")
        self.create(BASE, ModelName="shard", ComputeResourceRequirements={"MinMemoryRequiredInMb": 512})

    def client(self, service: str) -> Any:
        where = self._aws.environment()
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._aws.url,
            region_name=where["AWS_REGION"],
            aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def create(self, name: str, **specification: Any) -> dict[str, Any]:
        self.sagemaker.create_inference_component(
            InferenceComponentName=name, EndpointName=ENDPOINT, VariantName="live", Specification=specification
        )
        while (found := self.sagemaker.describe_inference_component(InferenceComponentName=name))[
            "InferenceComponentStatus"
        ] == "Creating":
            continue
        return dict(found)

    def adapter(self, target: str) -> dict[str, Any]:
        name = component_name(ENDPOINT, target)
        container = {"ArtifactUrl": f"s3://sotto/models/{target}"}
        return self.create(name, BaseInferenceComponentName=BASE, Container=container)


@pytest.fixture(scope="module")
def account(
    shard: httpx.Client, packages: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    with EmbeddedAws() as aws:
        disk = tmp_path_factory.mktemp("disk")
        aws.sagemaker.add(ComponentEndpoint(ENDPOINT, str(shard.base_url), Packages(packages), disk))
        yield Account(aws)


@pytest.fixture
def router_side(account: Account) -> SageMakerShard:
    clock = TurnedClock()
    runtime = account.client("sagemaker-runtime")
    return SageMakerShard(lambda timeout_ms: runtime, clock, clock.pass_ms)


def version(target: str) -> ModelVersion:
    return ModelVersion("small_bank", "intent", "v1", target, f"{ENDPOINT}/components")


def test_the_router_asks_an_adapter_by_its_components_name(account: Account, router_side: SageMakerShard) -> None:
    with pytest.raises(ModelMissing):
        router_side.invoke(version(TARGET), REQUEST, timeout_ms=10_000)
    assert account.adapter(TARGET)["InferenceComponentStatus"] == "InService"
    assert router_side.invoke(version(TARGET), REQUEST, timeout_ms=10_000)["label"]
    account.sagemaker.delete_inference_component(InferenceComponentName=component_name(ENDPOINT, TARGET))
    with pytest.raises(ModelMissing):
        router_side.invoke(version(TARGET), REQUEST, timeout_ms=10_000)


def test_an_adapter_that_is_not_in_the_bucket_fails_with_the_reason(account: Account) -> None:
    found = account.adapter("small_bank/no_such_model/v1.tar.gz")
    assert found["InferenceComponentStatus"] == "Failed"
    assert "Failed to download artifact" in found["FailureReason"]


def a_little(seconds: float) -> None:
    """SageMaker's minutes are the embedded shard's milliseconds."""
    Event().wait(0.05)


def test_publishing_has_the_component_in_service_before_it_ends(account: Account, router_side: SageMakerShard) -> None:
    components = AdapterComponents(account.sagemaker, wait=a_little)
    try:
        name = components.serve(ENDPOINT, TARGET, f"s3://sotto/models/{TARGET}")
        assert router_side.invoke(version(TARGET), REQUEST, timeout_ms=10_000)["label"]
        made = account.sagemaker.describe_inference_component(InferenceComponentName=name)
        assert components.serve(ENDPOINT, TARGET, f"s3://sotto/models/{TARGET}") == name
        again = account.sagemaker.describe_inference_component(InferenceComponentName=name)
        assert made["CreationTime"] == again["CreationTime"], "what is there is left as it is"
    finally:
        account.sagemaker.delete_inference_component(InferenceComponentName=component_name(ENDPOINT, TARGET))


def test_publishing_what_the_shard_cannot_load_says_why_and_can_be_tried_again(account: Account) -> None:
    target, reported = "small_bank/not_there/v1.tar.gz", list[str]()
    components = AdapterComponents(account.sagemaker, report=reported.append, wait=a_little)
    for _ in range(2):
        with pytest.raises(ComponentFailed, match="Failed to download artifact"):
            components.serve(ENDPOINT, target, f"s3://sotto/models/{target}")
    assert ["again" in line for line in reported] == [False, True]
    account.sagemaker.delete_inference_component(InferenceComponentName=component_name(ENDPOINT, target))


@pytest.mark.parametrize(
    ("name", "specification", "said"),
    [
        ("a", {"BaseInferenceComponentName": "none", "Container": {"ArtifactUrl": "s3://a/b"}}, "no base component"),
        ("a", {"ModelName": "shard"}, "ComputeResourceRequirements is required"),
        (
            BASE,
            {"ModelName": "shard", "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 128}},
            "already existing",
        ),
        (
            "a",
            {
                "BaseInferenceComponentName": BASE,
                "Container": {"ArtifactUrl": "s3://a/b"},
                "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 128},
            },
            "resources and copies of its base",
        ),
    ],
)
def test_a_component_that_cannot_be_is_refused(
    account: Account, name: str, specification: dict[str, Any], said: str
) -> None:
    with pytest.raises(ClientError, match=said) as refused:
        account.create(name, **specification)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_an_endpoint_of_components_wants_one_named(account: Account) -> None:
    with pytest.raises(ClientError, match="Inference Component Name header is required"):
        account.client("sagemaker-runtime").invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}")
