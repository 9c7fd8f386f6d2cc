"""HubSpot: a call is an engagement of that kind, upserted by a property whose values are unique.

https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/custom-objects/batch/upsert-custom-objects
Search lags behind what was written by seconds up to a minute; what is asked by a unique property does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sotto.core.clock import Clock
from sotto.filing.adapters.connection import Connection
from sotto.filing.adapters.http import Answer
from sotto.filing.adapters.oauth import BearerKey
from sotto.filing.crm import (
    MOST_PERSONS,
    CallLog,
    CaseMissing,
    CrmOutcome,
    CrmRefused,
    CrmUnavailable,
    Found,
    LoggedCall,
    OutcomeKind,
    OutcomePage,
    Person,
    WhatToErase,
    WhoCalled,
)
from sotto.filing.phones import national
from sotto.tenants.filing import FilingSystem

OBJECTS = "/crm/objects/2026-03"
LONGEST_TEXT = 65_000
EACH = 100
_PHONES = ("hs_searchable_calculated_phone_number", "hs_searchable_calculated_mobile_number")
_TITLE = ("firstname", "lastname", "company")


class HubSpotCrm:
    """A Crm."""

    def __init__(self, declared: FilingSystem, connection: Connection) -> None:
        assert connection.key is not None
        self._unique = declared.options["unique_property"]
        self._portal = declared.options["portal"]
        self._http = connection.http(declared.address)
        self._by = BearerKey(connection.key)
        self._clock: Clock = connection.clock

    def find_person(self, who: WhoCalled) -> Found:
        groups = [(each, national(who.phone)) for each in _PHONES if who.phone]
        groups += [("email", who.email.lower())] if who.email else []
        filters = [{"filters": [{"propertyName": name, "operator": "EQ", "value": value}]} for name, value in groups]
        if not filters:
            return Found()
        body = {"filterGroups": filters, "properties": list(_TITLE), "limit": MOST_PERSONS + 1}
        rows = _results(self._http.ask("POST", f"{OBJECTS}/contacts/search", by=self._by, body=body))
        persons = tuple(self._person(row) for row in rows)
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _person(self, row: Mapping[str, Any]) -> Person:
        has = row.get("properties") or {}
        name = " ".join(filter(None, (str(has.get(each) or "") for each in ("firstname", "lastname"))))
        return Person(str(row["id"]), name, str(has.get("company") or ""), self._page("0-1", str(row["id"])))

    def _page(self, kind: str, id: str) -> str:
        return f"https://app.hubspot.com/contacts/{self._portal}/record/{kind}/{id}" if self._portal else ""

    def log_call(self, call: CallLog) -> LoggedCall:
        """The call first, then what it belongs to: both are set, however often."""
        properties = {
            self._unique: call.key,
            "hs_timestamp": str(call.started_at_ms),
            "hs_call_title": call.subject[:255],
            "hs_call_body": call.text[:LONGEST_TEXT],
            "hs_call_direction": call.direction.value.upper(),
            "hs_call_duration": str(call.duration_s * 1000),
            "hs_call_status": "COMPLETED",
            "sotto_disposition": call.disposition,
        }
        asked = {"inputs": [{"idProperty": self._unique, "id": call.key, "properties": properties}]}
        answer = self._http.ask(
            "POST", f"{OBJECTS}/calls/batch/upsert", by=self._by, body=asked, wanted=(200, 201, 207, 409)
        )
        if answer.status == 409:  # two of one key at once: one of them made it
            raise CrmUnavailable("somebody else wrote the same call in the same moment")
        found = _results(answer)
        if not found:
            raise CrmRefused("it takes no call of this form; see docs/filing.md for its properties")
        record = str(found[0]["id"])
        self._belongs(record, "contacts", call.person)
        if call.case and not self._belongs(record, "tickets", call.case):
            raise CaseMissing("the ticket is not there")
        return LoggedCall(record, self._page("0-48", record))

    def _belongs(self, record: str, kind: str, to: str) -> bool:
        """The person or ticket of the call, and no other: the agent may have chosen anew."""
        kept = f"/crm/v4/objects/calls/{record}/associations/{kind}"
        for other in _results(self._http.ask("GET", kept, by=self._by)):
            if str(other.get("toObjectId")) != to:
                self._http.ask("DELETE", f"{kept}/{other['toObjectId']}", by=self._by, wanted=(204, 404))
        if not to:
            return True
        path = f"/crm/v4/objects/calls/{record}/associations/default/{kind}/{quote(to, safe='')}"
        return self._http.ask("PUT", path, by=self._by, wanted=(200, 201, 400, 404)).status in (200, 201)

    def update_case(self, call: CallLog) -> None:
        properties = {"sotto_summary": call.text[:LONGEST_TEXT], "sotto_disposition": call.disposition}
        path = f"{OBJECTS}/tickets/{quote(call.case, safe='')}"
        answer = self._http.ask("PATCH", path, by=self._by, body={"properties": properties}, wanted=(200, 404))
        if answer.status == 404:
            raise CaseMissing("the ticket is not there")

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        query = {"properties": ",".join(sorted(fields))}
        path = f"{OBJECTS}/contacts/{quote(person, safe='')}"
        answer = self._http.ask("GET", path, by=self._by, query=query, wanted=(200, 404))
        has = answer.json().get("properties") if answer.status == 200 else {}
        has = has if isinstance(has, dict) else {}
        return {each: str(has[each]) for each in fields if has.get(each) not in (None, "")}

    def erase(self, what: WhatToErase) -> int:
        """A call goes to the recycling bin, from which HubSpot deletes it after 90 days; its text goes before. A person
        is deleted for good, with what hangs on them."""
        gone = 0
        by_key = f"{OBJECTS}/calls/{quote(what.key, safe='')}"
        found = self._http.ask("GET", by_key, by=self._by, query={"idProperty": self._unique}, wanted=(200, 404))
        if found.status == 200:
            record = f"{OBJECTS}/calls/{found.json()['id']}"
            emptied = {"hs_call_title": "", "hs_call_body": "", "sotto_disposition": ""}
            self._http.ask("PATCH", record, by=self._by, body={"properties": emptied}, wanted=(200, 404))
            gone += self._http.ask("DELETE", record, by=self._by, wanted=(204, 404)).status == 204
        if what.person:
            body = {"objectId": what.person}
            answer = self._http.ask(
                "POST", f"{OBJECTS}/contacts/gdpr-delete", by=self._by, body=body, wanted=(200, 204, 404)
            )
            gone += answer.status == 204
        return gone

    def outcomes(self, cursor: str) -> OutcomePage:
        """Tickets and deals that were changed and name a call in ``sotto_id``. Search lags, so the last minute is
        looked at again the next time."""
        now_ms = int(self._clock.now_ms())
        if not cursor:
            return OutcomePage((), str(now_ms))
        found: list[CrmOutcome] = []
        full: list[int] = []
        for kind, state in (("tickets", "hs_ticket_is_closed"), ("deals", "hs_is_closed_won")):
            rows = self._changed(kind, cursor, (state, "hs_is_closed", "sotto_id"))
            found += [each for row in rows if (each := _outcome(kind, row)) is not None]
            full += [_changed_ms(rows[-1])] if len(rows) == EACH else []
        following = min(full) if full else max(int(cursor), now_ms - 60_000)
        return OutcomePage(tuple(sorted(found, key=lambda each: each.at_ms)), str(following), bool(full))

    def _changed(self, kind: str, since: str, properties: Collection[str]) -> list[dict[str, Any]]:
        changed = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": since}
        ours = {"propertyName": "sotto_id", "operator": "HAS_PROPERTY"}
        body = {
            "filterGroups": [{"filters": [changed, ours]}],
            "properties": [*properties, "hs_lastmodifieddate"],
            "sorts": [{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}],
            "limit": EACH,
        }
        return _results(self._http.ask("POST", f"{OBJECTS}/{kind}/search", by=self._by, body=body))


def _outcome(kind: str, row: Mapping[str, Any]) -> CrmOutcome | None:
    has = row.get("properties") or {}
    if kind == "tickets":
        closed = has.get("hs_ticket_is_closed", has.get("hs_is_closed")) == "true"
        what = OutcomeKind.CASE_CLOSED if closed else OutcomeKind.CASE_REOPENED
    elif has.get("hs_is_closed") != "true":
        return None
    else:
        what = OutcomeKind.DEAL_WON if has.get("hs_is_closed_won") == "true" else OutcomeKind.DEAL_LOST
    return CrmOutcome(str(has.get("sotto_id")), what, str(row["id"]), _changed_ms(row))


def _changed_ms(row: Mapping[str, Any]) -> int:
    stamp = str((row.get("properties") or {}).get("hs_lastmodifieddate") or "")
    if stamp.isdecimal():
        return int(stamp)
    return round(datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(UTC).timestamp() * 1000)


def _results(answer: Answer) -> list[dict[str, Any]]:
    found = answer.json().get("results")
    if not isinstance(found, list):
        raise CrmUnavailable("it answers without results")
    return [row for row in found if isinstance(row, dict)]


def crm(declared: FilingSystem, connection: Connection) -> HubSpotCrm:
    return HubSpotCrm(declared, connection)
