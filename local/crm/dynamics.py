"""Dataverse's Web API with contacts, phone calls and incidents, and the directory that gives tokens for it.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/. An upsert by an alternate key is atomic, and
two at once may collide; without If-Match an update of what is not there makes it."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from local.crm.host import LocalCrm, answer, bearer, json_of
from local.document_hosts.host import Reply, Request

DIRECTORY, CLIENT = "harbour.example", "8d1c1f0a-0000-4000-8000-000000000001"
_ONE = re.compile(r"/api/data/v9\.2/(\w+)\((.+)\)")
_ID = {"contacts": "contactid", "incidents": "incidentid", "opportunities": "opportunityid", "phonecalls": "activityid"}
PHONECALL_COLUMNS = frozenset({
    "subject", "description", "directioncode", "actualstart", "actualdurationminutes", "sotto_disposition",
    "statecode", "statuscode",
})  # fmt: skip


class LocalDynamics:
    """``secret``: of the application; ``scope``: for which tokens are given. ``colliding``: so many of the next upserts
    meet another one."""

    paths = ("/api/data/", f"/{DIRECTORY}/oauth2/")
    reads = ("/token",)

    def __init__(self, host: LocalCrm, secret: str = "dynamics-secret") -> None:
        self._host, self.secret = host, secret
        self.scope = ""
        self.tables: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _ID}
        self.colliding = 0
        self._tokens: set[str] = set()

    def add(self, table: str, **columns: Any) -> str:
        id = str(uuid.uuid4())
        known = {_ID[table]: id, "statecode": 0, "modifiedon": self._stamp(), "sotto_id": None}
        self.tables[table][id] = known | columns
        return id

    def records_of(self, key: str) -> list[str]:
        """Ids of the records of the call with this key."""
        return [id for id, row in self.tables["phonecalls"].items() if row["sotto_id"] == key]

    def end_tokens(self) -> None:
        self._tokens.clear()

    def busy(self, after: str) -> Reply:
        message = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
        return answer({"error": {"code": "0x80072322", "message": message}}, 429, {"Retry-After": after or "300"})

    def reply(self, request: Request) -> Reply:
        if request.path.endswith("/oauth2/v2.0/token"):
            return self._token(request)
        if bearer(request) not in self._tokens:
            return _error(401, "0x80048306", "invalid token")
        if match := _ONE.fullmatch(request.path):
            return self._one(request, match[1], unquote(match[2]))
        table = request.path.removeprefix("/api/data/v9.2/")
        return self._filtered(request, table) if table in self.tables else _error(404, "0x80060888", "no such table")

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in request.form.items()}
        wanted = {
            "grant_type": "client_credentials", "client_id": CLIENT, "client_secret": self.secret,
            "scope": f"{self.scope}/.default",
        }  # fmt: skip
        if form != wanted:
            return answer({"error": "invalid_client", "error_description": "AADSTS7000215"}, 401)
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return answer({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _filtered(self, request: Request, table: str) -> Reply:
        wanted, rows = request.parameter("$filter"), list(self.tables[table].values())
        same = re.findall(r"(\w+) eq '((?:[^']|'')*)'", wanted)
        since = re.search(r"modifiedon ge (\S+)", wanted)
        if since is not None:
            rows = [row for row in rows if row.get("sotto_id") and row["modifiedon"] >= since[1]]
        else:
            rows = [row for row in rows if any(row.get(name) == value.replace("''", "'") for name, value in same)]
        rows.sort(key=lambda row: row["modifiedon"])
        return answer({"value": rows[: int(request.parameter("$top", "5000"))]})

    def _one(self, request: Request, table: str, key: str) -> Reply:
        rows = self.tables.get(table)
        if rows is None:
            return _error(404, "0x80060888", "no such table")
        column, _, value = key.partition("=")
        by_key = value.strip("'").replace("''", "'") if value else ""
        if by_key and (table, column) != ("phonecalls", "sotto_id"):
            return _error(400, "0x80060888", "no such alternate key")
        id = next((id for id, row in rows.items() if row.get("sotto_id") == by_key), "") if by_key else key
        if request.method == "PATCH":
            return self._upsert(request, table, id, by_key)
        if id not in rows:
            return _error(404, "0x80040217", "ObjectDoesNotExist")
        if request.method == "DELETE":
            del rows[id]
            return Reply(204)
        return answer(rows[id])

    def _upsert(self, request: Request, table: str, id: str, by_key: str) -> Reply:
        rows, asked = self.tables[table], json_of(request)
        if self.colliding and by_key:
            self.colliding -= 1
            return _error(412, "0x80060892", "A record with matching key values already exists.")
        if id not in rows and (request.headers.get("if-match") == "*" or not by_key):
            return _error(404, "0x80040217", "ObjectDoesNotExist")
        columns: dict[str, Any] = {}
        for name, value in asked.items():
            if name.endswith("@odata.bind"):
                kind, _, bound = str(value).strip("/").rstrip(")").partition("(")
                if bound not in self.tables[kind]:
                    return _error(404, "0x80040217", "ObjectDoesNotExist")
                columns["regarding"] = bound
            elif name.startswith("regardingobjectid"):
                columns["regarding"] = value
            elif table == "phonecalls" and name not in PHONECALL_COLUMNS:
                return _error(400, "0x80048d19", f"Invalid property '{name}'")
            else:
                columns[name] = value
        is_new = id not in rows
        id = self.add(table, sotto_id=by_key) if is_new else id
        rows[id] |= columns | {"modifiedon": self._stamp()}
        if "return=representation" not in request.headers.get("prefer", ""):
            return Reply(204)
        return answer(rows[id], 201 if is_new else 200)

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._host.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(status: int, code: str, message: str) -> Reply:
    return answer({"error": {"code": code, "message": message}}, status)
