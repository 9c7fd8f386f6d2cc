"""SageMaker's inference components: one container with a base model, and adapters that SageMaker registers with it.

CreateInferenceComponent unpacks an adapter's archive on the instance and ``POST``s it to the container's ``/adapters``;
InvokeEndpoint with InferenceComponentName reaches ``/invocations`` with the adapter named in a header, or with none for
the base. What is not emulated: copies, placement on instances, rolling updates.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.sagemaker_runtime import (
    INVOCATION_TIMEOUT_S,
    EndpointRefused,
    ModelStore,
    SageMakerRuntime,
    opaque_name,
    passed_back,
    unpack,
)

OPERATIONS = ("CreateInferenceComponent", "DescribeInferenceComponent", "DeleteInferenceComponent")
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_ARN = "arn:aws:sagemaker:us-east-1:123456789012:"


@dataclass(slots=True)
class _Component:
    name: str
    specification: Mapping[str, Any]
    created_at: float = field(default_factory=time.time)
    status: str = "Creating"
    reason: str = ""

    @property
    def is_adapter(self) -> bool:
        return "BaseInferenceComponentName" in self.specification


class ComponentEndpoint:
    """One instance. ``store`` gives what lies in S3 by its whole address, ``s3://…``."""

    def __init__(self, name: str, container: str, store: ModelStore, disk: Path) -> None:
        self.name = name
        self.components: dict[str, _Component] = {}
        self._store = store
        self._disk = disk
        self._http = httpx.AsyncClient(base_url=container, timeout=INVOCATION_TIMEOUT_S, trust_env=False)
        self._creating: set[asyncio.Task[None]] = set()

    async def answer(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response:
        name = asked.get("x-amzn-sagemaker-inference-component")
        if not name:
            raise EndpointRefused(
                400,
                "ValidationError",
                "Inference Component Name header is required for endpoints to which you plan to deploy inference "
                "components.",
            )
        component = self.components.get(name)
        if component is None or component.status != "InService":
            raise EndpointRefused(
                400, "ValidationError", f"Inference Component {name} of account 123456789012 not found."
            )
        adapter = {"X-Amzn-SageMaker-Adapter-Identifier": name} if component.is_adapter else {}
        try:
            return passed_back(
                await self._http.post("/invocations", content=body, headers=headers | adapter), self.name
            )
        except httpx.TransportError as error:
            raise EndpointRefused(503, "ServiceUnavailable", "The container does not answer") from error

    def create(self, component: _Component) -> None:
        """Creating goes on after the answer, as it does on AWS."""
        self.components[component.name] = component
        task = asyncio.create_task(self._create(component))
        self._creating.add(task)
        task.add_done_callback(self._creating.discard)

    async def delete(self, component: _Component) -> None:
        del self.components[component.name]
        if component.is_adapter:
            await self._http.delete(f"/adapters/{component.name}")

    async def close(self) -> None:
        for task in self._creating:
            task.cancel()
        await asyncio.gather(*self._creating, return_exceptions=True)
        await self._http.aclose()

    async def _create(self, component: _Component) -> None:
        try:
            reason = await self._registered(component) if component.is_adapter else ""
        except httpx.TransportError:
            reason = "The container does not answer"
        component.status, component.reason = ("Failed", reason) if reason else ("InService", "")

    async def _registered(self, component: _Component) -> str:
        """Why it could not be; empty when it is."""
        url = str(component.specification.get("Container", {}).get("ArtifactUrl", ""))
        archive = await asyncio.to_thread(self._store.archive, url) if urlsplit(url).scheme == "s3" else None
        if archive is None:
            return f"Failed to download artifact {url}: there is no object at this key"
        folder = self._disk / opaque_name(component.name)
        await asyncio.to_thread(unpack, archive, folder)
        wanted = {"name": component.name, "src": str(folder), "preload": True, "pin": False}
        answer = await self._http.post("/adapters", json=wanted)
        return "" if answer.is_success else f"The container refused the adapter ({answer.status_code})"


class InferenceComponents:
    """The three operations of SageMaker's API that make, show and remove components."""

    def __init__(self, runtime: SageMakerRuntime) -> None:
        self._runtime = runtime
        self.app = Starlette(routes=[Route("/", self._serve, methods=["POST"])])

    async def _serve(self, request: Request) -> Response:
        operation = request.headers["x-amz-target"].removeprefix("SageMaker.")
        asked: dict[str, Any] = await request.json()
        try:
            if operation == "CreateInferenceComponent":
                return JSONResponse(self._create(asked))
            endpoint, component = self._found(asked["InferenceComponentName"])
            if operation == "DescribeInferenceComponent":
                return JSONResponse(_described(endpoint, component))
            await endpoint.delete(component)
            return JSONResponse({})
        except EndpointRefused as refused:
            return JSONResponse({"__type": refused.code, "message": str(refused)}, refused.status)

    def _create(self, asked: Mapping[str, Any]) -> dict[str, str]:
        component = _Component(asked["InferenceComponentName"], asked.get("Specification", {}))
        endpoint = self._runtime.endpoint(asked["EndpointName"])
        if not isinstance(endpoint, ComponentEndpoint):
            raise _invalid(f"Endpoint {asked['EndpointName']} takes no inference components")
        if not _NAME.fullmatch(component.name):
            raise _invalid("InferenceComponentName must be 1 to 63 letters, digits and single hyphens")
        if component.name in endpoint.components:
            raise _invalid(f"Cannot create already existing inference component {component.name}")
        if component.is_adapter:
            _check_adapter(endpoint, component, asked)
        elif "ComputeResourceRequirements" not in component.specification:
            raise _invalid("ComputeResourceRequirements is required for an inference component that is no adapter")
        endpoint.create(component)
        return {"InferenceComponentArn": f"{_ARN}inference-component/{component.name}"}

    def _found(self, name: str) -> tuple[ComponentEndpoint, _Component]:
        for endpoint in self._runtime.endpoints():
            if isinstance(endpoint, ComponentEndpoint) and name in endpoint.components:
                return endpoint, endpoint.components[name]
        raise _invalid(f"Could not find inference component {name}")


def _check_adapter(endpoint: ComponentEndpoint, component: _Component, asked: Mapping[str, Any]) -> None:
    base = endpoint.components.get(component.specification["BaseInferenceComponentName"])
    if base is None or base.is_adapter or base.status != "InService":
        raise _invalid("BaseInferenceComponentName names no base component that is in service on this endpoint")
    if "ComputeResourceRequirements" in component.specification or "RuntimeConfig" in asked:
        raise _invalid("An adapter has the resources and copies of its base component")


def _described(endpoint: ComponentEndpoint, component: _Component) -> dict[str, Any]:
    described = {
        "InferenceComponentName": component.name,
        "InferenceComponentArn": f"{_ARN}inference-component/{component.name}",
        "EndpointName": endpoint.name,
        "EndpointArn": f"{_ARN}endpoint/{endpoint.name}",
        "Specification": dict(component.specification),
        "CreationTime": component.created_at,
        "LastModifiedTime": component.created_at,
        "InferenceComponentStatus": component.status,
    }
    return described | ({"FailureReason": component.reason} if component.reason else {})


def _invalid(message: str) -> EndpointRefused:
    return EndpointRefused(400, "ValidationException", message)
