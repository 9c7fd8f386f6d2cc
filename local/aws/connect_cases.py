"""Amazon Connect Cases, as far as calls are filed in it, for unmodified SDK clients.

https://docs.aws.amazon.com/cases/latest/APIReference/. CreateCase with a token that it remembers brings back the case
that it made; CreateRelatedItem makes another item each time; searches lag behind; a case that is being merged takes
nothing."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sotto.core.clock import Clock, SystemClock

DOMAIN, TEMPLATE = "5f2c7a1e-0000-4000-8000-00000000d0a1", "5f2c7a1e-0000-4000-8000-0000000e91a7"
TOKEN_KEPT_MS = 8 * 3_600_000
"""How long a token is remembered is not documented: see docs/unverified.md."""
PAGE = 25
Answering = Callable[[Request], Awaitable[Response]]


class ConnectCasesApi:
    """``cases`` by id: fields, tags, items. ``throttled``: so many of the next requests; ``merging``: ids of cases.
    ``search_lag_ms``: cases are found so long after they were made."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.throttled = 0
        self.is_down = False
        self.forbidden = False
        self.merging: set[str] = set()
        self.search_lag_ms = 5_000.0
        self.lost_answers = 0
        self.asked = 0
        self._clock = clock or SystemClock()
        self._tokens: dict[str, tuple[float, str]] = {}
        case, item = "/domains/{domain}/cases/{case}", "/domains/{domain}/cases/{case}/related-items/{item}"
        routes: tuple[tuple[str, str, Answering], ...] = (
            ("/domains/{domain}/cases", "POST", self._create),
            (case, "PUT", self._update),
            (case, "DELETE", self._delete),
            (f"{case}/related-items/", "POST", self._relate),
            (f"{case}/related-items-search", "POST", self._items),
            (item, "PUT", self._update_item),
            (item, "DELETE", self._delete_item),
            ("/domains/{domain}/cases-search", "POST", self._search),
        )
        self.routes = [Route(path, self._judged(ask), methods=[method]) for path, method, ask in routes]

    def add(self, **fields: str) -> str:
        """A case of somebody else's."""
        return self._made(fields, {})

    def set(self, case: str, **fields: str) -> None:
        self.cases[case]["fields"] |= fields | {"last_updated_datetime": self._stamp()}

    def comments(self, case: str) -> list[str]:
        items = self.cases[case]["items"].values()
        return [each["content"]["comment"]["body"] for each in items if each["type"] == "Comment"]

    def _judged(self, ask: Answering) -> Answering:
        async def judged(request: Request) -> Response:
            self.asked += 1
            if self.is_down:
                return Response("<html>", 503, media_type="text/html")
            if self.forbidden:
                return _error(403, "AccessDeniedException", "User is not authorized")
            if self.throttled:
                self.throttled -= 1
                return _error(429, "ThrottlingException", "Rate exceeded")
            if request.path_params["domain"] != DOMAIN:
                return _error(404, "ResourceNotFoundException", "no such domain")
            case = request.path_params.get("case")
            if case is not None and case not in self.cases:
                return _error(404, "ResourceNotFoundException", "no such case")
            if case in self.merging and request.method != "GET":
                return _error(409, "ConflictException", "the case is being merged")
            answered = await ask(request)
            if self.lost_answers and not request.url.path.endswith("-search"):
                self.lost_answers -= 1
                return Response("", 504, media_type="text/plain")
            return answered

        return judged

    async def _create(self, request: Request) -> Response:
        body = json.loads(await request.body())
        if body.get("templateId") != TEMPLATE:
            return _error(404, "ResourceNotFoundException", "no such template")
        fields, token = _values(body), body.get("clientToken", "")
        if not fields.get("title"):
            return _error(400, "ValidationException", "title is required")
        known = self._tokens.get(token) if token else None
        if known is not None and self._clock.now_ms() - known[0] < TOKEN_KEPT_MS:
            case = known[1]
        else:
            case = self._made(fields, body.get("tags") or {})
            self._tokens[token] = (self._clock.now_ms(), case)
        return JSONResponse({"caseId": case, "caseArn": f"arn:aws:cases:us-east-1:1:domain/{DOMAIN}/case/{case}"})

    def _made(self, fields: dict[str, str], tags: dict[str, str]) -> str:
        case = str(uuid.uuid4())
        has = {"status": "open", "last_updated_datetime": self._stamp(), **fields}
        self.cases[case] = {"fields": has, "tags": tags, "items": {}, "made_at_ms": self._clock.now_ms()}
        return case

    async def _update(self, request: Request) -> Response:
        self.set(request.path_params["case"], **_values(json.loads(await request.body())))
        return JSONResponse({})

    async def _delete(self, request: Request) -> Response:
        del self.cases[request.path_params["case"]]
        return JSONResponse({})

    async def _relate(self, request: Request) -> Response:
        body, item = json.loads(await request.body()), str(uuid.uuid4())
        if len(str(body["content"].get("comment", {}).get("body", ""))) > 15_000:
            return _error(400, "ValidationException", "comment is too long")
        self.cases[request.path_params["case"]]["items"][item] = {
            "relatedItemId": item, "type": body["type"], "content": body["content"],
        }  # fmt: skip
        return JSONResponse({"relatedItemId": item, "relatedItemArn": f"arn:aws:cases:us-east-1:1:item/{item}"})

    async def _update_item(self, request: Request) -> Response:
        items, item = self.cases[request.path_params["case"]]["items"], request.path_params["item"]
        if item not in items:
            return _error(404, "ResourceNotFoundException", "no such item")
        items[item]["content"] = json.loads(await request.body())["content"]
        return JSONResponse({})

    async def _delete_item(self, request: Request) -> Response:
        items, item = self.cases[request.path_params["case"]]["items"], request.path_params["item"]
        if items.pop(item, None) is None:
            return _error(404, "ResourceNotFoundException", "no such item")
        return JSONResponse({})

    async def _items(self, request: Request) -> Response:
        body = json.loads(await request.body() or b"{}")
        begin = int(body.get("nextToken", "0"))
        rows = list(self.cases[request.path_params["case"]]["items"].values())
        more = {"nextToken": str(begin + PAGE)} if begin + PAGE < len(rows) else {}
        shown = [_shown(each) for each in rows[begin : begin + PAGE]]
        return JSONResponse({"relatedItems": shown, **more})

    async def _search(self, request: Request) -> Response:
        body = json.loads(await request.body())
        wanted, now_ms = body.get("filter") or {}, self._clock.now_ms()
        rows = [(id, each) for id, each in self.cases.items() if now_ms - each["made_at_ms"] >= self.search_lag_ms]
        if tag := wanted.get("tag", {}).get("equalTo"):
            rows = [(id, each) for id, each in rows if each["tags"].get(tag["key"]) == tag["value"]]
        if since := wanted.get("field", {}).get("greaterThanOrEqualTo"):
            value = since["value"]["stringValue"]
            rows = [(id, each) for id, each in rows if each["fields"][since["id"]] >= value]
            rows.sort(key=lambda row: row[1]["fields"]["last_updated_datetime"])
        names = [each["id"] for each in body.get("fields") or ()]
        cases = [
            {
                "caseId": id,
                "templateId": TEMPLATE,
                "fields": [{"id": name, "value": {"stringValue": each["fields"].get(name, "")}} for name in names],
                "tags": each["tags"],
            }
            for id, each in rows[: body.get("maxResults", 10)]
        ]
        return JSONResponse({"cases": cases})

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _values(body: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: str(each["value"].get("stringValue", "")) for each in body.get("fields") or ()}


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    content = item["content"]
    if "contact" in content:
        since = {"channel": "VOICE", "connectedToSystemTime": "2026-01-01T00:00:00Z"}
        content = {"contact": content["contact"] | since}
    return {**item, "content": content, "associationTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(0))}


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"message": message}, status_code=status, headers={"x-amzn-errortype": kind})
