"""Amazon S3 Vectors, for unmodified SDK clients: moto has its control plane, and neither queries nor full text.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_S3_Vectors.html
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.s3_vectors.vector_index import Refused, VectorIndex, invalid
from local.aws.tenant_isolation import Refusal
from local.aws.tenant_isolation import Request as AskedRequest

MOST_INDEXES = 10_000
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
OPERATIONS = (
    "CreateVectorBucket", "CreateIndex", "DeleteIndex", "PutVectors", "GetVectors", "DeleteVectors", "QueryVectors",
)  # fmt: skip


class S3VectorsApi:
    """``buckets``: name -> index's name -> index. ``refusal``: what is answered instead, where the caller has no right
    to ask. ``throttled``: so many of the next requests are refused as too many."""

    def __init__(self, refusal: Callable[[AskedRequest], Refusal | None] = lambda request: None) -> None:
        self.buckets: dict[str, dict[str, VectorIndex]] = {}
        self.throttled = 0
        self.refusal = refusal
        self._lock = threading.Lock()
        self.paths = tuple(f"/{operation}" for operation in OPERATIONS)
        self.app = Starlette(routes=[Route(path, self._serve, methods=["POST"]) for path in self.paths])

    async def _serve(self, request: Request) -> Response:
        body = await request.body()
        asked = AskedRequest(request.method, request.url.path, request.url.query, dict(request.headers), body)
        if (refused := self.refusal(asked)) is not None:
            headers = {name.decode(): value.decode() for name, value in refused.headers}
            return Response(refused.body, refused.status, headers)
        return await run_in_threadpool(self._answered, request.url.path.lstrip("/"), json.loads(body or b"{}"))

    def _answered(self, operation: str, body: Mapping[str, Any]) -> Response:
        with self._lock:
            try:
                if self.throttled:
                    self.throttled -= 1
                    raise Refused(429, "TooManyRequestsException", "Please reduce your request rate.")
                return JSONResponse(self._done(operation, body))
            except Refused as refused:
                headers = {"x-amzn-errortype": refused.kind}
                return JSONResponse({"message": str(refused)}, status_code=refused.status, headers=headers)

    def _done(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        match operation:
            case "CreateVectorBucket":
                return self._make_bucket(str(body.get("vectorBucketName", "")))
            case "CreateIndex":
                return self._make_index(body)
            case "DeleteIndex":
                self._bucket(body).pop(str(body.get("indexName", "")), None)
                return {}
        index = self._index(body)
        match operation:
            case "PutVectors":
                index.put(body.get("vectors"))
            case "DeleteVectors":
                index.delete(body.get("keys"))
            case "GetVectors":
                data, metadata = bool(body.get("returnData")), bool(body.get("returnMetadata"))
                return {"vectors": index.get(body.get("keys"), data=data, metadata=metadata)}
            case "QueryVectors":
                return index.query(body)
        return {}

    def _make_bucket(self, name: str) -> dict[str, Any]:
        _check_name(name)
        if name in self.buckets:
            raise Refused(409, "ConflictException", "A vector bucket with the specified name already exists")
        self.buckets[name] = {}
        return {"vectorBucketArn": f"arn:aws:s3vectors:us-east-1:123456789012:bucket/{name}"}

    def _make_index(self, body: Mapping[str, Any]) -> dict[str, Any]:
        indexes, name = self._bucket(body), str(body.get("indexName", ""))
        _check_name(name)
        if name in indexes:
            raise Refused(409, "ConflictException", "An index with the specified name already exists")
        if len(indexes) >= MOST_INDEXES:
            raise Refused(402, "ServiceQuotaExceededException", "Your request exceeds a service quota.")
        if body.get("dataType") != "float32" or body.get("distanceMetric") not in ("cosine", "euclidean"):
            raise invalid("dataType or distanceMetric is not valid")
        dimension = body.get("dimension")
        if not isinstance(dimension, int) or not 1 <= dimension <= 4096:
            raise invalid("dimension: must be between 1 and 4096")
        metadata = body.get("metadataConfiguration") or {}
        not_filterable = metadata.get("nonFilterableMetadataKeys") or []
        searchable = [each["metadataKey"] for each in metadata.get("textSearchConfigurations") or []]
        if len(not_filterable) > 10 or len(searchable) > 10:
            raise invalid("metadataConfiguration: at most 10 keys of each kind")
        indexes[name] = VectorIndex(dimension, body["distanceMetric"], frozenset(not_filterable), frozenset(searchable))
        return {"indexArn": f"arn:aws:s3vectors:us-east-1:123456789012:bucket/{body['vectorBucketName']}/index/{name}"}

    def _bucket(self, body: Mapping[str, Any]) -> dict[str, VectorIndex]:
        found = self.buckets.get(str(body.get("vectorBucketName", "")))
        if found is None:
            raise Refused(404, "NotFoundException", "The specified vector bucket could not be found")
        return found

    def _index(self, body: Mapping[str, Any]) -> VectorIndex:
        found = self._bucket(body).get(str(body.get("indexName", "")))
        if found is None:
            raise Refused(404, "NotFoundException", "The specified index could not be found")
        return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise invalid("name: 3 to 63 of a-z, 0-9, '.' and '-'")
