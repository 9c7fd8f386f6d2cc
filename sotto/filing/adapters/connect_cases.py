"""Amazon Connect Cases: a call is a case with the contact and a comment of ours as related items, or those two on the
case that it is about. Persons are Customer Profiles.

CreateCase takes a client token; CreateRelatedItem takes none, so related items are looked up first.
https://docs.aws.amazon.com/cases/latest/APIReference/API_CreateCase.html
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.clock import Clock
from sotto.filing.adapters.connection import Connection
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
from sotto.tenants.filing import FilingSystem

LONGEST_TEXT, LONGEST_FIELD = 14_000, 500
MOST_PAGES = 8
_MARK = "[sotto {}]"
TAG = "sotto"
EACH = 100
_UPDATED = "last_updated_datetime"
_REFUSED = frozenset({"AccessDeniedException", "ValidationException", "BadRequestException"})
_NAMES = ("FirstName", "LastName")


class ConnectCasesCrm:
    """A Crm. ``cases``, ``profiles``: boto3's ``connectcases`` and ``customer-profiles``, each of one attempt."""

    def __init__(self, declared: FilingSystem, cases: Any, profiles: Any, clock: Clock) -> None:
        options = declared.options
        self._domain, self._template = options["domain"], options["template"]
        self._profiles_domain, self._disposition = options["profiles_domain"], options["disposition_field"]
        self._cases, self._profiles, self._clock = cases, profiles, clock

    def find_person(self, who: WhoCalled) -> Found:
        found: dict[str, Person] = {}
        for key, value in (("_phone", who.phone), ("_email", who.email)):
            for profile in self._matching(key, value) if value else ():
                name = " ".join(filter(None, (str(profile.get(each) or "") for each in _NAMES)))
                id = str(profile["ProfileId"])
                found.setdefault(id, Person(id, name, str(profile.get("BusinessName") or "")))
        persons = tuple(found.values())
        return Found(persons[:MOST_PERSONS], len(persons) > MOST_PERSONS)

    def _matching(self, key: str, value: str) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, Any] = {"DomainName": self._profiles_domain, "KeyName": key, "Values": [value]}
        asked["MaxResults"] = MOST_PERSONS + 1
        for _ in range(MOST_PAGES):
            page = _asked(self._profiles.search_profiles, **asked)
            yield from page.get("Items") or ()
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def log_call(self, call: CallLog) -> LoggedCall:
        case = call.case or self._case_of(call) or self._created(call)
        items = list(self._items(case))
        related = {each["content"].get("contact", {}).get("contactArn") for each in items}
        if call.contact_arn and call.contact_arn not in related:
            self._relate(case, "Contact", {"contact": {"contactArn": call.contact_arn}})
        self._comment(case, call, items)
        if not call.case:
            self._update(case, self._fields(call))
        return LoggedCall(case)

    def _case_of(self, call: CallLog) -> str:
        return next((str(each["caseId"]) for each in self._ours(call.key)), "")

    def _ours(self, key: str) -> list[Mapping[str, Any]]:
        """The case that carries the call's key as a tag. A search may lag; till then CreateCase's token holds."""
        tag = {"tag": {"equalTo": {"key": TAG, "value": key}}}
        found = _asked(self._cases.search_cases, domainId=self._domain, filter=tag, maxResults=10)
        return list(found.get("cases") or ())

    def _created(self, call: CallLog) -> str:
        token = str(uuid.uuid5(uuid.NAMESPACE_URL, call.key))
        made = _asked(
            self._cases.create_case, domainId=self._domain, templateId=self._template, fields=self._fields(call),
            clientToken=token, tags={TAG: call.key},
        )  # fmt: skip
        return str(made["caseId"])

    def _fields(self, call: CallLog) -> list[dict[str, Any]]:
        """What a case that we made is about; on one of others nothing is changed but what ``update_case`` names."""
        values = {"title": call.subject[:LONGEST_FIELD]}
        if self._disposition and call.disposition:
            values[self._disposition] = call.disposition[:LONGEST_FIELD]
        fields: list[dict[str, Any]] = [{"id": id, "value": {"stringValue": text}} for id, text in values.items()]
        if call.person and call.contact_arn:
            region, account = call.contact_arn.split(":")[3:5]
            arn = f"arn:aws:profile:{region}:{account}:domains/{self._profiles_domain}/profiles/{call.person}"
            fields.append({"id": "customer_id", "value": {"stringValue": arn}})
        return fields

    def _comment(self, case: str, call: CallLog, items: Collection[Mapping[str, Any]]) -> None:
        mark = _mark(call.key)
        text = f"{call.subject}\n{call.text}\n{call.disposition}".strip()[:LONGEST_TEXT]
        content = {"comment": {"body": f"{text}\n{mark}", "contentType": "Text/Plain"}}
        known = next((each for each in items if mark in _body(each)), None)
        if known is None:
            self._relate(case, "Comment", content)
        elif _body(known) != content["comment"]["body"]:
            id = known["relatedItemId"]
            _asked(
                self._cases.update_related_item, domainId=self._domain, caseId=case, relatedItemId=id, content=content
            )

    def _items(self, case: str) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, Any] = {"domainId": self._domain, "caseId": case, "maxResults": 25}
        for _ in range(MOST_PAGES):
            page = _asked(self._cases.search_related_items, missing=CaseMissing("the case is not there"), **asked)
            yield from (each for each in page.get("relatedItems") or () if each)
            if not page.get("nextToken"):
                return
            asked["nextToken"] = page["nextToken"]
        raise CrmRefused(f"the case has more than {25 * MOST_PAGES} related items")

    def _relate(self, case: str, kind: str, content: Mapping[str, Any]) -> None:
        _asked(self._cases.create_related_item, domainId=self._domain, caseId=case, type=kind, content=content)

    def _update(self, case: str, fields: Collection[Mapping[str, Any]]) -> None:
        missing = CaseMissing("the case is not there")
        _asked(self._cases.update_case, missing=missing, domainId=self._domain, caseId=case, fields=list(fields))

    def update_case(self, call: CallLog) -> None:
        """The comment is there by ``log_call``; here the disposition, where the tenant names a field for it."""
        if self._disposition and call.disposition:
            value = {"stringValue": call.disposition[:LONGEST_FIELD]}
            self._update(call.case, [{"id": self._disposition, "value": value}])

    def context(self, person: str, fields: Collection[str]) -> Mapping[str, str]:
        profile = next(iter(self._matching("_profileId", person)), {})
        own = profile.get("Attributes") or {}
        found = {each: own.get(each.removeprefix("Attributes."), profile.get(each)) for each in fields}
        return {each: str(value) for each, value in found.items() if isinstance(value, str) and value}

    def erase(self, what: WhatToErase) -> int:
        """A case that we made, whole; of another one our comment."""
        cases = [str(each["caseId"]) for each in self._ours(what.key)]
        gone = sum(self._gone(self._cases.delete_case, domainId=self._domain, caseId=case) for case in cases)
        if what.record and what.record not in cases:
            gone += self._comments_gone(what.record, what.key)
        if what.person:
            profile = {"ProfileId": what.person, "DomainName": self._profiles_domain}
            gone += self._gone(self._profiles.delete_profile, **profile)
        return gone

    def _comments_gone(self, case: str, key: str) -> int:
        try:
            ours = [str(each["relatedItemId"]) for each in self._items(case) if _mark(key) in _body(each)]
        except CaseMissing:
            return 0
        delete = self._cases.delete_related_item
        return sum(self._gone(delete, domainId=self._domain, caseId=case, relatedItemId=id) for id in ours)

    def _gone(self, delete: Callable[..., Any], **about: Any) -> int:
        try:
            _asked(delete, missing=_Gone(), **about)
        except _Gone:
            return 0
        return 1

    def outcomes(self, cursor: str) -> OutcomePage:
        """Cases that were changed since; those that we made carry our tag."""
        if not cursor:
            return OutcomePage((), _stamp(self._clock.now_ms()))
        since = {"field": {"greaterThanOrEqualTo": {"id": _UPDATED, "value": {"stringValue": cursor}}}}
        page = _asked(
            self._cases.search_cases, domainId=self._domain, filter=since, maxResults=EACH,
            fields=[{"id": "status"}, {"id": _UPDATED}], sorts=[{"fieldId": _UPDATED, "sortOrder": "Asc"}],
        )  # fmt: skip
        cases = [(_values(each), each) for each in page.get("cases") or ()]
        found = tuple(_outcome(has, each) for has, each in cases if (each.get("tags") or {}).get(TAG))
        return OutcomePage(found, cases[-1][0][_UPDATED] if cases else cursor, len(cases) == EACH)


def _values(case: Mapping[str, Any]) -> dict[str, str]:
    return {str(each["id"]): str(each["value"].get("stringValue", "")) for each in case.get("fields") or ()}


def _outcome(has: Mapping[str, str], case: Mapping[str, Any]) -> CrmOutcome:
    at = datetime.fromisoformat(has[_UPDATED].replace("Z", "+00:00"))
    kind = OutcomeKind.CASE_CLOSED if has.get("status") == "closed" else OutcomeKind.CASE_REOPENED
    return CrmOutcome(str(case["tags"][TAG]), kind, str(case["caseId"]), round(at.timestamp() * 1000))


def _stamp(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Gone(Exception):
    """It is not there any more."""


def _asked(ask: Callable[..., Any], *, missing: Exception | None = None, **about: Any) -> Mapping[str, Any]:
    """Codes alone are repeated: messages may quote what was sent."""
    try:
        found: Mapping[str, Any] = ask(**about)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ResourceNotFoundException":
            raise (missing or CrmRefused("there is no such domain or template")) from error
        if code in _REFUSED:
            raise CrmRefused(f"Connect answers {code}; check the declaration and the function's rights") from error
        raise CrmUnavailable(f"Connect answers {code}") from error  # ConflictException: a merge is under way
    except BotoCoreError as error:
        raise CrmUnavailable(f"Connect cannot be reached ({type(error).__name__})") from error
    return found


def _mark(key: str) -> str:
    return _MARK.format(hashlib.sha256(key.encode()).hexdigest()[:12])


def _body(item: Mapping[str, Any]) -> str:
    return str(item["content"].get("comment", {}).get("body", ""))


def crm(declared: FilingSystem, connection: Connection) -> ConnectCasesCrm:
    assert connection.client is not None
    return ConnectCasesCrm(
        declared, connection.client("connectcases"), connection.client("customer-profiles"), connection.clock
    )
