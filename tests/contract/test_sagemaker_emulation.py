"""Contract: SageMaker's multi-model endpoints as documented, between an unmodified boto3 client and a container.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
The texts of ValidationError are from answers seen in practice, not from documentation.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.sagemaker_runtime import LARGEST_BODY_BYTES, MultiModelEndpoint, opaque_name
from local.aws.stack import EmbeddedAws
from local.aws.web_server import WebServer


class Container:
    """Holds at most two models, each a folder with a file ``answer``; counts what it is told."""

    def __init__(self) -> None:
        self.loaded: dict[str, Path] = {}
        self.loads: list[str] = []
        self.unloads: list[str] = []
        self.slow_load = asyncio.Event()
        self.slow_load.set()
        self.headers: dict[str, str] = {}
        self.app = Starlette(
            routes=[
                Route("/models", self.load, methods=["POST"]),
                Route("/models/{name}", self.unload, methods=["DELETE"]),
                Route("/models/{name}/invoke", self.invoke, methods=["POST"]),
            ]
        )

    async def load(self, request: Request) -> Response:
        asked = await request.json()
        name = asked["model_name"]
        await self.slow_load.wait()
        self.loads.append(name)
        if name in self.loaded:
            return Response(status_code=409)
        if len(self.loaded) == 2:
            return Response(status_code=507)
        self.loaded[name] = Path(asked["url"])
        return JSONResponse({})

    async def unload(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.unloads.append(name)
        return JSONResponse({}, 200 if self.loaded.pop(name, None) else 404)

    async def invoke(self, request: Request) -> Response:
        folder = self.loaded.get(request.path_params["name"])
        if folder is None:
            return Response(status_code=404)
        self.headers = dict(request.headers)
        asked = json.loads(await request.body())
        if "fail" in asked:
            return Response("the model is at its wits' end", status_code=asked["fail"])
        return JSONResponse({"answer": (folder / "answer").read_text()})


class Bucket:
    def archive(self, key: str) -> bytes | None:
        return None if "missing" in key else archive_of(key)


def archive_of(answer: str) -> bytes:
    content, target = answer.encode(), io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        entry = tarfile.TarInfo("answer")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return target.getvalue()


class Endpoints:
    """Two endpoints of the test's own in one embedded AWS: ``shard``, and ``hasty``, which waits for no load."""

    def __init__(self, disk: Path, container: Container, container_url: str, aws: EmbeddedAws) -> None:
        self.container = container
        self._own = uuid.uuid4().hex[:8]
        add = aws.sagemaker.add
        add(MultiModelEndpoint(f"shard-{self._own}", container_url, Bucket(), disk / "a"))
        add(MultiModelEndpoint(f"hasty-{self._own}", container_url, Bucket(), disk / "b", patience_s=0.0))
        where = aws.environment()
        self._client = boto3.client(
            "sagemaker-runtime",
            endpoint_url=aws.url,
            region_name=where["AWS_REGION"],
            aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def ask(self, model: str, endpoint: str = "shard", **request: Any) -> Any:
        answer = self._client.invoke_endpoint(
            EndpointName=f"{endpoint}-{self._own}",
            TargetModel=model,
            ContentType="application/json",
            CustomAttributes="deadline_ms=100",
            Body=json.dumps(request).encode(),
        )
        return json.loads(answer["Body"].read())

    def refusal(self, model: str | None, endpoint: str = "shard", body: bytes = b"{}") -> dict[str, Any]:
        target = {"TargetModel": model} if model else {}
        with pytest.raises(ClientError) as refused:
            self._client.invoke_endpoint(EndpointName=f"{endpoint}-{self._own}", Body=body, **target)
        return dict(refused.value.response)


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


@pytest.fixture
def endpoints(tmp_path: Path, aws: EmbeddedAws) -> Iterator[Endpoints]:
    container = Container()
    with WebServer(container.app, name="container") as server:
        yield Endpoints(tmp_path, container, server.url, aws)
        container.slow_load.set()


def test_a_model_is_loaded_at_its_first_use_under_an_opaque_name(endpoints: Endpoints) -> None:
    assert endpoints.ask("bank/intent.tar.gz") == {"answer": "bank/intent.tar.gz"}
    assert endpoints.ask("bank/intent.tar.gz") == {"answer": "bank/intent.tar.gz"}
    assert endpoints.container.loads == [opaque_name("bank/intent.tar.gz")]
    assert "bank" not in endpoints.container.loads[0]


def test_the_container_receives_target_model_and_custom_attributes(endpoints: Endpoints) -> None:
    endpoints.ask("a.tar.gz")
    headers = endpoints.container.headers
    assert headers["x-amzn-sagemaker-target-model"] == "a.tar.gz"
    assert headers["x-amzn-sagemaker-custom-attributes"] == "deadline_ms=100"
    assert "authorization" not in headers


def test_when_memory_is_full_the_least_recently_used_model_makes_room(endpoints: Endpoints) -> None:
    for model in ("a", "b", "a", "c"):
        endpoints.ask(model)
    assert endpoints.container.unloads == [opaque_name("b")]
    assert set(endpoints.container.loaded) == {opaque_name("a"), opaque_name("c")}


def test_a_container_that_has_the_model_already_is_taken_at_its_word(endpoints: Endpoints) -> None:
    endpoints.ask("a")
    assert endpoints.ask("a", endpoint="shard") == {"answer": "a"}
    endpoints.container.loads.clear()
    assert endpoints.refusal("a", "hasty")["Error"]["Code"] == "ModelNotReadyException"


def test_a_container_that_forgot_a_model_loads_it_again(endpoints: Endpoints) -> None:
    endpoints.ask("a")
    endpoints.container.loaded.clear()
    assert endpoints.ask("a") == {"answer": "a"}
    assert len(endpoints.container.loads) == 2


def test_while_a_model_loads_callers_get_429(endpoints: Endpoints) -> None:
    endpoints.container.slow_load.clear()
    answer = endpoints.refusal("a", "hasty")
    assert answer["Error"]["Code"] == "ModelNotReadyException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429


@pytest.mark.parametrize("status", [400, 408, 500, 503])
def test_an_error_of_the_container_is_a_model_error_with_its_status(endpoints: Endpoints, status: int) -> None:
    answer = endpoints.refusal("a", body=json.dumps({"fail": status}).encode())
    assert answer["Error"]["Code"] == "ModelError"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == status
    assert answer["OriginalMessage"] == "the model is at its wits' end"


def test_a_model_that_is_not_in_the_bucket_is_a_validation_error(endpoints: Endpoints) -> None:
    answer = endpoints.refusal("missing.tar.gz")
    assert answer["Error"]["Code"] == "ValidationError"
    assert "Failed to download model data" in answer["Error"]["Message"]


def test_an_endpoint_that_does_not_exist_is_a_validation_error(endpoints: Endpoints) -> None:
    answer = endpoints.refusal("a", "nowhere")
    assert answer["Error"]["Code"] == "ValidationError"
    assert re.fullmatch(r"Endpoint nowhere-\w+ of account 123456789012 not found\.", answer["Error"]["Message"])


def test_a_multi_model_endpoint_wants_a_target_model(endpoints: Endpoints) -> None:
    assert endpoints.refusal(None)["Error"]["Code"] == "ValidationError"


def test_a_body_over_the_limit_is_refused_before_the_container_sees_it(endpoints: Endpoints) -> None:
    assert endpoints.refusal("a", body=b"x" * (LARGEST_BODY_BYTES + 1))["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert endpoints.container.loads == []
