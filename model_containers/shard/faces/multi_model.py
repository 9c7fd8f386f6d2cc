"""SageMaker's multi-model contract over HTTP.

https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
Model names are opaque here: SageMaker invents them. Who owns a model is on the card in its package.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from model_containers.shard.faces import waves
from model_containers.shard.faces.wire import json_body, time_left_ms
from model_containers.shard.protocol.errors import InvalidRequest
from model_containers.shard.supervisor.supervisor import LoadedModel, Supervisor

MODELS_A_PAGE = 100


class MultiModelFace:
    def __init__(self, supervisor: Supervisor, *, prefix: str) -> None:
        """``prefix``: as in InvocationFace. SageMaker loads the model that it addresses, and knows of no other."""
        self._supervisor = supervisor
        self._prefix = prefix.rstrip("/")

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
        return Response(status_code=200 if self._supervisor.ready else 503)

    async def load(self, request: Request) -> Response:
        body = await json_body(request)
        name, url = (body.get(key) if isinstance(body, dict) else None for key in ("model_name", "url"))
        if not (isinstance(name, str) and name and isinstance(url, str) and url):
            raise InvalidRequest('the body must be {"model_name": "…", "url": "…"}')
        return JSONResponse(_described(await self._supervisor.load(name, url)))

    async def models(self, request: Request) -> Response:
        start, size = _page(request)
        models = self._supervisor.models
        page: dict[str, Any] = {"models": [_described(model) for model in models[start : start + size]]}
        if start + size < len(models):
            page["nextPageToken"] = _token(start + size)
        return JSONResponse(page)

    async def model(self, request: Request) -> Response:
        return JSONResponse(_described(self._supervisor.model(request.path_params["name"])))

    async def unload(self, request: Request) -> Response:
        return JSONResponse(_described(await self._supervisor.unload(request.path_params["name"])))

    async def invoke(self, request: Request) -> Response:
        body, name, timeout_ms = await json_body(request), request.path_params["name"], time_left_ms(request)
        if (urls := waves.addresses(body, self._prefix)) is not None:
            return waves.answered(request, await self._supervisor.invoke(name, body, timeout_ms=timeout_ms, urls=urls))
        return JSONResponse(await self._supervisor.invoke(name, body, timeout_ms=timeout_ms))


def _page(request: Request) -> tuple[int, int]:
    token = request.query_params.get("next_page_token", "")
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0, MODELS_A_PAGE
    except (binascii.Error, ValueError):
        raise InvalidRequest("next_page_token is not one that this server gave") from None


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _described(model: LoadedModel) -> dict[str, str]:
    return {"modelName": model.name, "modelUrl": model.url}
