"""Lambda's Invoke over HTTP, for the clients that handlers and Connect use."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid

from starlette.requests import Request
from starlette.responses import Response

from local.aws.lambda_limits import FunctionNotFound, PayloadRejected, PayloadTooLarge, TooManyRequests
from local.aws.lambda_runtime import LambdaRuntime
from local.aws.lambda_sandbox import Answer, ClientContext
from sotto.core.errors import SottoError

_STATUS: dict[type[SottoError], tuple[int, str]] = {
    FunctionNotFound: (404, "ResourceNotFoundException"),
    PayloadRejected: (400, "InvalidRequestContentException"),
    PayloadTooLarge: (413, "RequestTooLargeException"),
    TooManyRequests: (429, "TooManyRequestsException"),
}


class LambdaApi:
    """``POST /2015-03-31/functions/{name}/invocations``."""

    def __init__(self, runtime: LambdaRuntime) -> None:
        self._runtime = runtime

    async def invoke(self, request: Request) -> Response:
        name = _qualified(request.path_params["name"], request.query_params.get("Qualifier", ""))
        body = await request.body() or b"{}"
        try:
            return await self._invoke(request, name, body)
        except (FunctionNotFound, PayloadRejected, PayloadTooLarge, TooManyRequests) as error:
            return _refused(error)

    async def _invoke(self, request: Request, name: str, body: bytes) -> Response:
        kind = request.headers.get("x-amz-invocation-type", "RequestResponse")
        if kind == "Event":
            return _accepted(self._runtime.invoke_async(name, body))
        if kind == "DryRun":
            self._runtime.function(name)
            return Response(status_code=204)
        context = _client_context(request.headers.get("x-amz-client-context"))
        return _answered(await asyncio.wrap_future(self._runtime.start(name, body, context)))


def _qualified(name: str, qualifier: str) -> str:
    return f"{name}:{qualifier}" if qualifier else name


def _client_context(header: str | None) -> ClientContext | None:
    if not header:
        return None
    given = json.loads(base64.b64decode(header))
    return ClientContext(given.get("custom", {}), given.get("env", {}), given.get("client", {}))


def _accepted(request_id: str) -> Response:
    return Response(status_code=202, headers={"x-amzn-requestid": request_id})


def _answered(answer: Answer) -> Response:
    headers = {"x-amzn-requestid": answer.request_id, "x-amz-executed-version": "$LATEST"}
    if answer.error:
        headers["x-amz-function-error"] = answer.error
    return Response(answer.payload, headers=headers, media_type="application/json")


def _refused(error: SottoError) -> Response:
    status, code = _STATUS[type(error)]
    body = {"Type": "User", "Message": str(error)}
    if isinstance(error, TooManyRequests):
        body["Reason"] = error.reason
    headers = {"x-amzn-errortype": code, "x-amzn-requestid": str(uuid.uuid4())}
    return Response(json.dumps(body), status_code=status, headers=headers, media_type="application/json")
