"""ServiceNow: a call is a record of a table that extends task, known by its correlation id.

https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html. The
Table API has no upsert and correlation ids are not unique, so ours is looked up first; who writes at the same time is
kept apart by the outbox. An instance that sleeps answers with a page and 200."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sotto.core.clock import Clock
from sotto.filing.adapters.connection import Connection
from sotto.filing.adapters.oauth import FetchedToken
from sotto.filing.crm import (
    MOST_PERSONS,
    CallLog,
    CaseMissing,
    CrmOutcome,
    CrmUnavailable,
    Found,
    LoggedCall,
    OutcomeKind,
    OutcomePage,
    Person,
    WhatToErase,
    WhoCalled,
)
from sotto.filing.phones import written_forms
from sotto.tenants.filing import FilingSystem

TABLES = "/api/now/table"
LONGEST_TEXT, LONGEST_SUBJECT = 4_000, 160
EACH = 100
_ID = re.compile(r"[0-9a-f]{32}")
_ODD = re.compile(r"[\^,\r\n]")
"""What would end a part of a query."""


class ServiceNowCrm:
    """A Crm."""

    def __init__(self, declared: FilingSystem, connection: Connection) -> None:
        assert connection.key is not None
        options = declared.options
        self._site = declared.address
        self._table, self._persons, self._person = options["table"], options["person_table"], options["person_field"]
        self._http = connection.http(declared.address)
        self._clock: Clock = connection.clock

        def form(secret: str) -> Mapping[str, str]:
            return {"grant_type": "client_credentials", "client_id": options["client_id"], "client_secret": secret}

        self._by = FetchedToken(self._http, "/oauth_token.do", connection.key, connection.clock, form)

    def find_person(self, who: WhoCalled) -> Found:
        """It compares letter by letter, so the usual ways of writing a number are named."""
        forms = ",".join(each for each in written_forms(who.phone) if not _ODD.search(each))
        same = [f"{phone}IN{forms}" for phone in ("phone", "mobile_phone") if forms]
        same += [f"email={who.email}"] if who.email and not _ODD.search(who.email) else []
        if not same:
            return Found()
        rows = self._rows(self._persons, "^OR".join(same), "sys_id,name,company.name", MOST_PERSONS + 1)
        persons = tuple(
            Person(str(row["sys_id"]), str(row.get("name") or ""), str(row.get("company.name") or ""), address)
            for row in rows
            for address in [self._page(self._persons, str(row["sys_id"]))]
        )
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _page(self, table: str, id: str) -> str:
        return f"{self._site}/nav_to.do?uri={table}.do?sys_id={id}"

    def _rows(self, table: str, query: str, fields: str, limit: int) -> list[dict[str, Any]]:
        asked = {
            "sysparm_query": query, "sysparm_fields": fields, "sysparm_limit": str(limit),
            "sysparm_exclude_reference_link": "true",
        }  # fmt: skip
        found = self._http.ask("GET", f"{TABLES}/{table}", by=self._by, query=asked).json().get("result")
        if not isinstance(found, list):
            raise CrmUnavailable("it answers without a result")
        return [row for row in found if isinstance(row, dict)]

    def _known(self, key: str) -> str:
        """The oldest, should there ever be two."""
        query = f"correlation_id={key}^ORDERBYsys_created_on"
        return next((str(row["sys_id"]) for row in self._rows(self._table, query, "sys_id", 1)), "")

    def log_call(self, call: CallLog) -> LoggedCall:
        if call.case and not self._is_there(call.case):
            raise CaseMissing("the case is not there")
        fields = {
            "correlation_id": call.key,
            "correlation_display": "Sotto",
            "short_description": call.subject[:LONGEST_SUBJECT],
            "description": f"{call.text}\n\n{call.disposition}".strip()[:LONGEST_TEXT],
            "parent": call.case,
            self._person: call.person,
        }
        known = self._known(call.key)
        if known:
            answer = self._http.ask(
                "PATCH", f"{TABLES}/{self._table}/{known}", by=self._by, body=fields, wanted=(200, 404)
            )
            if answer.status == 404:
                raise CrmUnavailable("the record went in this moment")
        else:
            answer = self._http.ask("POST", f"{TABLES}/{self._table}", by=self._by, body=fields, wanted=(201,))
        result = answer.json().get("result")
        if not isinstance(result, dict) or not result.get("sys_id"):
            raise CrmUnavailable("it answers without a result")
        return LoggedCall(str(result["sys_id"]), self._page(self._table, str(result["sys_id"])))

    def _is_there(self, case: str) -> bool:
        """``case``: a sys_id. ``task`` is what every case extends."""
        if not _ID.fullmatch(case):
            return False
        path = f"{TABLES}/task/{case}"
        return (
            self._http.ask("GET", path, by=self._by, query={"sysparm_fields": "sys_id"}, wanted=(200, 404)).status
            == 200
        )

    def update_case(self, call: CallLog) -> None:
        """A work note, which customers do not see; one that is there is not written again."""
        if not self._is_there(call.case):
            raise CaseMissing("the case is not there")
        mark = hashlib.sha256(f"{call.key}\0{call.text}\0{call.disposition}".encode()).hexdigest()[:12]
        query = f"element_id={call.case}^element=work_notes^valueLIKE[sotto {mark}]"
        if self._rows("sys_journal_field", query, "sys_id", 1):
            return
        note = f"{call.subject}\n{call.text}\n{call.disposition}".strip()[: LONGEST_TEXT - 40]
        body = {"work_notes": f"{note}\n[sotto {mark}]"}
        answer = self._http.ask("PATCH", f"{TABLES}/task/{call.case}", by=self._by, body=body, wanted=(200, 404))
        if answer.status == 404:
            raise CaseMissing("the case is not there")

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        query = {"sysparm_fields": ",".join(sorted(fields)), "sysparm_display_value": "true"}
        path = f"{TABLES}/{self._persons}/{quote(person, safe='')}"
        answer = self._http.ask("GET", path, by=self._by, query=query, wanted=(200, 404))
        has = answer.json().get("result") if answer.status == 200 else {}
        has = has if isinstance(has, dict) else {}
        found = {each: _shown(has.get(each)) for each in fields}
        return {each: value for each, value in found.items() if value}

    def erase(self, what: WhatToErase) -> int:
        gone = 0
        while record := self._known(what.key):
            gone += self._deleted(self._table, record)
        return gone + (self._deleted(self._persons, what.person) if what.person else 0)

    def _deleted(self, table: str, id: str) -> int:
        path = f"{TABLES}/{table}/{quote(id, safe='')}"
        return int(self._http.ask("DELETE", path, by=self._by, wanted=(204, 404)).status == 204)

    def outcomes(self, cursor: str) -> OutcomePage:
        """Its times are UTC and have seconds."""
        if not cursor:
            return OutcomePage((), _stamp(self._clock.now_ms()))
        query = f"correlation_display=Sotto^sys_updated_on>={cursor}^ORDERBYsys_updated_on"
        rows = self._rows(self._table, query, "sys_id,correlation_id,active,sys_updated_on", EACH)
        found = tuple(map(_outcome, rows))
        return OutcomePage(found, str(rows[-1]["sys_updated_on"]) if rows else cursor, len(rows) == EACH)


def _shown(value: Any) -> str:
    return str(value.get("display_value") or "") if isinstance(value, dict) else str(value or "")


def _outcome(row: Mapping[str, Any]) -> CrmOutcome:
    at = datetime.fromisoformat(str(row["sys_updated_on"])).replace(tzinfo=UTC)
    is_open = str(row.get("active")).lower() == "true"
    kind = OutcomeKind.CASE_REOPENED if is_open else OutcomeKind.CASE_CLOSED
    return CrmOutcome(str(row["correlation_id"]), kind, str(row["sys_id"]), round(at.timestamp() * 1000))


def _stamp(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def crm(declared: FilingSystem, connection: Connection) -> ServiceNowCrm:
    return ServiceNowCrm(declared, connection)
