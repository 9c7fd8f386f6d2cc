"""SageMaker's multi-model contract over HTTP.

https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
Model names are opaque here: SageMaker invents them. Who owns a model is on the card in its package.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from model_containers.shard.conversation import Refused
from model_containers.shard.envelope import Envelope, LoadedModel, running
from model_containers.shard.invocations import InvocationFace
from model_containers.shard.wire import json_body, time_left_ms

MODELS_A_PAGE = 100


def app_of(envelope: Envelope, *, prefix: str = "") -> Starlette:
    """All faces; ``prefix``: where packages named in a custom attribute are fetched from."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(envelope):
            yield

    routes = [*MultiModelFace(envelope).routes(), *InvocationFace(envelope, prefix=prefix).routes()]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={Refused: _refused})


class MultiModelFace:
    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def routes(self) -> list[Route]:
        return [
            Route("/ping", self.ping, methods=["GET"]),
            Route("/models", self.load, methods=["POST"]),
            Route("/models", self.models, methods=["GET"]),
            Route("/models/{name}", self.model, methods=["GET"]),
            Route("/models/{name}", self.unload, methods=["DELETE"]),
            Route("/models/{name}/invoke", self.invoke, methods=["POST"]),
        ]

    async def ping(self, request: Request) -> Response:
        return Response(status_code=200 if self._envelope.ready else 503)

    async def load(self, request: Request) -> Response:
        body = await json_body(request)
        name, url = (body.get(key) if isinstance(body, dict) else None for key in ("model_name", "url"))
        if not (isinstance(name, str) and name and isinstance(url, str) and url):
            raise Refused(400, 'the body must be {"model_name": "…", "url": "…"}')
        return JSONResponse(_described(await self._envelope.load(name, url)))

    async def models(self, request: Request) -> Response:
        start, size = _page(request)
        models = self._envelope.models
        page: dict[str, Any] = {"models": [_described(model) for model in models[start : start + size]]}
        if start + size < len(models):
            page["nextPageToken"] = _token(start + size)
        return JSONResponse(page)

    async def model(self, request: Request) -> Response:
        return JSONResponse(_described(self._envelope.model(request.path_params["name"])))

    async def unload(self, request: Request) -> Response:
        return JSONResponse(_described(await self._envelope.unload(request.path_params["name"])))

    async def invoke(self, request: Request) -> Response:
        body = await json_body(request)
        output = await self._envelope.invoke(request.path_params["name"], body, timeout_ms=time_left_ms(request))
        return JSONResponse(output)


def _page(request: Request) -> tuple[int, int]:
    token = request.query_params.get("next_page_token", "")
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0, MODELS_A_PAGE
    except (binascii.Error, ValueError):
        raise Refused(400, "next_page_token is not one that this server gave") from None


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _described(model: LoadedModel) -> dict[str, str]:
    return {"modelName": model.name, "modelUrl": model.url}


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    headers = {"Retry-After": "1"} if error.status == 503 else None
    return JSONResponse({"error": str(error)}, status_code=error.status, headers=headers)
