"""Unit: scorecards and reviews as the panel asks for them: who may, in which shapes, and what is refused how."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema, graphql_sync
from hypothesis import given
from hypothesis import strategies as st

from local.options import REPOSITORY
from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.request_models import BadRequest
from sotto.api.panel.requests import serve
from sotto.api.panel.scorecards import FIELDS
from sotto.api.roles import Action, Role
from sotto.call.contact import Contact
from sotto.call.review import Review, ReviewState
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.core.audit import AuditAction
from sotto.scorecards.evaluation import MACHINE, Kind, filled_in
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.dispositions import DispositionCode, Dispositions
from tests.fakes.books import BooksInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk
from tests.unit.scorecards.any_form import answered, any_form, any_question

NOW_MS = 1_790_000_000_000
FORM = any_form(any_question("greet"), any_question("recap"))
EMMA = Caller("bank", "emma", Role.AGENT)
SUE = Caller("bank", "sue", Role.SUPERVISOR, frozenset({"service"}))
TOM = Caller("bank", "tom", Role.SUPERVISOR, frozenset({"service"}))
CONTACT = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")
YES = [{"question": "greet", "value": "yes"}, {"question": "recap", "value": "yes", "comment": "card 4111111111111111"}]
ABOUT = {"contactId": "c1", "form": "every_call"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "Query.scorecards": {"contactId": "c1"},
    "Query.review": {"contactId": "c1"},
    "Mutation.acknowledgeScorecard": {**ABOUT, "version": 1},
    "Mutation.appealScorecard": {**ABOUT, "questions": ["recap"], "reason": "I did sum up"},
    "Mutation.reviewScorecard": {**ABOUT, "after": 1, "answers": YES},
    "Mutation.calibrateScorecard": {**ABOUT, "answers": YES},
    "Mutation.decideAppeal": {**ABOUT, "after": 1, "answers": []},
    "Mutation.finishReview": {"contactId": "c1"},
}
SDL = (REPOSITORY / "sotto" / "realtime" / "schema.graphql").read_text()
OF_APPSYNC = (REPOSITORY / "sotto" / "realtime" / "appsync.graphql").read_text()
SCHEMA = build_schema(OF_APPSYNC + SDL)
ACTIONS = {
    "Query.scorecards": Action.READ_EVALUATION,
    "Query.review": Action.REVIEW,
    "Mutation.acknowledgeScorecard": Action.ACKNOWLEDGE,
    "Mutation.appealScorecard": Action.APPEAL,
    "Mutation.reviewScorecard": Action.REVIEW,
    "Mutation.calibrateScorecard": Action.CALIBRATE,
    "Mutation.decideAppeal": Action.DECIDE,
    "Mutation.finishReview": Action.REVIEW,
}


def desk(contact: Contact = CONTACT) -> Desk:
    codes = Dispositions(codes=(DispositionCode(code="saved", title="Customer stays"),))
    settings = TenantSettings(title="Bank", instances=())
    book = TenantBook(tenant="bank", settings=settings, scorecards=(FORM,), dispositions=codes)
    at = Desk(ClockByHand(NOW_MS), books=BooksInMemory(book))
    at.conversations.all_contacts.append(contact)
    answers = (answered("greet"), answered("recap", "no"))
    made = filled_in(FORM, answers, tenant="bank", contact_id="c1", kind=Kind.MACHINE, by=MACHINE, at_ms=NOW_MS)
    at.evaluations.append(made, after=0)
    line = SummaryLine(SummaryPart.REASON, "I want to leave.", ("u1",))
    at.summaries.store(CallSummary("bank", "c1", (line,), Origin.QUOTED, "", 2, 1, 9))
    at.tasks.open.add("token")
    at.reviews.replace(Review("bank", "c1", ReviewState.WAITING, NOW_MS, "token", version=1), expected_version=0)
    return at


def ask(at: Desk, field: str, caller: Caller, **changes: Any) -> Any:
    """As a client gets it that asks for everything that the schema has: what the schema does not allow is an error."""
    shape = serve(field, ARGUMENTS[field] | changes, caller, at.ports())
    root, name = field.split(".")
    type_ = str(SCHEMA.type_map[root].fields[name].type)  # type: ignore[attr-defined]
    types = SDL[SDL.index("enum MessageKind") :]
    answer = build_schema(f"{OF_APPSYNC} type Query {{ answer: {type_} }} {types}")
    found = graphql_sync(answer, f"{{ answer {_everything(type_)} }}", {"answer": shape})
    assert found.errors is None and found.data is not None, found.errors
    return found.data["answer"]


def _everything(type_: str) -> str:
    fields = getattr(SCHEMA.type_map[type_.strip("[]!")], "fields", {})
    inner = " ".join(f"{name} {_everything(str(each.type))}" for name, each in fields.items())
    return f"{{ {inner} }}" if inner else ""


CALLERS = st.builds(
    Caller,
    tenant=st.sampled_from(["bank", "garage"]),
    agent=st.sampled_from(["emma", "sue", "tom"]),
    role=st.sampled_from(list(Role)),
    teams=st.frozensets(st.sampled_from(["service", "retention"])),
)


@given(CALLERS, st.sampled_from(sorted(FIELDS)), st.sampled_from(["emma", "sue"]), st.sampled_from([None, "service"]))
def test_role_action_and_attribute_decide_for_every_field(caller: Caller, field: str, agent: str, team: str) -> None:
    contact = Contact("bank", "c1", "i", "s", 0, agent=agent, team=team)
    at = desk(contact)
    before = (len(at.evaluations.stored), dict(at.evaluations.appeals), dict(at.evaluations.seen), list(at.tasks.beats))
    if caller.may(ACTIONS[field], contact):
        try:
            serve(field, ARGUMENTS[field], caller, at.ports())
        except BadRequest as refused:
            assert "none waits for a decision" in str(refused)  # no appeal was lodged, which is another test's
        return
    with pytest.raises(Unauthorised):
        serve(field, ARGUMENTS[field], caller, at.ports())
    after = (len(at.evaluations.stored), dict(at.evaluations.appeals), dict(at.evaluations.seen), list(at.tasks.beats))
    assert after == before and len(at.evaluations.versions("bank", "c1", "every_call")) == 1


def test_every_field_of_it_is_looked_at() -> None:
    assert FIELDS.keys() == ARGUMENTS.keys() == ACTIONS.keys()


def test_an_agent_sees_acknowledges_and_appeals_and_another_supervisor_than_the_reviewer_decides() -> None:
    at = desk()
    (seen,) = ask(at, "Query.scorecards", EMMA)
    assert (seen["stands"]["version"], seen["stands"]["kind"], seen["acknowledgedAtMs"]) == (1, "MACHINE", None)
    assert [each["id"] for each in seen["questions"]] == ["greet", "recap"]
    assert ask(at, "Mutation.acknowledgeScorecard", EMMA)["acknowledgedAtMs"] == NOW_MS
    reviewed = ask(at, "Mutation.reviewScorecard", SUE)
    assert (reviewed["version"], reviewed["kind"], reviewed["percentage"]) == (2, "REVIEW", 100.0)
    assert "4111111111111111" not in str(reviewed)
    (again,) = ask(at, "Query.scorecards", EMMA)
    assert again["acknowledgedAtMs"] is None, "another evaluation stands by now"
    with pytest.raises(BadRequest, match="another evaluation stands"):
        ask(at, "Mutation.acknowledgeScorecard", EMMA)
    appeal = ask(at, "Mutation.appealScorecard", EMMA)
    assert (appeal["version"], appeal["decidedVersion"]) == (2, None)
    with pytest.raises(BadRequest, match="somebody else decides it"):
        ask(at, "Mutation.decideAppeal", SUE, after=2)
    decided = ask(at, "Mutation.decideAppeal", TOM, after=2)
    assert (decided["version"], decided["kind"], decided["by"]) == (3, "APPEAL", "tom")
    (last,) = ask(at, "Query.scorecards", EMMA)
    assert last["appeal"]["decidedVersion"] == 3 and [each["version"] for each in last["versions"]] == [1, 2, 3]


def test_raters_are_blind_until_they_have_rated() -> None:
    at = desk()
    assert ask(at, "Mutation.calibrateScorecard", SUE)["kind"] == "CALIBRATION"
    for caller, kinds in ((TOM, ["MACHINE"]), (EMMA, ["MACHINE"]), (SUE, ["MACHINE", "CALIBRATION"])):
        (found,) = ask(at, "Query.scorecards", caller)
        assert [each["kind"] for each in found["versions"]] == kinds


def test_a_review_is_looked_into_and_finished_and_its_token_never_leaves() -> None:
    at = desk()
    assert ask(at, "Query.review", SUE)["state"] == "WAITING" and at.tasks.beats == ["token"]
    assert "token" not in str(serve("Query.review", ARGUMENTS["Query.review"], SUE, at.ports()))
    changes = {
        "scorecards": [{"form": "every_call", "after": 1, "answers": YES}],
        "summary": {"version": 1, "lines": [{"part": "REASON", "text": "Wants to leave", "from": 0}]},
        "code": "saved",
    }
    closed = ask(at, "Mutation.finishReview", SUE, **changes)
    assert (closed["state"], closed["by"], closed["closedAtMs"]) == ("CHANGED", "sue", NOW_MS)
    assert AuditAction.REVIEW_CLOSED in [each.action for each in at.audit.all]
    with pytest.raises(BadRequest, match="finished already"):
        ask(at, "Mutation.finishReview", SUE)


@pytest.mark.parametrize(
    ("field", "changes", "named"),
    [
        ("Mutation.reviewScorecard", {"after": 9}, "another version was stored"),
        ("Mutation.reviewScorecard", {"form": "nobody's", "after": 0}, "form: there is none"),
        ("Mutation.reviewScorecard", {"answers": [{"question": "why", "value": "yes"}]}, "no such question"),
        ("Mutation.reviewScorecard", {"answers": [{"question": "greet", "value": "maybe"}]}, "none of its options"),
        ("Mutation.reviewScorecard", {"answers": [YES[0], YES[0]]}, "answered twice"),
        ("Mutation.reviewScorecard", {"after": -1}, "after: "),
        ("Mutation.finishReview", {"code": "nobody's"}, "code: "),
        ("Mutation.finishReview", {"summary": {"version": 0, "lines": []}}, "summary.version: "),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(field: str, changes: dict[str, Any], named: str) -> None:
    at = desk()
    with pytest.raises(BadRequest, match=named):
        serve(field, ARGUMENTS[field] | changes, SUE, at.ports())
    assert len(at.evaluations.versions("bank", "c1", "every_call")) == 1
