"""ServiceNow's Table API with tasks, persons and journal entries, and its own OAuth.

https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html. It
makes what it is asked to make, as often as it is asked: nothing is unique but sys_id."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from local.crm.host import LocalCrm, answer, bearer, json_of
from local.document_hosts.host import Reply, Request

CLIENT = "0123456789abcdef0123456789abcdef"
_PATH = re.compile(r"/api/now/table/(\w+)(?:/([0-9a-f]{32}))?")
_TERM = re.compile(r"(\w+?)(IN|=|>=|LIKE|STARTSWITH)(.*)")
EXTENDS_TASK = ("task", "incident")


class LocalServiceNow:
    """``secret``: of the OAuth application."""

    paths = ("/api/now/", "/oauth_token.do")
    reads = ("/oauth_token.do",)

    def __init__(self, host: LocalCrm, secret: str = "servicenow-secret") -> None:
        self._host, self.secret = host, secret
        self.tasks: dict[str, dict[str, Any]] = {}
        self.persons: dict[str, dict[str, Any]] = {}
        self.journal: dict[str, dict[str, Any]] = {}
        self._tokens: set[str] = set()
        self._count = 0

    def add_person(self, **fields: Any) -> str:
        id = self._id()
        self.persons[id] = {"sys_id": id, **fields}
        return id

    def add_task(self, **fields: Any) -> str:
        id = self._id()
        made = {"sys_id": id, "active": "true", "sys_created_on": f"{self._stamp()}#{self._count}"}
        self.tasks[id] = made | {"sys_updated_on": self._stamp()} | fields
        return id

    def set_active(self, task: str, active: str) -> None:
        self.tasks[task] |= {"active": active, "sys_updated_on": self._stamp()}

    def _id(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def records_of(self, key: str) -> list[str]:
        """Ids of the records of the call with this key."""
        return [id for id, row in self.tasks.items() if row.get("correlation_id") == key]

    def end_tokens(self) -> None:
        self._tokens.clear()

    def busy(self, after: str) -> Reply:
        return answer({"error": {"message": "Rate limit exceeded"}}, 429, {"Retry-After": after} if after else {})

    def reply(self, request: Request) -> Reply:
        if request.path == "/oauth_token.do":
            return self._token(request)
        if bearer(request) not in self._tokens:
            return answer({"error": {"message": "User Not Authenticated"}, "status": "failure"}, 401)
        match = _PATH.fullmatch(request.path)
        table = self._table(match[1]) if match else None
        if match is None or table is None:
            return answer({"error": {"message": "Invalid table"}, "status": "failure"}, 400)
        if match[2] is None:
            return self._listed(request, table) if request.method == "GET" else self._made(request)
        return self._one(request, table, match[2])

    def _table(self, name: str) -> dict[str, dict[str, Any]] | None:
        if name in EXTENDS_TASK:
            return self.tasks
        return {"sys_user": self.persons, "sys_journal_field": self.journal}.get(name)

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in request.form.items()}
        if form != {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": self.secret}:
            return answer({"error": "access_denied", "error_description": "access_denied"}, 401)
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return answer({"access_token": token, "scope": "useraccount", "token_type": "Bearer", "expires_in": 1799})

    def _listed(self, request: Request, table: dict[str, dict[str, Any]]) -> Reply:
        rows = list(table.values())
        for part in request.parameter("sysparm_query").split("^"):
            if part.startswith("ORDERBY"):
                by = part.removeprefix("ORDERBY")
                rows.sort(key=lambda row, by=by: str(row.get(by, "")))  # type: ignore[misc]
        rows = [row for row in rows if _fits(row, request.parameter("sysparm_query"))]
        fields = request.parameter("sysparm_fields").split(",")
        shown = [{name: str(row.get(name) or "") for name in fields} for row in rows]
        return answer({"result": shown[: int(request.parameter("sysparm_limit", "10000"))]})

    def _made(self, request: Request) -> Reply:
        id = self.add_task(**json_of(request))
        return answer({"result": {"sys_id": id, "number": f"INC{self._count:07d}"}}, 201)

    def _one(self, request: Request, table: dict[str, dict[str, Any]], id: str) -> Reply:
        if id not in table:
            return answer({"error": {"message": "No Record found"}, "status": "failure"}, 404)
        if request.method == "DELETE":
            del table[id]
            return Reply(204)
        if request.method == "PATCH":
            asked = json_of(request)
            if note := asked.pop("work_notes", ""):
                entry = self._id()
                self.journal[entry] = {"sys_id": entry, "element_id": id, "element": "work_notes", "value": note}
            table[id] |= asked | {"sys_updated_on": self._stamp()}
        return answer({"result": {name: str(value or "") for name, value in table[id].items()}})

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._host.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _fits(row: dict[str, Any], query: str) -> bool:
    """An encoded query: parts joined by and, ``OR`` before one joins it to the one before."""
    groups: list[list[str]] = []
    for part in query.split("^"):
        if part.startswith("ORDERBY"):
            continue
        if part.startswith("OR") and groups:
            groups[-1].append(part.removeprefix("OR"))
        else:
            groups.append([part])
    return all(any(_holds(row, each) for each in group) for group in groups)


def _holds(row: dict[str, Any], term: str) -> bool:
    match = _TERM.fullmatch(term)
    if match is None:
        return False
    value, wanted = str(row.get(match[1]) or ""), match[3]
    match match[2]:
        case "IN":
            return value in wanted.split(",")
        case ">=":
            return value >= wanted
        case "LIKE":
            return wanted in value
        case "STARTSWITH":
            return value.startswith(wanted)
        case _:
            return value == wanted
