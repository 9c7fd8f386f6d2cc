"""SageMaker Runtime, and what SageMaker does behind a multi-model endpoint.

At the first use of a TargetModel its archive is fetched from S3, unpacked on the instance's disk, and the container is
made to load it under an opaque name. Meanwhile the call waits ``patience_s``, then gets ModelNotReadyException (429)
while loading goes on. A container that has no memory (507) has its least recently used model unloaded first. A
container that forgot a model (404, after a restart) is made to load it again. Errors of the container come back as
ModelError (424) with its own status.
https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import tarfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.spans import Spans, now_ms

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 6_291_456
INVOCATION_TIMEOUT_S = 60.0
MOST_UNLOADS = 64
_PASSED_ON = ("content-type", "accept", "x-amzn-sagemaker-custom-attributes", "x-amzn-sagemaker-inference-id")


class EndpointRefused(Exception):
    """An error of SageMaker Runtime's API: ``code`` as botocore names it."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.details = status, code, details


class ModelStore(Protocol):
    def archive(self, key: str) -> bytes | None:
        """The ``.tar.gz`` under this key of the models prefix; None when there is none."""
        ...


class Endpoint(Protocol):
    """What answers InvokeEndpoint under a name."""

    @property
    def name(self) -> str: ...

    async def answer(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response:
        """``asked``: the request's headers by lower-case name; ``headers``: those that go on to the container."""
        ...

    async def close(self) -> None: ...


class MultiModelEndpoint:
    """One instance behind an endpoint. ``container`` is the container's base URL."""

    def __init__(
        self,
        name: str,
        container: str,
        store: ModelStore,
        disk: Path,
        *,
        patience_s: float = 20.0,
        spans: Spans | None = None,
    ) -> None:
        self.name = name
        self._spans = spans
        self._store = store
        self._disk = disk
        self._patience_s = patience_s
        self._http = httpx.AsyncClient(base_url=container, timeout=INVOCATION_TIMEOUT_S, trust_env=False)
        self._loading: dict[str, asyncio.Task[None]] = {}
        self._loaded: OrderedDict[str, None] = OrderedDict()

    async def answer(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response:
        target = asked.get("x-amzn-sagemaker-target-model")
        if not target:
            raise EndpointRefused(400, "ValidationError", "The endpoint is multi-model: TargetModel is missing")
        return await self.invoke(target, body, headers)

    async def invoke(self, target: str, body: bytes, headers: dict[str, str]) -> Response:
        if target not in self._loaded:
            await self._wait_until_loaded(target)
        answer = await self._ask(target, body, headers)
        if answer.status_code == 404:
            self._loaded.pop(target, None)
            await self._wait_until_loaded(target)
            answer = await self._ask(target, body, headers)
        return passed_back(answer, self.name)

    async def close(self) -> None:
        for task in self._loading.values():
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        await self._http.aclose()

    async def _ask(self, target: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        self._loaded[target] = None
        self._loaded.move_to_end(target)
        sent = headers | {"X-Amzn-SageMaker-Target-Model": target}
        began_ms = now_ms()
        try:
            return await self._http.post(f"/models/{opaque_name(target)}/invoke", content=body, headers=sent)
        except httpx.TimeoutException as error:
            raise EndpointRefused(
                424, "ModelError", "Your invocation timed out while waiting for a response from the container",
                OriginalStatusCode=0, OriginalMessage="timed out",
            ) from error  # fmt: skip
        except httpx.TransportError as error:
            self._loaded.clear()
            raise EndpointRefused(503, "ServiceUnavailable", "The container does not answer") from error
        finally:
            if self._spans is not None:
                self._spans.request_of("shard", began_ms)

    async def _wait_until_loaded(self, target: str) -> None:
        task = self._loading.get(target)
        if task is None:
            task = self._loading[target] = asyncio.create_task(self._load(target))
            task.add_done_callback(lambda _: self._loading.pop(target, None))
        try:
            await asyncio.wait_for(asyncio.shield(task), self._patience_s)
        except TimeoutError:
            raise EndpointRefused(429, "ModelNotReadyException", f"Model {target} is being loaded; try again") from None

    async def _load(self, target: str) -> None:
        archive = await asyncio.to_thread(self._store.archive, target)
        if archive is None:
            raise EndpointRefused(
                400, "ValidationError", f"Failed to download model data ({target}): there is no object at this key"
            )
        folder = self._disk / opaque_name(target)
        await asyncio.to_thread(unpack, archive, folder)
        for _ in range(MOST_UNLOADS):
            answer = await self._posted_load(target, folder)
            if answer.status_code in (200, 409):
                self._loaded[target] = None
                return
            if answer.status_code != 507 or not await self._unload_one():
                raise EndpointRefused(
                    424, "ModelError", f"The container could not load {target}: {answer.text[:512]}",
                    OriginalStatusCode=answer.status_code, OriginalMessage=answer.text[:512],
                )  # fmt: skip

    async def _posted_load(self, target: str, folder: Path) -> httpx.Response:
        try:
            return await self._http.post("/models", json={"model_name": opaque_name(target), "url": str(folder)})
        except httpx.TransportError as error:
            raise EndpointRefused(503, "ServiceUnavailable", "The container does not answer") from error

    async def _unload_one(self) -> bool:
        """Unload the least recently used model; False when none is loaded."""
        if not self._loaded:
            return False
        victim, _ = self._loaded.popitem(last=False)
        await self._http.delete(f"/models/{opaque_name(victim)}")
        return True


def passed_back(answer: httpx.Response, endpoint: str) -> Response:
    """A container's answer as InvokeEndpoint gives it. Raises EndpointRefused where it is an error."""
    if not answer.is_success:
        raise EndpointRefused(
            424,
            "ModelError",
            f'Received server error ({answer.status_code}) from primary with message "{answer.text[:512]}".',
            OriginalStatusCode=answer.status_code,
            OriginalMessage=answer.text[:512],
            LogStreamArn=f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/{endpoint}",
        )
    back = {name: value for name, value in answer.headers.items() if name.startswith("x-amzn-sagemaker-")}
    return Response(answer.content, headers=back, media_type=answer.headers.get("content-type"))


def opaque_name(target: str) -> str:
    """The container learns nothing from a model's name."""
    return hashlib.sha256(target.encode()).hexdigest()[:32]


def unpack(archive: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


class StreamingEndpoint(Endpoint, Protocol):
    """One that also answers InvokeEndpointWithResponseStream."""

    async def stream(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response: ...


class SageMakerRuntime:
    """``POST /endpoints/{name}/invocations`` and ``…/invocations-response-stream`` for unmodified SDK clients."""

    def __init__(self) -> None:
        self._endpoints: dict[str, Endpoint] = {}
        self._streaming: dict[str, StreamingEndpoint] = {}
        paths = {"invocations": self._invoke, "invocations-response-stream": self._stream}
        self.app = Starlette(
            routes=[Route(f"/endpoints/{{name}}/{path}", does, methods=["POST"]) for path, does in paths.items()]
        )

    def add_streaming(self, endpoint: StreamingEndpoint) -> None:
        self.add(endpoint)
        self._streaming[endpoint.name] = endpoint

    def add(self, endpoint: Endpoint) -> None:
        self._endpoints[endpoint.name] = endpoint

    def endpoint(self, name: str) -> Endpoint | None:
        return self._endpoints.get(name)

    def endpoints(self) -> list[Endpoint]:
        return list(self._endpoints.values())

    async def close(self) -> None:
        for endpoint in self._endpoints.values():
            await endpoint.close()

    async def _invoke(self, request: Request) -> Response:
        endpoint = self._endpoints.get(request.path_params["name"])
        return await _answered(request, endpoint.answer if endpoint else None)

    async def _stream(self, request: Request) -> Response:
        endpoint = self._streaming.get(request.path_params["name"])
        return await _answered(request, endpoint.stream if endpoint else None)


Answering = Callable[[Mapping[str, str], bytes, dict[str, str]], Awaitable[Response]]


async def _answered(request: Request, answer: Answering | None) -> Response:
    """``answer``: of the endpoint that the request names, None when there is none that could."""
    name, body = request.path_params["name"], await request.body()
    try:
        if answer is None:
            raise EndpointRefused(400, "ValidationError", f"Endpoint {name} of account 123456789012 not found.")
        if len(body) > LARGEST_BODY_BYTES:
            raise EndpointRefused(413, "ValidationError", f"Body is larger than {LARGEST_BODY_BYTES} bytes")
        headers = {key: value for key, value in request.headers.items() if key in _PASSED_ON}
        return await answer(dict(request.headers), body, headers)
    except EndpointRefused as refused:
        return JSONResponse(
            {"Message": str(refused), **refused.details}, refused.status, {"x-amzn-errortype": refused.code}
        )
