"""Dynamics 365: a call is a phonecall, upserted by an alternate key.

https://learn.microsoft.com/power-apps/developer/data-platform/use-upsert-insert-update-record and .../api-limits: 429
with Retry-After, counted over five minutes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

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
    CrmUnavailable,
    Direction,
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

DATA = "/api/data/v9.2"
LONGEST_TEXT, LONGEST_SUBJECT = 100_000, 200
EACH = 100
_PHONES = ("telephone1", "mobilephone", "telephone2")
_BACK = {"Prefer": "return=representation"}
_COMPLETED = 1
_WON, _LOST = 1, 2


class DynamicsCrm:
    """A Crm."""

    def __init__(self, declared: FilingSystem, connection: Connection) -> None:
        assert connection.key is not None
        options = declared.options
        self._site = declared.address
        self._http = connection.http(declared.address)
        self._key = options["key"]
        self._clock: Clock = connection.clock

        def form(secret: str) -> Mapping[str, str]:
            return {
                "grant_type": "client_credentials", "client_id": options["client_id"], "client_secret": secret,
                "scope": f"{declared.address}/.default",
            }  # fmt: skip

        path = f"/{options['directory']}/oauth2/v2.0/token"
        self._by = FetchedToken(connection.http(options["login"]), path, connection.key, connection.clock, form)

    def find_person(self, who: WhoCalled) -> Found:
        """Dataverse compares letter by letter, so the usual ways of writing a number are named."""
        same = [f"{phone} eq {_text(each)}" for phone in _PHONES for each in written_forms(who.phone)]
        same += [f"emailaddress1 eq {_text(who.email)}"] if who.email else []
        if not same:
            return Found()
        query = {
            "$filter": " or ".join(same), "$select": "contactid,fullname", "$top": str(MOST_PERSONS + 1),
            "$expand": "parentcustomerid_account($select=name)",
        }  # fmt: skip
        persons = tuple(map(self._person, self._rows("contacts", query)))
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _person(self, row: Mapping[str, Any]) -> Person:
        company = (row.get("parentcustomerid_account") or {}).get("name") or ""
        id = str(row["contactid"])
        return Person(id, str(row.get("fullname") or ""), str(company), self._page("contact", id))

    def _page(self, kind: str, id: str) -> str:
        return f"{self._site}/main.aspx?pagetype=entityrecord&etn={kind}&id={id}"

    def _rows(self, kind: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        found = self._http.ask("GET", f"{DATA}/{kind}", by=self._by, query=query).json().get("value")
        if not isinstance(found, list):
            raise CrmUnavailable("it answers without values")
        return [row for row in found if isinstance(row, dict)]

    def _at_key(self, call_key: str) -> str:
        return f"{DATA}/phonecalls({self._key}={quote(_text(call_key), safe='')})"

    def log_call(self, call: CallLog) -> LoggedCall:
        started = datetime.fromtimestamp(call.started_at_ms / 1000, UTC)
        came_in = call.direction is Direction.INBOUND
        fields: dict[str, Any] = {
            "subject": call.subject[:LONGEST_SUBJECT],
            "description": call.text[:LONGEST_TEXT],
            "directioncode": not came_in,
            "actualstart": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "actualdurationminutes": max(1, round(call.duration_s / 60)),
            "sotto_disposition": call.disposition,
            "statecode": _COMPLETED,
            "statuscode": 4 if came_in else 2,
        }
        if call.case:
            fields["regardingobjectid_incident_phonecall@odata.bind"] = f"/incidents({call.case})"
        elif call.person:
            fields["regardingobjectid_contact_phonecall@odata.bind"] = f"/contacts({call.person})"
        else:
            fields["regardingobjectid_contact_phonecall"] = None
        answer = self._http.ask(
            "PATCH", self._at_key(call.key), by=self._by, body=fields, headers=_BACK,
            wanted=(200, 201, 204, 400, 404, 409, 412),
        )  # fmt: skip
        if answer.status in (409, 412):  # somebody else upserts the same key
            raise CrmUnavailable("the record changes in this moment")
        if answer.status in (400, 404):
            raise _wrong(answer, call)
        record = str(answer.json().get("activityid") or "")
        return LoggedCall(record, self._page("phonecall", record))

    def update_case(self, call: CallLog) -> None:
        """Columns that are set, so that a repetition changes nothing. Without If-Match an update makes what is not
        there."""
        fields = {"sotto_summary": call.text[:LONGEST_TEXT], "sotto_disposition": call.disposition}
        path = f"{DATA}/incidents({quote(call.case, safe='')})"
        answer = self._http.ask(
            "PATCH", path, by=self._by, body=fields, headers={"If-Match": "*"}, wanted=(200, 204, 400, 404)
        )
        if answer.status in (400, 404):
            raise CaseMissing("the case is not there")

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        path = f"{DATA}/contacts({quote(person, safe='')})"
        query = {"$select": ",".join(sorted(fields))}
        shown = {"Prefer": 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'}
        answer = self._http.ask("GET", path, by=self._by, query=query, headers=shown, wanted=(200, 404))
        has = answer.json() if answer.status == 200 else {}
        formatted = "{}@OData.Community.Display.V1.FormattedValue"
        found = {each: has.get(formatted.format(each), has.get(each)) for each in fields}
        return {each: str(value) for each, value in found.items() if value not in (None, "")}

    def erase(self, what: WhatToErase) -> int:
        paths = [self._at_key(what.key), *([f"{DATA}/contacts({quote(what.person, safe='')})"] if what.person else [])]
        answers = [self._http.ask("DELETE", path, by=self._by, wanted=(204, 404)) for path in paths]
        return sum(answer.status == 204 for answer in answers)

    def outcomes(self, cursor: str) -> OutcomePage:
        """Cases and opportunities that were changed and name a call in ``sotto_id``."""
        if not cursor:
            return OutcomePage((), _stamp(self._clock.now_ms()))
        cases, deals = self._changed("incidents", "incidentid", cursor), self._changed(
            "opportunities", "opportunityid", cursor
        )  # fmt: skip
        found = [_outcome(row, "incidentid", OutcomeKind.CASE_CLOSED, OutcomeKind.CASE_REOPENED) for row in cases]
        done = [row for row in deals if row.get("statecode") in (_WON, _LOST)]
        found += [_outcome(row, "opportunityid", OutcomeKind.DEAL_WON, OutcomeKind.DEAL_LOST) for row in done]
        full = [str(rows[-1]["modifiedon"]) for rows in (cases, deals) if len(rows) == EACH]
        latest = max((str(row["modifiedon"]) for row in (*cases, *deals)), default=cursor)
        in_order = tuple(sorted(found, key=lambda each: each.at_ms))
        return OutcomePage(in_order, min(full) if full else latest, bool(full))

    def _changed(self, kind: str, id: str, since: str) -> list[dict[str, Any]]:
        query = {
            "$select": f"{id},statecode,modifiedon,sotto_id", "$orderby": "modifiedon", "$top": str(EACH),
            "$filter": f"sotto_id ne null and modifiedon ge {since}",
        }  # fmt: skip
        return self._rows(kind, query)


def _outcome(row: Mapping[str, Any], id: str, one: OutcomeKind, other: OutcomeKind) -> CrmOutcome:
    """Statecode 1 is a case resolved and an opportunity won."""
    at = datetime.fromisoformat(str(row["modifiedon"]).replace("Z", "+00:00"))
    kind = one if row.get("statecode") == _WON else other
    return CrmOutcome(str(row["sotto_id"]), kind, str(row[id]), round(at.timestamp() * 1000))


def _stamp(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: str) -> str:
    """In an OData expression."""
    return "'" + value.replace("'", "''") + "'"


def _wrong(answer: Answer, call: CallLog) -> Exception:
    error = answer.json().get("error")
    code = str(error.get("code") if isinstance(error, dict) else "")
    if code == "0x80040217" and call.case:  # ObjectDoesNotExist: what is bound
        return CaseMissing("the case is not there")
    return CrmRefused(f"it answers {answer.status} {code[:20]}; see docs/filing.md for its columns and key")


def crm(declared: FilingSystem, connection: Connection) -> DynamicsCrm:
    return DynamicsCrm(declared, connection)
