"""Contract: a wave from the router to the real shard and back, through SageMaker's emulation and unmodified boto3
clients, on each way of hosting, and during a release, when functions and containers are not of one age."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.aws.inference_components import ComponentEndpoint
from local.aws.sagemaker_runtime import MultiModelEndpoint
from local.aws.single_endpoint import SingleEndpoint
from local.aws.stack import EmbeddedAws
from local.aws.web_server import WebServer
from sotto.core.clock import SystemClock
from sotto.graph.node import Node, NodeCall, NodeResult
from sotto.inference.adapters.sagemaker import SageMakerShard
from sotto.inference.router import Router
from sotto.models.adapters.inference_components import AdapterComponents
from sotto.models.registry import ModelVersion
from tests.contract.shard.conftest import Answer, shard_process
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import any_call

CLASSIFIERS = ("behaviours", "entities", "intent", "knowledge", "sentiment")
TEXT = "good morning I lost my card and it costs 40 dollars"
LONG_MS = 8_000
ENDPOINTS = ("multi-model", "single/adapters", "components/components")
Routed = Callable[..., Router]


class PackagesOf:
    """What lies in the bucket, by the key or by the whole address."""

    def __init__(self, prefix: Path) -> None:
        self._prefix = prefix

    def archive(self, key: str) -> bytes | None:
        archive = self._prefix / key.removeprefix("s3://sotto/models/")
        return archive.read_bytes() if archive.is_file() else None


class EarlierContainer:
    """The shard's container as it was before it knew waves, which is one that does not look at them."""

    def __init__(self, shard: str) -> None:
        self.http = httpx.AsyncClient(base_url=shard, timeout=60)
        self.app = Starlette(routes=[Route("/{path:path}", self._pass_on, methods=["GET", "POST", "DELETE"])])

    async def _pass_on(self, request: Request) -> Response:
        content = await request.body()
        if content and request.method == "POST":
            asked = json.loads(content)
            asked.pop("wave", None)
            content = json.dumps(asked).encode()
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-amzn")}
        path = request.url.path
        answer = await self.http.request(request.method, path, content=content, headers=headers)
        return Response(answer.content, answer.status_code, media_type="application/json")


def served(container: EarlierContainer) -> WebServer:
    return WebServer(container.app, name="earlier", at_end=container.http.aclose)


@dataclass(frozen=True)
class Account:
    """``requests``: the models that each request to SageMaker Runtime was addressed to."""

    client: Any
    requests: list[str]


@pytest.fixture(scope="module")
def account(prefix: Path, names: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    disk = tmp_path_factory.mktemp("disk")
    with (
        shard_process("--adapters", str(prefix)) as many,
        shard_process("--adapters", str(prefix)) as single,
        shard_process() as components,
        served(EarlierContainer(str(many.client.base_url))) as earlier,
        EmbeddedAws() as aws,
    ):
        for shard in (many, single, components):
            shard.wait_until_ready()
        packages = PackagesOf(prefix)
        add = aws.sagemaker.add
        add(MultiModelEndpoint("multi-model", str(many.client.base_url), packages, disk / "a"))
        add(MultiModelEndpoint("earlier", earlier.url, packages, disk / "b"))
        add(SingleEndpoint("single", str(single.client.base_url)))
        add(ComponentEndpoint("components", str(components.client.base_url), packages, disk / "c"))
        _have_components(_client(aws, "sagemaker"), names)
        runtime, requests = _client(aws, "sagemaker-runtime"), list[str]()
        runtime.meta.events.register(
            "before-call.sagemaker-runtime", lambda params, **_: requests.append(json.loads(params["body"])["text"])
        )
        yield Account(runtime, requests)


def _client(aws: EmbeddedAws, service: str) -> Any:
    where = aws.environment()
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=aws.url,
        region_name=where["AWS_REGION"],
        aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
    )


def _have_components(sagemaker: Any, names: Mapping[str, str]) -> None:
    sagemaker.create_inference_component(
        InferenceComponentName="components-base",
        EndpointName="components",
        VariantName="live",
        Specification={"ModelName": "shard", "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 512}},
    )
    made = AdapterComponents(sagemaker, wait=lambda seconds: None)
    made._wait_until_in_service("components-base")
    for target in names.values():
        made.serve("components", target, f"s3://sotto/models/{target}")


@pytest.fixture
def routed(account: Account, names: Mapping[str, str]) -> Routed:
    """A router that knows nothing yet, and the versions at ``endpoint``."""

    def router(endpoint: str, **targets: str) -> Router:
        versions = [
            ModelVersion(target.split("/")[0], model, "v1", target, endpoint)
            for model, target in {**names, **targets}.items()
        ]
        account.requests.clear()
        return Router(
            FixedRegistry(*versions), SageMakerShard(lambda _: account.client, SystemClock(), pause), SystemClock()
        )

    return router


def pause(ms: float) -> None:
    """SageMaker's own answers come soon enough."""


def calls(text: str = TEXT, models: Sequence[str] = CLASSIFIERS) -> list[NodeCall]:
    utterance = replace(any_call().utterance, tenant="small_bank", text=text)
    return [NodeCall(Node(model, model, model, deadline_ms=LONG_MS), utterance) for model in models]


def outputs(results: Sequence[NodeResult]) -> list[Any]:
    assert all(result.status == "ok" for result in results), [(each.node_id, each.reason) for each in results]
    return [result.output for result in results]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_wave_becomes_one_request_once_its_models_are_there(
    account: Account, routed: Routed, ask: Answer, endpoint: str
) -> None:
    router, alone = routed(endpoint), [ask(model, TEXT) for model in CLASSIFIERS]
    assert outputs(router.route_all(calls())) == alone, "also where they had to be fetched first"
    settled(router, account)
    assert outputs(router.route_all(calls())) == alone and len(account.requests) == 1
    account.requests.clear()
    assert [router.route(call).output for call in calls()] == alone and len(account.requests) == len(CLASSIFIERS)


def settled(router: Router, account: Account) -> None:
    """Waves until all models lie in the shard's memory."""
    while True:
        account.requests.clear()
        router.route_all(calls())
        if len(account.requests) == 1:
            return account.requests.clear()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_package_that_is_missing_costs_only_itself(
    account: Account, routed: Routed, ask: Answer, endpoint: str
) -> None:
    settled(routed(endpoint), account)
    router = routed(endpoint, behaviours="small_bank/behaviours/never.tar.gz")
    for _ in range(2):
        missing, *others = router.route_all(calls())
        assert missing.status == "degraded" and ("Missing" in missing.reason or "Rejected" in missing.reason)
        assert outputs(others) == [ask(model, TEXT) for model in CLASSIFIERS[1:]]
        together = router.route(calls(models=["behaviours"])[0])
        assert together.reason == missing.reason, "as alone"


def test_new_functions_get_on_with_containers_of_the_release_before(
    account: Account, routed: Routed, ask: Answer
) -> None:
    router = routed("earlier")
    for requests in (5, 10):
        assert outputs(router.route_all(calls())) == [ask(model, TEXT) for model in CLASSIFIERS]
        assert len(account.requests) == requests, "the wave's own request has answered for its first"
