"""HubSpot's CRM API with contacts, calls, tickets and deals.

https://developers.hubspot.com/docs/api-reference/2026-03. Search lags behind what was written; what is asked by a
unique property does not. Properties that nobody has made are refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from local.crm.host import LocalCrm, answer, bearer, json_of
from local.document_hosts.host import Reply, Request

_OBJECT = re.compile(r"/crm/objects/2026-03/(\w+)(?:/(.+))?")
_ASSOCIATIONS = re.compile(r"/crm/v4/objects/calls/(\d+)/associations/(?:(default)/)?(\w+)(?:/(\d+))?")
CALL_PROPERTIES = frozenset({
    "sotto_id", "sotto_disposition", "hs_timestamp", "hs_call_title", "hs_call_body", "hs_call_direction",
    "hs_call_duration", "hs_call_status",
})  # fmt: skip


class LocalHubSpot:
    """``token``: of the private app. ``search_lag_ms``: what was written is found so long afterwards."""

    paths = ("/crm/",)
    reads = ("/search",)

    def __init__(self, host: LocalCrm, token: str = "pat-na1-local") -> None:
        self._host, self.token = host, token
        self.objects: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "calls": {}, "tickets": {}, "deals": {}}
        self.associations: dict[tuple[str, str], list[str]] = {}
        self.search_lag_ms = 30_000.0
        self._written: dict[str, float] = {}
        self._count = 100

    def add(self, kind: str, **properties: str) -> str:
        self._count += 1
        id = str(self._count)
        self.objects[kind][id] = {"hs_lastmodifieddate": self._stamp(), **properties}
        self._written[id] = self._host.clock.now_ms()
        return id

    def records_of(self, key: str) -> list[str]:
        """Ids of the records of the call with this key."""
        return [id for id, row in self.objects["calls"].items() if row.get("sotto_id") == key]

    def end_tokens(self) -> None:
        """A private app's token has no end."""

    def busy(self, after: str) -> Reply:
        body = {"status": "error", "message": "You have reached your secondly limit.", "errorType": "RATE_LIMIT"}
        return answer(body, 429, {"Retry-After": after} if after else {})

    def reply(self, request: Request) -> Reply:
        if bearer(request) != self.token:
            return _error(401, "INVALID_AUTHENTICATION")
        if match := _ASSOCIATIONS.fullmatch(request.path):
            return self._associated(request.method, match[1], match[3], match[4] or "", creates=match[2] is not None)
        match = _OBJECT.fullmatch(request.path)
        if match is None or match[1] not in self.objects:
            return _error(404, "OBJECT_NOT_FOUND")
        kind, rest = match[1], unquote(match[2] or "")
        if rest == "search":
            return self._search(kind, json_of(request))
        if rest == "batch/upsert" and kind == "calls":
            return self._upsert(json_of(request))
        if rest == "gdpr-delete":
            id = str(json_of(request).get("objectId"))
            return Reply(204) if self.objects[kind].pop(id, None) is not None else _error(404, "OBJECT_NOT_FOUND")
        return self._one(request, kind, rest)

    def _one(self, request: Request, kind: str, key: str) -> Reply:
        unique, rows = request.parameter("idProperty"), self.objects[kind]
        id = next((id for id, row in rows.items() if row.get(unique) == key), "") if unique else key
        if id not in rows:
            return Reply(204) if request.method == "DELETE" else _error(404, "OBJECT_NOT_FOUND")
        if request.method == "DELETE":
            del rows[id]
            return Reply(204)
        if request.method == "PATCH":
            rows[id] |= json_of(request)["properties"] | {"hs_lastmodifieddate": self._stamp()}
            self._written[id] = self._host.clock.now_ms()
        return answer({"id": id, "properties": dict(rows[id]), "archived": False})

    def _upsert(self, body: dict[str, Any]) -> Reply:
        results = []
        for each in body.get("inputs", ()):
            properties = each["properties"]
            unknown = sorted(properties.keys() - CALL_PROPERTIES)
            if unknown or each.get("idProperty") != "sotto_id" or not properties.get("hs_timestamp"):
                return _error(400, "VALIDATION_ERROR", f"Property {unknown or 'hs_timestamp'} does not exist")
            calls = self.objects["calls"]
            id = next((id for id, row in calls.items() if row.get("sotto_id") == each["id"]), None)
            is_new = id is None
            id = id if id is not None else self.add("calls")
            calls[id] |= {"sotto_id": each["id"], **properties}
            results.append({"id": id, "new": is_new, "properties": dict(calls[id])})
        return answer({"status": "COMPLETE", "results": results}, 201 if any(row["new"] for row in results) else 200)

    def _associated(self, method: str, call: str, kind: str, to: str, *, creates: bool) -> Reply:
        known = self.associations.setdefault((call, kind), [])
        if method == "GET":
            return answer({"results": [{"toObjectId": int(each), "associationTypes": []} for each in known]})
        if method == "DELETE":
            self.associations[call, kind] = [each for each in known if each != to]
            return Reply(204)
        if call not in self.objects["calls"] or to not in self.objects[kind] or not creates:
            return _error(400, "OBJECT_NOT_FOUND")
        self.associations[call, kind] = [*(each for each in known if each != to), to]
        return answer({"status": "COMPLETE", "results": []})

    def _search(self, kind: str, body: dict[str, Any]) -> Reply:
        now_ms = self._host.clock.now_ms()
        rows = [(id, row) for id, row in self.objects[kind].items() if now_ms - self._written[id] >= self.search_lag_ms]
        found = [(id, row) for id, row in rows if any(_fits(row, group["filters"]) for group in body["filterGroups"])]
        for each in body.get("sorts", ()):
            found.sort(key=lambda entry, by=each["propertyName"]: entry[1].get(by, ""))  # type: ignore[misc]
        shown = [{"id": id, "properties": dict(row)} for id, row in found[: body.get("limit", 10)]]
        return answer({"total": len(found), "results": shown})

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._host.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _fits(row: dict[str, Any], filters: list[dict[str, str]]) -> bool:
    return all(_holds(_value(row, each["propertyName"]), each) for each in filters)


def _value(row: dict[str, Any], name: str) -> str:
    """What HubSpot calculates of a number: its national digits."""
    source = {
        "hs_searchable_calculated_phone_number": "phone", "hs_searchable_calculated_mobile_number": "mobilephone",
    }.get(name)  # fmt: skip
    return re.sub(r"\D", "", str(row.get(source) or ""))[-10:] if source else str(row.get(name) or "")


def _holds(value: str, each: dict[str, str]) -> bool:
    match each["operator"]:
        case "HAS_PROPERTY":
            return bool(value)
        case "GTE":
            return bool(value) and datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000 >= int(
                each["value"]
            )
        case _:
            return value == each["value"]


def _error(status: int, category: str, message: str = "") -> Reply:
    return answer({"status": "error", "message": message or category, "category": category}, status)
