"""Salesforce: a call is a Task, upserted by an external id of ours.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm: 201 for a new record, 200
for one that was there. Who has asked too often today is answered with 403 and REQUEST_LIMIT_EXCEEDED.
https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm: the token says nothing of how long it
lasts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import jwt

from sotto.core.api_keys import KeyMissing
from sotto.core.clock import Clock
from sotto.filing.adapters.connection import Connection
from sotto.filing.adapters.http import Answer
from sotto.filing.adapters.oauth import FetchedToken
from sotto.filing.crm import (
    MOST_PERSONS,
    CallLog,
    CaseMissing,
    CrmOutcome,
    CrmRefused,
    Direction,
    Found,
    LoggedCall,
    OutcomeKind,
    OutcomePage,
    Person,
    WhatToErase,
    WhoCalled,
)
from sotto.filing.phones import is_same, national
from sotto.tenants.filing import FilingSystem

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LONGEST_TEXT, LONGEST_SUBJECT = 32_000, 255
EACH = 200
_PERSON = "Id,Name,Phone,MobilePhone,HomePhone,OtherPhone,Email,Account.Name"
_PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")
_NO_ROOM = ("REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE")


def _codes(answer: Answer) -> list[str]:
    found = answer.any_json() if answer.is_json and answer.body else []
    return [str(each.get("errorCode", "")) for each in found] if isinstance(found, list) else []


def is_busy(answer: Answer) -> bool:
    return answer.status in (400, 403) and any(code in _NO_ROOM for code in _codes(answer))


class SalesforceCrm:
    """A Crm."""

    def __init__(self, declared: FilingSystem, connection: Connection) -> None:
        assert connection.key is not None
        options = declared.options
        self._site = declared.address
        self._clock: Clock = connection.clock
        self._http = connection.http(declared.address, is_busy)
        self._data = f"/services/data/v{options['version']}"
        self._external_id = options["external_id"]
        login = connection.http(options["login"])
        form = _assertion(options["client_id"], options["user"], options["login"], connection.clock)
        self._by = FetchedToken(login, "/services/oauth2/token", connection.key, connection.clock, form)

    def find_person(self, who: WhoCalled) -> Found:
        found: dict[str, Person] = {}
        if who.phone:
            rows = [row for row in self._searched(national(who.phone), "PHONE") if _has_phone(row, who.phone)]
            found |= {str(row["Id"]): self._person(row) for row in rows}
        if who.email:
            rows = [row for row in self._searched(who.email, "EMAIL") if _has_email(row, who.email)]
            found |= {str(row["Id"]): self._person(row) for row in rows}
        persons = tuple(found.values())
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _searched(self, text: str, within: str) -> list[dict[str, Any]]:
        query = {
            "q": text, "in": within, "sobject": "Contact", "Contact.fields": _PERSON,
            "Contact.limit": str(5 * MOST_PERSONS),
        }  # fmt: skip
        answer = self._http.ask("GET", f"{self._data}/parameterizedSearch/", by=self._by, query=query)
        found = answer.json().get("searchRecords")
        return [row for row in found if isinstance(row, dict) and row.get("Id")] if isinstance(found, list) else []

    def _person(self, row: Mapping[str, Any]) -> Person:
        account = row.get("Account")
        company = str(account.get("Name") or "") if isinstance(account, dict) else ""
        return Person(str(row["Id"]), str(row.get("Name") or ""), company, self._page("Contact", str(row["Id"])))

    def _page(self, kind: str, id: str) -> str:
        return f"{self._site}/lightning/r/{kind}/{id}/view"

    def log_call(self, call: CallLog) -> LoggedCall:
        started = datetime.fromtimestamp(call.started_at_ms / 1000, UTC)
        fields: dict[str, Any] = {
            "Subject": call.subject[:LONGEST_SUBJECT],
            "Description": call.text[:LONGEST_TEXT],
            "Status": "Completed",
            "TaskSubtype": "Call",
            "CallType": "Inbound" if call.direction is Direction.INBOUND else "Outbound",
            "CallDisposition": call.disposition[:255],
            "CallDurationInSeconds": call.duration_s,
            "CallObject": call.key[:255],
            "ActivityDate": started.date().isoformat(),
            "WhoId": call.person or None,
            "WhatId": call.case or None,
        }
        path = f"{self._data}/sobjects/Task/{self._external_id}/{quote(call.key, safe='')}"
        answer = self._http.ask("PATCH", path, by=self._by, body=fields, wanted=(200, 201, 300, 400, 404))
        if answer.status == 300:
            raise CrmRefused(f"{self._external_id} of Task is not unique; make it a unique external id")
        if answer.status in (400, 404):
            raise self._wrong(answer, call)
        record = str(answer.json().get("id") or "")
        return LoggedCall(record, self._page("Task", record))

    def _wrong(self, answer: Answer, call: CallLog) -> Exception:
        codes = _codes(answer)
        lost = (
            "INVALID_CROSS_REFERENCE_KEY",
            "MALFORMED_ID",
            "ENTITY_IS_DELETED",
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        )
        if call.case and any(code in lost for code in codes):
            return CaseMissing("the case is not there")
        return CrmRefused(f"it answers {answer.status} {codes[0] if codes else ''}; see docs/filing.md for its fields")

    def update_case(self, call: CallLog) -> None:
        """Fields that are set, so that a repetition changes nothing."""
        fields = {"Sotto_Summary__c": call.text[:LONGEST_TEXT], "Sotto_Disposition__c": call.disposition[:255]}
        path = f"{self._data}/sobjects/Case/{quote(call.case, safe='')}"
        answer = self._http.ask("PATCH", path, by=self._by, body=fields, wanted=(200, 204, 404))
        if answer.status == 404:
            raise CaseMissing("the case is not there")

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        path = f"{self._data}/sobjects/Contact/{quote(person, safe='')}"
        query = {"fields": ",".join(sorted(fields))}
        answer = self._http.ask("GET", path, by=self._by, query=query, wanted=(200, 404))
        found = answer.json() if answer.status == 200 else {}
        return {each: str(found[each]) for each in fields if found.get(each) not in (None, "")}

    def erase(self, what: WhatToErase) -> int:
        """By the external id, whether or not anybody noted the record's own."""
        paths = [f"Task/{self._external_id}/{quote(what.key, safe='')}"]
        paths += [f"Contact/{quote(what.person, safe='')}"] if what.person else []
        answers = [
            self._http.ask("DELETE", f"{self._data}/sobjects/{path}", by=self._by, wanted=(204, 404)) for path in paths
        ]
        return sum(answer.status == 204 for answer in answers)

    def outcomes(self, cursor: str) -> OutcomePage:
        """Of cases and opportunities that were made or changed: those that name a call by ``Sotto_Id__c`` of theirs."""
        if not cursor:
            return OutcomePage((), _stamp(datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)))
        query = (
            "SELECT Id, Sotto_Id__c, IsClosed, SystemModstamp, Status FROM Case "
            f"WHERE Sotto_Id__c != null AND SystemModstamp >= {cursor} ORDER BY SystemModstamp, Id LIMIT {EACH}"
        )
        cases = self._rows(query)
        deals = self._rows(query.replace("FROM Case", "FROM Opportunity").replace("Status FROM", "IsWon FROM"))
        found = sorted((*map(_case, cases), *_deals(deals)), key=lambda each: each.at_ms)
        last = min((rows[-1]["SystemModstamp"] for rows in (cases, deals) if len(rows) == EACH), default=None)
        latest = max((row["SystemModstamp"] for row in (*cases, *deals)), default=None)
        return OutcomePage(tuple(found), _soql(str(last or latest)) if last or latest else cursor, last is not None)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        found = self._http.ask("GET", f"{self._data}/query", by=self._by, query={"q": query}).json().get("records")
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _case(row: Mapping[str, Any]) -> CrmOutcome:
    kind = OutcomeKind.CASE_CLOSED if row.get("IsClosed") else OutcomeKind.CASE_REOPENED
    return CrmOutcome(str(row["Sotto_Id__c"]), kind, str(row["Id"]), _ms(str(row["SystemModstamp"])))


def _deals(rows: Collection[Mapping[str, Any]]) -> Iterator[CrmOutcome]:
    for row in rows:
        if row.get("IsClosed"):
            kind = OutcomeKind.DEAL_WON if row.get("IsWon") else OutcomeKind.DEAL_LOST
            yield CrmOutcome(str(row["Sotto_Id__c"]), kind, str(row["Id"]), _ms(str(row["SystemModstamp"])))


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _soql(stamp: str) -> str:
    """Salesforce answers with +0000, and wants a Z."""
    return stamp.replace("+0000", "Z")


def _ms(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp.replace("+0000", "+00:00").replace("Z", "+00:00")).timestamp() * 1000)


def _has_phone(row: Mapping[str, Any], phone: str) -> bool:
    return any(is_same(phone, str(row.get(each) or "")) for each in _PHONES)


def _has_email(row: Mapping[str, Any], email: str) -> bool:
    return str(row.get("Email") or "").casefold() == email.casefold()


def _assertion(client_id: str, user: str, audience: str, clock: Clock) -> Any:
    def form(private_key: str) -> Mapping[str, str]:
        ends = datetime.fromtimestamp(clock.now_ms() / 1000, UTC) + timedelta(minutes=3)
        try:
            claims = {"iss": client_id, "sub": user, "aud": audience, "exp": int(ends.timestamp())}
            signed = jwt.encode(claims, private_key, algorithm="RS256")
        except (ValueError, jwt.PyJWTError) as error:
            raise KeyMissing("the secret is no RSA private key in PEM form; put the app's private key there") from error
        return {"grant_type": JWT_BEARER, "assertion": signed}

    return form


def crm(declared: FilingSystem, connection: Connection) -> SalesforceCrm:
    return SalesforceCrm(declared, connection)
