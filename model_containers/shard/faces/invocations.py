"""The other two faces: plain ``/invocations``, and ``/adapters`` for adapter inference components.

An adapter is named in one of two ways. ``X-Amzn-SageMaker-Custom-Attributes: adapter=tenant/model/version`` names a
package beneath the shard's prefix; the container fetches it itself, and it leaves when others need its room: this is
what scales to thousands. ``X-Amzn-SageMaker-Adapter-Identifier`` names one that SageMaker registered through
``/adapters``.
Wire shapes: https://github.com/aws/model-hosting-container-standards
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from model_containers.shard.faces import waves
from model_containers.shard.faces.statuses import status_of
from model_containers.shard.faces.wire import attributes_of, json_body, time_left_ms
from model_containers.shard.protocol.errors import InvalidRequest, ShardError
from model_containers.shard.supervisor.supervisor import Supervisor

_IDENTIFIER, _ALIAS = "x-amzn-sagemaker-adapter-identifier", "x-amzn-sagemaker-adapter-alias"


class AdapterToRegister(BaseModel):
    name: str = Field(min_length=1)
    src: str = Field(min_length=1)
    preload: bool = True
    pin: bool = False


class InvocationFace:
    def __init__(self, supervisor: Supervisor, *, prefix: str) -> None:
        """``prefix``: where packages lie, ``s3://bucket/models`` or a folder; empty: none are fetched."""
        self._supervisor = supervisor
        self._prefix = prefix.rstrip("/")

    def routes(self) -> list[Route]:
        return [
            Route("/invocations", self.invoke, methods=["POST"]),
            Route("/adapters", self.register, methods=["POST"]),
            Route("/adapters/{name:path}", self.unregister, methods=["DELETE"]),
            Route("/residency", self.residency, methods=["GET"]),
        ]

    async def invoke(self, request: Request) -> Response:
        body = await json_body(request)
        name, url = self._adapter(request)
        timeout_ms = time_left_ms(request)
        if (urls := waves.addresses(body, self._prefix)) is not None:
            found = await self._supervisor.invoke(name, body, timeout_ms=timeout_ms, url=url, urls=urls)
            return waves.answered(request, found)
        if not (isinstance(body, dict) and body.get("stream") is True):
            return JSONResponse(await self._supervisor.invoke(name, body, timeout_ms=timeout_ms, url=url))
        parts = self._supervisor.stream(name, body, timeout_ms=timeout_ms, url=url)
        first = await anext(parts)  # until here a refusal is still a status
        return StreamingResponse(_events(first, parts), media_type="text/event-stream")

    async def register(self, request: Request) -> Response:
        try:
            wanted = AdapterToRegister.model_validate(await json_body(request))
        except ValidationError as error:
            raise InvalidRequest(
                "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            ) from None
        known = {model.name: model.url for model in self._supervisor.models}
        if known.get(wanted.name) != wanted.src:  # SageMaker repeats what it is not sure of
            await self._supervisor.load(wanted.name, wanted.src, pinned=wanted.pin, preload=wanted.preload)
        return PlainTextResponse(f"Adapter {_shown(request, wanted.name)} registered")

    async def unregister(self, request: Request) -> Response:
        name = request.path_params["name"]
        await self._supervisor.unload(name)
        return PlainTextResponse(f"Adapter {_shown(request, name)} unregistered")

    async def residency(self, request: Request) -> Response:
        return JSONResponse({"restarts": self._supervisor.restarts, **await self._supervisor.status()})

    def _adapter(self, request: Request) -> tuple[str, str | None]:
        """The name, and the address if it is to be fetched. Both empty: the base alone."""
        target = attributes_of(request).get("adapter")
        if target is None:
            return request.headers.get(_IDENTIFIER, ""), None
        if not waves.PACKAGE.match(target.removesuffix(".tar.gz")):
            raise InvalidRequest("adapter in the custom attributes must read tenant/model/version")
        if not self._prefix:
            raise InvalidRequest("this shard has no prefix to fetch adapters from: set SOTTO_ADAPTERS")
        return target, waves.address(self._prefix, target)


def _shown(request: Request, name: str) -> str:
    return request.headers.get(_ALIAS, name)


async def _events(first: dict[str, Any], parts: AsyncGenerator[dict[str, Any], None]) -> AsyncIterator[str]:
    """Server-sent events. When the client leaves, closing ``parts`` stops the generation."""
    yield _event(first)
    async with aclosing(parts):
        try:
            async for part in parts:
                yield _event(part)
        except ShardError as error:
            yield _event({"error": str(error), "status": status_of(error)})


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content, separators=(',', ':'))}\n\n"
