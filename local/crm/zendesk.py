"""Zendesk's Ticketing API with tickets, their audits and users.

https://developer.zendesk.com/api-reference/ticketing/. An Idempotency-Key is remembered for two hours, with what it was
asked; external ids are not unique; closed tickets are locked; comments are public unless they say otherwise.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

from local.crm.host import LocalCrm, answer, json_of
from local.document_hosts.host import Reply, Request

AGENT = "sotto@harbour.example"
REMEMBERED_MS = 2 * 3_600_000
_TICKET = re.compile(r"/api/v2/tickets/(\w+)(/audits)?")
_DELETED = re.compile(r"/api/v2/deleted_(tickets|users)/(\d+)")
_USER = re.compile(r"/api/v2/users/(\d+)")


class LocalZendesk:
    """``token``: of the agent. ``audits_each``: of a page. ``search_lag_ms``: users are found so long after they
    came."""

    paths = ("/api/v2/",)
    reads: tuple[str, ...] = ("/search",)

    def __init__(self, host: LocalCrm, token: str = "zendesk-token") -> None:
        self._host, self.token = host, token
        self.users: dict[int, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}
        self.audits: dict[int, list[dict[str, Any]]] = {}
        self.deleted: dict[tuple[str, int], bool] = {}
        self.audits_each = 100
        self.search_lag_ms = 60_000.0
        self.merging = 0
        self._made_at: dict[int, float] = {}
        self._remembered: dict[str, tuple[float, bytes, int]] = {}
        self._count = 1_000

    def add_user(self, **fields: Any) -> str:
        self._count += 1
        self.users[self._count] = {"id": self._count, "role": "end-user", "user_fields": {}, **fields}
        self._made_at[self._count] = self._host.clock.now_ms()
        return str(self._count)

    def add_ticket(self, **fields: Any) -> str:
        self._count += 1
        made = {"id": self._count, "status": "open", "external_id": None, "updated_at": self._stamp(), **fields}
        self.tickets[self._count] = made
        self.audits[self._count] = []
        return str(self._count)

    def set_status(self, ticket: str, status: str, **more: Any) -> None:
        self.tickets[int(ticket)] |= {"status": status, "updated_at": self._stamp(), **more}

    def comments(self, ticket: str) -> list[dict[str, Any]]:
        return [audit["comment"] for audit in self.audits[int(ticket)] if audit.get("comment")]

    def records_of(self, key: str) -> list[str]:
        """Ids of the records of the call with this key."""
        return [str(id) for id, row in self.tickets.items() if row["external_id"] == key]

    def end_tokens(self) -> None:
        """An API token has no end."""

    def busy(self, after: str) -> Reply:
        return Reply(429, b"Number of allowed API requests per minute exceeded", {"Retry-After": after or "60"})

    def reply(self, request: Request) -> Reply:
        shown = base64.b64encode(f"{AGENT}/token:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {shown}":
            return answer({"error": "Couldn't authenticate you"}, 401)
        if request.path == "/api/v2/search":
            return self._search(request)
        if request.path == "/api/v2/tickets":
            return self._listed(request) if request.method == "GET" else self._created(request)
        if request.path == "/api/v2/incremental/tickets/cursor":
            return self._export(request)
        if match := _DELETED.fullmatch(request.path):
            gone = self.deleted.pop((match[1], int(match[2])), None) is not None
            return answer({"job_status": {"status": "queued"}}) if gone else _missing()
        if match := _USER.fullmatch(request.path):
            return self._user(request, int(match[1]))
        match = _TICKET.fullmatch(request.path)
        if match is None or not match[1].isdecimal():
            return _missing()
        return self._ticket(request, int(match[1]), audits=bool(match[2]))

    def _search(self, request: Request) -> Reply:
        query, now_ms = request.parameter("query"), self._host.clock.now_ms()
        phone, email = re.search(r"phone:\*(\d+)", query), re.search(r"email:(\S+)", query)
        rows = [row for id, row in self.users.items() if now_ms - self._made_at[id] >= self.search_lag_ms]
        found = [
            row
            for row in rows
            if (phone and re.sub(r"\D", "", str(row.get("phone") or "")).endswith(phone[1]))
            or (email and str(row.get("email") or "").lower() == email[1].lower())
        ]
        each = int(request.parameter("per_page", "100"))
        return answer({"results": found[:each], "count": len(found), "next_page": None})

    def _listed(self, request: Request) -> Reply:
        wanted = request.parameter("external_id")
        return answer({"tickets": [row for row in self.tickets.values() if row["external_id"] == wanted]})

    def _created(self, request: Request) -> Reply:
        key, now_ms = request.headers.get("idempotency-key", ""), self._host.clock.now_ms()
        known = self._remembered.get(key) if key else None
        if known is not None and now_ms - known[0] < REMEMBERED_MS:
            if known[1] != request.body:
                return answer({"error": "IdempotentRequestError", "description": "different parameters"}, 400)
            return answer({"ticket": {"id": known[2]}}, 201, {"x-idempotency-lookup": "hit"})
        asked = json_of(request).get("ticket") or {}
        if not (asked.get("comment") or {}).get("body"):
            return answer({"error": "RecordInvalid", "description": "Description: cannot be blank"}, 422)
        source = asked.get("via_followup_source_id")
        if source is not None and self.tickets.get(source, {}).get("status") != "closed":
            return answer({"error": "RecordInvalid", "description": "source is not closed"}, 422)
        id = int(self.add_ticket())
        self._change(id, asked)
        if key:
            self._remembered[key] = (now_ms, request.body, id)
        return answer({"ticket": dict(self.tickets[id])}, 201, {"x-idempotency-lookup": "miss"})

    def _ticket(self, request: Request, id: int, *, audits: bool) -> Reply:
        row = self.tickets.get(id)
        if row is None:
            return _missing()
        if audits:
            return self._audited(request, id)
        if request.method == "DELETE":
            self.deleted["tickets", id] = True
            del self.tickets[id]
            return Reply(204)
        if request.method == "PUT":
            if self.merging:
                self.merging -= 1
                return answer({"error": "Conflict", "description": "the ticket is being merged"}, 409)
            if row["status"] == "closed":
                return answer({"error": "RecordInvalid", "description": "Status: closed prevents ticket update"}, 422)
            self._change(id, json_of(request).get("ticket") or {})
        return answer({"ticket": dict(self.tickets[id])})

    def _change(self, id: int, asked: dict[str, Any]) -> None:
        comment, metadata = asked.get("comment"), asked.get("metadata") or {}
        fields = {name: value for name, value in asked.items() if name not in ("comment", "metadata")}
        self.tickets[id] |= fields | {"updated_at": self._stamp()}
        shown = {**comment, "public": comment.get("public", True)} if comment else None
        self.audits[id].append({"id": len(self.audits[id]), "metadata": {"custom": metadata}, "comment": shown})

    def _audited(self, request: Request, id: int) -> Reply:
        begin = int(request.parameter("page[after]", "0"))
        size = min(int(request.parameter("page[size]", "100")), self.audits_each)
        rows = self.audits[id][begin : begin + size]
        has_more = begin + size < len(self.audits[id])
        return answer({"audits": rows, "meta": {"has_more": has_more, "after_cursor": str(begin + size)}})

    def _user(self, request: Request, id: int) -> Reply:
        if id not in self.users:
            return _missing()
        if request.method == "DELETE":
            self.deleted["users", id] = True
            return answer({"user": self.users.pop(id)})
        return answer({"user": self.users[id]})

    def _export(self, request: Request) -> Reply:
        cursor = request.parameter("cursor")
        since = json.loads(base64.b64decode(cursor)) if cursor else int(request.parameter("start_time")) * 1000
        rows = sorted(self.tickets.values(), key=lambda row: row["updated_at"])
        changed = [row for row in rows if _ms(row["updated_at"]) >= since]
        last = max((_ms(row["updated_at"]) for row in changed), default=since)
        after = base64.b64encode(json.dumps(last).encode()).decode()
        return answer({"tickets": changed, "after_cursor": after, "end_of_stream": True})

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._host.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ms(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp() * 1000)


def _missing() -> Reply:
    return answer({"error": "RecordNotFound", "description": "Not found"}, 404)
