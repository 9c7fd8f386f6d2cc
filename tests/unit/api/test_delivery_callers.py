"""Unit tests: who a token says is calling, and what the arguments of requests may be."""

from __future__ import annotations

from typing import Any

import pytest

from sotto.api.caller import Role, Unauthorised, caller_of
from sotto.api.panel.request_models import BadRequest, Page, Question, RateRequest
from sotto.api.panel.requests import SERVED_FIELDS
from sotto.call.contact import Contact


def any_contact(**changes: Any) -> Contact:
    given: dict[str, Any] = {
        "tenant": "bank",
        "contact_id": "c1",
        "instance_arn": "arn:i",
        "stream_arn": "arn:s",
        "media_started_at_ms": 0,
        "agent": "ann",
        "team": "retention",
    }
    return Contact(**given | changes)


def test_a_caller_without_a_role_is_an_agent() -> None:
    assert caller_of({"tenant": "bank", "agent": "ann"}).role is Role.AGENT


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"tenant": "bank"},
        {"tenant": "", "agent": "ann"},
        {"tenant": ["bank"], "agent": "ann"},
        {"tenant": "bank", "agent": "ann", "role": "owner"},
        {"tenant": "bank", "agent": "ann", "teams": "retention"},
        {"tenant": "bank", "agent": "ann", "teams": [1]},
    ],
)
def test_claims_that_do_not_say_who_calls_are_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised, match="claim"):
        caller_of(claims)


def test_an_agent_reads_only_contacts_of_their_own() -> None:
    ann = caller_of({"tenant": "bank", "agent": "ann", "teams": ["retention"]})
    assert ann.may_read(any_contact())
    assert not ann.may_read(any_contact(agent="bob"))
    assert not ann.may_read(any_contact(agent=None))
    assert not ann.may_read(any_contact(tenant="garage"))


def test_a_supervisor_reads_the_contacts_of_their_teams_and_serves_none_of_them() -> None:
    sue = caller_of({"tenant": "bank", "agent": "sue", "role": "supervisor", "teams": ["retention"]})
    assert sue.may_read(any_contact()) and not sue.serves(any_contact())
    assert not sue.may_read(any_contact(team="sales"))
    assert not sue.may_read(any_contact(team=None))
    assert not sue.may_read(any_contact(tenant="garage"))


@pytest.mark.parametrize(
    ("asked", "arguments", "named"),
    [
        (Page, {"contactId": "c", "limit": 501}, "limit"),
        (Page, {"contactId": "c", "afterSeq": -1}, "afterSeq"),
        (Page, {}, "contactId"),
        (Question, {"contactId": "c", "question": "   "}, "question"),
        (RateRequest, {"contactId": "c", "annotationId": "a", "rating": "MAYBE"}, "rating"),
        (RateRequest, {"contactId": "c", "annotationId": "a", "rating": "UP", "reason": "x" * 501}, "reason"),
    ],
)
def test_a_wrong_argument_is_named(asked: Any, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(BadRequest, match=f"^{named}: "):
        asked.read(arguments)


def test_every_field_that_people_may_use_is_served() -> None:
    from local.aws.appsync.sotto_api import sotto_api, sotto_resolvers

    asked = {name for name in sotto_resolvers(sotto_api()) if ".publish" not in name}
    assert asked == SERVED_FIELDS
