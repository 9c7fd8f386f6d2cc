"""What SageMaker does before a single-model endpoint: requests go to the container as they are, answers come back whole
or as a response stream.

The container fetches what a custom attribute names; nothing here knows of models.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx
from starlette.responses import Response, StreamingResponse

from local.aws.sagemaker_runtime import INVOCATION_TIMEOUT_S, EndpointRefused, passed_back
from sotto.aws.event_stream import encoded

EVENT_STREAM = "application/vnd.amazon.eventstream"
_PART = {":event-type": "PayloadPart", ":content-type": "application/octet-stream", ":message-type": "event"}


class SingleEndpoint:
    """One instance behind an endpoint. ``container`` is the container's base URL."""

    def __init__(self, name: str, container: str) -> None:
        self.name = name
        self._http = httpx.AsyncClient(base_url=container, timeout=INVOCATION_TIMEOUT_S, trust_env=False)

    async def answer(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response:
        if asked.get("x-amzn-sagemaker-target-model"):
            raise EndpointRefused(400, "ValidationError", f"Endpoint {self.name} is not multi-model")
        answer = await self._asked(body, headers)
        await answer.aread()
        return passed_back(answer, self.name)

    async def stream(self, asked: Mapping[str, str], body: bytes, headers: dict[str, str]) -> Response:
        """An error of the container before its first byte is an error of the request; later ones cut the stream."""
        answer = await self._asked(body, headers)
        if not answer.is_success:
            await answer.aread()
            return passed_back(answer, self.name)
        return StreamingResponse(_parts(answer), media_type=EVENT_STREAM)

    async def close(self) -> None:
        await self._http.aclose()

    async def _asked(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        request = self._http.build_request("POST", "/invocations", content=body, headers=headers)
        try:
            return await self._http.send(request, stream=True)
        except httpx.TransportError as error:
            raise EndpointRefused(503, "ServiceUnavailable", "The container does not answer") from error


async def _parts(answer: httpx.Response) -> AsyncIterator[bytes]:
    """A part holds whatever bytes have come. When the caller leaves, the container sees it by the closed answer."""
    try:
        async for chunk in answer.aiter_raw():
            yield encoded(_PART, chunk)
    finally:
        await answer.aclose()
