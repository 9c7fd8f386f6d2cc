"""Zendesk: a call is a ticket with an external id of ours, or a private comment on the ticket that it is about.

https://developer.zendesk.com/api-reference/ticketing/introduction/#idempotency: an Idempotency-Key is remembered for
two hours and for creation alone; external ids are not unique, so they are looked up first. A closed ticket takes
nothing more: what is new goes into a follow-up of it. Comments are public unless one says otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sotto.core.clock import Clock
from sotto.filing.adapters.connection import Connection
from sotto.filing.adapters.http import Answer
from sotto.filing.adapters.oauth import BasicKey
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
from sotto.filing.phones import is_same, national
from sotto.tenants.filing import FilingSystem

LONGEST_TEXT = 60_000
MOST_AUDIT_PAGES = 5
CLOSED = "closed"


class ZendeskCrm:
    """A Crm."""

    def __init__(self, declared: FilingSystem, connection: Connection) -> None:
        assert connection.key is not None
        self._site = declared.address
        self._http = connection.http(declared.address)
        self._by = BasicKey(f"{declared.options['user']}/token", connection.key)
        self._clock: Clock = connection.clock

    def find_person(self, who: WhoCalled) -> Found:
        found: dict[str, Person] = {}
        if who.phone:
            rows = self._users(f"type:user role:end-user phone:*{national(who.phone)}")
            found |= {str(row["id"]): self._person(row) for row in rows if is_same(who.phone, str(row.get("phone")))}
        if who.email and " " not in who.email:
            rows = self._users(f"type:user role:end-user email:{who.email}")
            same = [row for row in rows if str(row.get("email") or "").casefold() == who.email.casefold()]
            found |= {str(row["id"]): self._person(row) for row in same}
        persons = tuple(found.values())
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _users(self, query: str) -> list[dict[str, Any]]:
        asked = {"query": query, "per_page": str(2 * MOST_PERSONS)}
        return _rows(self._http.ask("GET", "/api/v2/search", by=self._by, query=asked), "results")

    def _person(self, row: Mapping[str, Any]) -> Person:
        id = str(row["id"])
        return Person(id, str(row.get("name") or ""), address=f"{self._site}/agent/users/{id}")

    def log_call(self, call: CallLog) -> LoggedCall:
        if call.case:
            ticket = self._ticket(call.case)
            if ticket is None:
                raise CaseMissing("the ticket is not there")
            if ticket.get("status") != CLOSED:
                return self._noted(ticket, call, is_ours=False)
            return self._of_closed(ticket, call)
        known = self._ours(call.key)
        if known is None:
            return self._created(call, call.key, {})
        if known.get("status") == CLOSED:
            return self._of_closed(known, call)
        return self._noted(known, call, is_ours=True)

    def _ours(self, key: str) -> dict[str, Any] | None:
        """The one that still takes something; else the latest."""
        answer = self._http.ask("GET", "/api/v2/tickets", by=self._by, query={"external_id": key})
        rows = [row for row in _rows(answer, "tickets") if row.get("status") != "deleted"]
        return max(rows, key=lambda row: (row.get("status") != CLOSED, int(row["id"])), default=None)

    def _ticket(self, id: str) -> dict[str, Any] | None:
        path = f"/api/v2/tickets/{quote(id, safe='')}"
        answer = self._http.ask("GET", path, by=self._by, wanted=(200, 400, 404))
        found = answer.json().get("ticket") if answer.status == 200 else None
        return found if isinstance(found, dict) and found.get("status") != "deleted" else None

    def _of_closed(self, closed: Mapping[str, Any], call: CallLog) -> LoggedCall:
        """What the closed one holds already is filed; else its follow-up, made once."""
        id = str(closed["id"])
        if self._has(id, _mark(call)):
            return self._at(id)
        known = self._ours(call.key)
        if known is not None and known.get("status") != CLOSED:
            return self._noted(known, call, is_ours=True)
        return self._created(call, f"{call.key}/{id}", {"via_followup_source_id": int(id)})

    def _created(self, call: CallLog, token: str, more: Mapping[str, Any]) -> LoggedCall:
        """A key within its two hours brings back the ticket that it made, even one that was deleted since."""
        ticket = self._content(call) | {"external_id": call.key, "tags": ["sotto"], **more}
        for attempt in range(3):
            headers = {"Idempotency-Key": token if not attempt else f"{token}#{attempt}"}
            answer = self._http.ask(
                "POST", "/api/v2/tickets", by=self._by, body={"ticket": ticket}, headers=headers,
                wanted=(200, 201, 400, 422),
            )  # fmt: skip
            if answer.status == 400 and _error(answer) == "IdempotentRequestError":
                continue  # the key made the ticket of an earlier version, which is gone: it would have been found
            if answer.status in (400, 422):
                raise CrmRefused(f"it takes no ticket of this form ({answer.status}); see docs/filing.md")
            id = str(answer.json()["ticket"]["id"])
            if answer.headers.get("x-idempotency-lookup") != "hit" or self._ticket(id) is not None:
                return self._at(id)
        raise CrmUnavailable("it remembers a ticket that is gone, and will have forgotten it in two hours", 7_200_000.0)

    def _noted(self, ticket: Mapping[str, Any], call: CallLog, *, is_ours: bool) -> LoggedCall:
        """A comment cannot be changed: a new version is a comment of its own, once."""
        id = str(ticket["id"])
        changes = self._content(call)
        if not is_ours:  # whose ticket it is, and what it is called, others have decided
            changes = {name: changes[name] for name in ("comment", "metadata")}
        if self._has(id, _mark(call)):
            if not is_ours or not call.person or str(ticket.get("requester_id")) == call.person:
                return self._at(id)
            changes = {"requester_id": int(call.person)}
        answer = self._http.ask(
            "PUT", f"/api/v2/tickets/{id}", by=self._by, body={"ticket": changes}, wanted=(200, 404, 409, 422)
        )
        if answer.status in (409, 422):  # merged or closed in this moment
            raise CrmUnavailable(f"the ticket changes in this moment ({answer.status})")
        if answer.status == 404:
            raise CrmUnavailable("the ticket went in this moment")
        return self._at(id)

    def _content(self, call: CallLog) -> dict[str, Any]:
        text = f"{call.text}\n\n{call.disposition}".strip()[:LONGEST_TEXT]
        requester = {"requester_id": int(call.person)} if call.person.isdecimal() else {}
        return {
            "subject": call.subject[:150],
            "comment": {"body": text, "public": False},
            "metadata": {"sotto": _mark(call)},
            **requester,
        }

    def _has(self, id: str, mark: str) -> bool:
        """Whether one of the ticket's updates carries the mark, which no reader sees."""
        query = {"page[size]": "100"}
        for _ in range(MOST_AUDIT_PAGES):
            answer = self._http.ask("GET", f"/api/v2/tickets/{id}/audits", by=self._by, query=query)
            for audit in _rows(answer, "audits"):
                custom = (audit.get("metadata") or {}).get("custom") or {}
                if custom.get("sotto") == mark:
                    return True
            meta = answer.json().get("meta") or {}
            if not meta.get("has_more"):
                return False
            query = {"page[size]": "100", "page[after]": str(meta.get("after_cursor"))}
        return False

    def _at(self, id: str) -> LoggedCall:
        return LoggedCall(id, f"{self._site}/agent/tickets/{id}")

    def update_case(self, call: CallLog) -> None:
        """The comment is what the call says of its ticket."""
        self.log_call(call)

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        path = f"/api/v2/users/{quote(person, safe='')}"
        answer = self._http.ask("GET", path, by=self._by, wanted=(200, 404))
        user = answer.json().get("user") if answer.status == 200 else {}
        user = user if isinstance(user, dict) else {}
        has = {**user, **(user.get("user_fields") or {})}
        return {each: str(has[each]) for each in fields if has.get(each) not in (None, "")}

    def erase(self, what: WhatToErase) -> int:
        """Deleted, and then for good: the first alone leaves it to be restored for 30 days. Of a ticket that others
        made the call's comment stays theirs to redact: which one it is, docs/filing.md says how to find."""
        answer = self._http.ask("GET", "/api/v2/tickets", by=self._by, query={"external_id": what.key})
        gone = sum(self._deleted("tickets", str(row["id"])) for row in _rows(answer, "tickets"))
        return gone + (self._deleted("users", what.person) if what.person else 0)

    def _deleted(self, kind: str, id: str) -> int:
        self._http.ask("DELETE", f"/api/v2/{kind}/{quote(id, safe='')}", by=self._by, wanted=(200, 204, 404))
        path = f"/api/v2/deleted_{kind}/{quote(id, safe='')}"
        return int(self._http.ask("DELETE", path, by=self._by, wanted=(200, 204, 404)).status != 404)

    def outcomes(self, cursor: str) -> OutcomePage:
        """The incremental export, which gives each ticket as it is now."""
        query = {"cursor": cursor} if cursor else {"start_time": str(int(self._clock.now_ms() / 1000) - 60)}
        answer = self._http.ask("GET", "/api/v2/incremental/tickets/cursor", by=self._by, query=query)
        page = answer.json()
        found = [each for row in _rows(answer, "tickets") for each in _outcomes(row)]
        return OutcomePage(tuple(found), str(page.get("after_cursor") or cursor), not page.get("end_of_stream", True))


def _outcomes(row: Mapping[str, Any]) -> list[CrmOutcome]:
    key, id = str(row.get("external_id") or ""), str(row["id"])
    at_ms = round(datetime.fromisoformat(str(row["updated_at"]).replace("Z", "+00:00")).timestamp() * 1000)
    if not key:
        return []
    is_closed = row.get("status") in ("solved", CLOSED)
    kinds = [OutcomeKind.CASE_CLOSED if is_closed else OutcomeKind.CASE_REOPENED]
    score = str((row.get("satisfaction_rating") or {}).get("score") or "")
    rated = {"good": OutcomeKind.SATISFIED, "bad": OutcomeKind.DISSATISFIED}.get(score.partition("_")[0])
    return [CrmOutcome(key, kind, id, at_ms) for kind in (*kinds, *((rated,) if rated else ()))]


def _mark(call: CallLog) -> str:
    """Of what the comment says, by which it is known whether it is there."""
    content = f"{call.subject}\0{call.text}\0{call.disposition}"
    return f"{call.key}/{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    found = answer.json().get(name)
    if not isinstance(found, list):
        raise CrmUnavailable(f"it answers without {name}")
    return [row for row in found if isinstance(row, dict)]


def _error(answer: Answer) -> str:
    found = answer.json().get("error")
    return str(found.get("title") if isinstance(found, dict) else found)


def crm(declared: FilingSystem, connection: Connection) -> ZendeskCrm:
    return ZendeskCrm(declared, connection)
