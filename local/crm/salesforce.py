"""Salesforce's REST API with tasks, contacts and cases.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/. Errors are a list; who has asked too often
today gets 403; a token says nothing of its end, and ends."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import jwt

from local.crm.host import LocalCrm, answer, bearer, json_of
from local.document_hosts.host import Reply, Request

CLIENT, USER = "3MVG9local0000000000", "sotto@harbour.example"
_SOBJECT = re.compile(r"/services/data/v(\d+\.\d)/sobjects/(\w+)/(.+)")
_PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")
TASK_FIELDS = frozenset({
    "Subject", "Description", "Status", "TaskSubtype", "CallType", "CallDisposition", "CallDurationInSeconds",
    "CallObject", "ActivityDate", "WhoId", "WhatId",
})  # fmt: skip


class LocalSalesforce:
    """``public_key``: of the app. ``cases``, ``opportunities``, ``contacts``, ``tasks``: records by id.
    ``search_lag_ms``: contacts are found so long after they were made."""

    paths = ("/services/",)
    reads = ("/oauth2/token",)

    def __init__(self, host: LocalCrm, public_key: bytes) -> None:
        self._host, self.public_key = host, public_key
        self.login = "https://login.salesforce.com"
        self.contacts: dict[str, dict[str, Any]] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.cases: dict[str, dict[str, Any]] = {}
        self.opportunities: dict[str, dict[str, Any]] = {}
        self.search_lag_ms = 0.0
        self.locked = 0
        self._made_at: dict[str, float] = {}
        self._tokens: set[str] = set()
        self._count = 0

    def records_of(self, key: str) -> list[str]:
        """Ids of the records of the call with this key."""
        return [id for id, row in self.tasks.items() if row["Sotto_Id__c"] == key]

    def add_contact(self, **fields: Any) -> str:
        id = self._id("003")
        self.contacts[id] = {"Id": id, "Account": None, **fields}
        self._made_at[id] = self._host.clock.now_ms()
        return id

    def add_case(self, **fields: Any) -> str:
        id = self._id("500")
        self.cases[id] = {"Id": id, "IsClosed": False, "Status": "New", "SystemModstamp": self._stamp(), **fields}
        return id

    def _id(self, begins: str) -> str:
        self._count += 1
        return f"{begins}{self._count:012d}AAA"

    def end_tokens(self) -> None:
        self._tokens.clear()

    def busy(self, after: str) -> Reply:
        return _errors(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    def reply(self, request: Request) -> Reply:
        if request.path == "/services/oauth2/token":
            return self._token(request)
        if bearer(request) not in self._tokens:
            return _errors(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if request.path.endswith("/parameterizedSearch/"):
            return self._search(request)
        if request.path.endswith("/query"):
            return self._query(request)
        match = _SOBJECT.fullmatch(request.path)
        if match is None:
            return _errors(404, "NOT_FOUND", "The requested resource does not exist")
        kind, rest = match[2], [unquote(part) for part in match[3].split("/")]
        return self._record(request, kind, rest)

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in request.form.items()}
        try:
            claims = jwt.decode(
                form.get("assertion", ""), self.public_key, algorithms=["RS256"], audience=self.login,
                options={"verify_exp": False},
            )  # fmt: skip
        except jwt.PyJWTError:
            return answer({"error": "invalid_grant", "error_description": "invalid assertion"}, 400)
        until_s = self._host.clock.now_ms() / 1000 + 300
        known = (claims.get("iss"), claims.get("sub")) == (CLIENT, USER) and claims["exp"] <= until_s
        if not known or not form.get("grant_type", "").endswith("jwt-bearer"):
            return answer({"error": "invalid_grant", "error_description": "user hasn't approved this consumer"}, 400)
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return answer({"access_token": token, "instance_url": self._host.url, "token_type": "Bearer"})

    def _search(self, request: Request) -> Reply:
        """Whole words of the fields in question, as an index has them: a number's digits in their usual groups."""
        text, within = request.parameter("q"), request.parameter("in", "ALL")
        now_ms, found = self._host.clock.now_ms(), []
        for id, row in self.contacts.items():
            if now_ms - self._made_at[id] < self.search_lag_ms:
                continue
            values = [row.get(each) for each in (_PHONES if within == "PHONE" else ("Email",))]
            if any(text in _searchable(str(value)) for value in values if value):
                found.append(row)
        limit = int(request.parameter("Contact.limit", "2000"))
        fields = [each for each in request.parameter("Contact.fields").split(",") if "." not in each]
        rows = [{each: row.get(each) for each in fields} | {"Account": row.get("Account")} for row in found]
        return answer({"searchRecords": rows[:limit]})

    def _query(self, request: Request) -> Reply:
        soql = request.parameter("q")
        kind = re.search(r"FROM (\w+)", soql)
        since = re.search(r"SystemModstamp >= (\S+)", soql)
        if kind is None or since is None:
            return _errors(400, "MALFORMED_QUERY", "unexpected token")
        table = {"Case": self.cases, "Opportunity": self.opportunities}[kind[1]]
        rows = [row for row in table.values() if row.get("Sotto_Id__c") and _at(row["SystemModstamp"]) >= _at(since[1])]
        rows.sort(key=lambda row: (row["SystemModstamp"], row["Id"]))
        limit = int(re.search(r"LIMIT (\d+)", soql)[1])  # type: ignore[index]
        return answer({"totalSize": len(rows), "done": True, "records": rows[:limit]})

    def _record(self, request: Request, kind: str, rest: list[str]) -> Reply:
        table = {"Task": self.tasks, "Contact": self.contacts, "Case": self.cases}.get(kind)
        if table is None:
            return _errors(404, "NOT_FOUND", "The requested resource does not exist")
        if kind == "Task" and len(rest) == 2 and rest[0] == "Sotto_Id__c":
            return self._by_external_id(request, rest[1])
        (id,) = rest
        row = table.get(id)
        if row is None:
            return _errors(404, "ENTITY_IS_DELETED" if request.method == "DELETE" else "NOT_FOUND", "entity is deleted")
        if request.method == "DELETE":
            del table[id]
            return Reply(204)
        if request.method == "PATCH":
            row |= json_of(request) | {"SystemModstamp": self._stamp()}
            return Reply(204)
        return answer({each: row.get(each) for each in request.parameter("fields").split(",")} | {"Id": id})

    def _by_external_id(self, request: Request, key: str) -> Reply:
        found = self.records_of(key)
        if len(found) > 1:
            return answer([f"/services/data/v67.0/sobjects/Task/{id}" for id in found], 300)
        if request.method == "DELETE":
            if not found:
                return _errors(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible")
            del self.tasks[found[0]]
            return Reply(204)
        fields = json_of(request)
        if self.locked:
            self.locked -= 1
            return _errors(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        if unknown := sorted(fields.keys() - TASK_FIELDS):
            return _errors(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on sobject of type Task")
        for name, table in (("WhoId", self.contacts), ("WhatId", self.cases)):
            if fields.get(name) and fields[name] not in table:
                return _errors(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if found:
            self.tasks[found[0]] |= fields
            return answer({"id": found[0], "success": True, "errors": [], "created": False})
        id = self._id("00T")
        self.tasks[id] = {"Id": id, "Sotto_Id__c": key, **fields}
        return answer({"id": id, "success": True, "errors": [], "created": True}, 201)

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self._host.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _searchable(value: str) -> tuple[str, ...]:
    digits = re.sub(r"\D", "", value)
    return (value, digits, digits[-10:], *re.split(r"\D+", value)) if digits and "@" not in value else (value,)


def _at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.replace("+0000", "+00:00").replace("Z", "+00:00"))


def _errors(status: int, code: str, message: str) -> Reply:
    return answer([{"errorCode": code, "message": message}], status)
