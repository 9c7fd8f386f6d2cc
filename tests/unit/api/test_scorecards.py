"""Unit: who may do what with the evaluation of a call, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Role
from sotto.api.scorecards.access import NoSuchForm, ScorecardPorts
from sotto.api.scorecards.reading import read
from sotto.api.scorecards.use_cases import DAY_MS, GivenAnswer, appeal, calibrate, decide, review
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction
from sotto.scorecards.answers import NotAnAnswer
from sotto.scorecards.evaluation import (
    MACHINE,
    EvaluationChanged,
    Evaluations,
    Kind,
    NotAllowed,
    filled_in,
    standing,
)
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.scorecards.form import Compared, Enablement
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.books import BooksInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.evaluations import EvaluationsInMemory
from tests.unit.scorecards.any_form import answered, any_form, any_question

NOW_MS = 1_790_000_000_000
EMMA = Caller("bank", "emma", Role.AGENT)
SUE = Caller("bank", "sue", Role.SUPERVISOR, frozenset({"service"}))
TOM = Caller("bank", "tom", Role.SUPERVISOR, frozenset({"service"}))
ONLY_IF = Enablement(condition=Compared(question="greet", options=("no",)))
FORM = any_form(any_question("greet"), any_question("recap"), any_question("why", enablement=ONLY_IF))
YES, NO = GivenAnswer("yes"), GivenAnswer("no", ("u1",), "too late")


@dataclass
class World:
    ports: ScorecardPorts
    clock: ClockByHand
    audit: AuditLogInMemory

    @property
    def evaluations(self) -> Evaluations:
        return self.ports.evaluations

    @property
    def actions(self) -> list[AuditAction]:
        return [each.action for each in self.audit.all]


@pytest.fixture
def world() -> World:
    """A call of Emma's that the machine has judged: greeted, and not summed up."""
    contact = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")
    book = TenantBook(tenant="bank", settings=TenantSettings(title="Bank", instances=()), scorecards=(FORM,))
    clock, audit = ClockByHand(NOW_MS), AuditLogInMemory()
    evaluations = EvaluationsInMemory()
    machine = filled_in(
        FORM,
        (answered("greet"), answered("recap", "no")),
        tenant="bank",
        contact_id="c1",
        kind=Kind.MACHINE,
        by=MACHINE,
        at_ms=NOW_MS,
    )
    evaluations.append(machine, after=0)
    hidden = ScorecardPorts(
        ContactsInMemory(contact),
        BooksInMemory(book),
        evaluations,
        audit,
        clock,
        lambda _, text: text.replace("4711", "[card]"),
    )
    return World(hidden, clock, audit)


CALLERS = st.builds(
    Caller,
    tenant=st.sampled_from(["bank", "garage"]),
    agent=st.sampled_from(["emma", "sue", "tom"]),
    role=st.sampled_from(list(Role)),
    teams=st.frozensets(st.sampled_from(["service", "retention"])),
)
CONTACTS = st.builds(
    Contact,
    tenant=st.just("bank"),
    contact_id=st.just("c1"),
    instance_arn=st.just("i"),
    stream_arn=st.just("s"),
    media_started_at_ms=st.just(0),
    agent=st.sampled_from([None, "emma", "sue"]),
    team=st.sampled_from([None, "service", "retention"]),
)


@given(CALLERS, CONTACTS)
def test_who_may_do_what(caller: Caller, contact: Contact) -> None:
    is_theirs = caller.tenant == contact.tenant and caller.agent == contact.agent
    is_of_a_team = caller.tenant == contact.tenant and contact.team in caller.teams
    of_everybody = caller.tenant == contact.tenant and caller.role is Role.QUALITY
    looked_after = (caller.role is Role.SUPERVISOR and is_of_a_team) or of_everybody
    coached = caller.role is Role.COACH and is_of_a_team
    expected = {
        Action.READ_EVALUATION: is_theirs or looked_after or coached,
        Action.REVIEW: looked_after and not is_theirs,
        Action.CALIBRATE: looked_after and not is_theirs,
        Action.APPEAL: is_theirs,
        Action.ACKNOWLEDGE: is_theirs,
        Action.DECIDE: looked_after and not is_theirs,
    }
    assert {action: caller.may(action, contact) for action in expected} == expected


@given(CALLERS)
def test_a_use_case_refuses_whom_the_table_refuses_and_stores_nothing(caller: Caller) -> None:
    contact = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")
    evaluations = EvaluationsInMemory()
    ports = ScorecardPorts(
        ContactsInMemory(contact),
        BooksInMemory(),
        evaluations,
        AuditLogInMemory(),
        ClockByHand(0),
        lambda _, text: text,
    )
    attempts = {
        Action.REVIEW: lambda: review("c1", "every_call", {}, caller, ports, after=0),
        Action.CALIBRATE: lambda: calibrate("c1", "every_call", {}, caller, ports),
        Action.APPEAL: lambda: appeal("c1", "every_call", ["greet"], "", caller, ports),
        Action.DECIDE: lambda: decide("c1", "every_call", {}, caller, ports, after=0),
        Action.READ_EVALUATION: lambda: read("c1", "every_call", caller, ports),
    }
    for action, attempt in attempts.items():
        if not caller.may(action, contact):
            with pytest.raises(Unauthorised):
                attempt()
    assert not evaluations.stored and not evaluations.appeals


def test_a_call_that_there_is_not_is_refused_in_the_same_words(world: World) -> None:
    with pytest.raises(Unauthorised) as nothing:
        read("c9", "every_call", SUE, world.ports)
    with pytest.raises(Unauthorised) as not_theirs:
        read("c1", "every_call", Caller("bank", "noah", Role.AGENT), world.ports)
    assert str(nothing.value) == str(not_theirs.value)


def test_a_review_is_a_new_version_that_stands_and_joins_the_gold_set(world: World) -> None:
    made = review("c1", "every_call", {"recap": GivenAnswer("yes", ("u7",), "card 4711")}, SUE, world.ports, after=1)
    versions = world.evaluations.versions("bank", "c1", "every_call")
    assert [(each.version, each.kind, each.by) for each in versions] == [
        (1, Kind.MACHINE, MACHINE),
        (2, Kind.REVIEW, "sue"),
    ]
    assert standing(versions) == made and made.rests_on == 1
    assert made.by_question["greet"].value == "yes" and made.by_question["recap"].reason == "card [card]"
    assert made.total.percentage == 100.0
    gold = world.evaluations.gold("bank", "c1", "every_call")
    assert [(each.question, each.value, each.utterances) for each in gold] == [
        ("greet", "yes", ()),
        ("recap", "yes", ("u7",)),
    ]
    assert world.actions == [AuditAction.CALL_REVIEWED]


def test_an_answer_that_asks_another_question_leaves_that_open(world: World) -> None:
    made = review("c1", "every_call", {"greet": NO}, SUE, world.ports, after=1)
    assert made.by_question["why"].standing.value == "open" and made.determined < 1


def test_a_review_of_what_has_changed_meanwhile_is_refused(world: World) -> None:
    review("c1", "every_call", {}, SUE, world.ports, after=1)
    with pytest.raises(EvaluationChanged):
        review("c1", "every_call", {"greet": NO}, TOM, world.ports, after=1)


@pytest.mark.parametrize(
    "given_answers", [{"greet": GivenAnswer("maybe")}, {"nobody": YES}, {"greet": GivenAnswer("no", (), "x" * 1_001)}]
)
def test_what_is_no_answer_is_refused(world: World, given_answers: Any) -> None:
    with pytest.raises(NotAnAnswer):
        review("c1", "every_call", given_answers, SUE, world.ports, after=1)
    with pytest.raises(NoSuchForm):
        calibrate("c1", "another", given_answers, SUE, world.ports)


def test_an_appeal_goes_to_another_reviewer_and_its_outcome_is_final(world: World) -> None:
    review("c1", "every_call", {"greet": NO}, SUE, world.ports, after=1)
    lodged = appeal("c1", "every_call", ["greet"], "I did", EMMA, world.ports)
    assert (lodged.version, lodged.by) == (2, "emma")
    with pytest.raises(NotAllowed, match="your own review"):
        decide("c1", "every_call", {}, SUE, world.ports, after=2)
    with pytest.raises(NotAllowed, match="appeal waits"):
        review("c1", "every_call", {}, TOM, world.ports, after=2)
    with pytest.raises(NotAllowed, match="not about this question"):
        decide("c1", "every_call", {"recap": YES}, TOM, world.ports, after=2)
    made = decide("c1", "every_call", {"greet": YES}, TOM, world.ports, after=2)
    shown = read("c1", "every_call", EMMA, world.ports)
    assert shown.stands == made and shown.appeal is not None and shown.appeal.decided_version == 3
    assert [each.kind for each in shown.versions] == [Kind.MACHINE, Kind.REVIEW, Kind.APPEAL]  # the machine's stays
    gold = {each.question: each for each in world.evaluations.gold("bank", "c1", "every_call")}
    assert (gold["greet"].value, gold["greet"].decided_by) == ("yes", Kind.APPEAL)
    with pytest.raises(NotAllowed, match="final"):
        appeal("c1", "every_call", ["greet"], "again", EMMA, world.ports)
    with pytest.raises(NotAllowed, match="none waits"):
        decide("c1", "every_call", {}, TOM, world.ports, after=3)


def test_an_appeal_that_is_turned_down_changes_no_answer(world: World) -> None:
    appeal("c1", "every_call", ["recap"], "I did", EMMA, world.ports)
    made = decide("c1", "every_call", {}, SUE, world.ports, after=1)
    assert made.by_question["recap"].value == "no" and made.kind is Kind.APPEAL


def test_an_appeal_has_its_days_and_names_questions_and_comes_once(world: World) -> None:
    with pytest.raises(NotAnAnswer):
        appeal("c1", "every_call", [], "why", EMMA, world.ports)
    with pytest.raises(NotAnAnswer):
        appeal("c1", "every_call", ["nobody"], "why", EMMA, world.ports)
    appeal("c1", "every_call", ["greet"], "why", EMMA, world.ports)
    with pytest.raises(NotAllowed, match="one against this version"):
        appeal("c1", "every_call", ["recap"], "why", EMMA, world.ports)


def test_after_its_days_it_is_too_late(world: World) -> None:
    late = ClockByHand(NOW_MS + 14 * DAY_MS + 1)
    ports = ScorecardPorts(
        world.ports.contacts, world.ports.books, world.evaluations, world.audit, late, world.ports.redact
    )
    with pytest.raises(NotAllowed, match="are over"):
        appeal("c1", "every_call", ["greet"], "why", EMMA, ports)


def test_raters_are_blind_to_each_other_and_never_stand_for_the_call(world: World) -> None:
    calibrate("c1", "every_call", {"greet": YES, "recap": YES}, SUE, world.ports)
    assert [each.kind for each in read("c1", "every_call", TOM, world.ports).versions] == [Kind.MACHINE]
    assert [each.kind for each in read("c1", "every_call", EMMA, world.ports).versions] == [Kind.MACHINE]
    calibrate("c1", "every_call", {"greet": YES, "recap": NO}, TOM, world.ports)
    shown = read("c1", "every_call", TOM, world.ports)
    assert [each.by for each in shown.versions] == [MACHINE, "sue", "tom"]
    assert shown.stands is not None and shown.stands.kind is Kind.MACHINE
    assert world.evaluations.gold("bank", "c1", "every_call") == []
    rated = {(each.by, each.question): each.value for each in world.evaluations.ratings("bank", "every_call", limit=9)}
    assert (rated["sue", "recap"], rated["tom", "recap"], rated[MACHINE, "recap"]) == ("yes", "no", "no")


def test_a_calibration_answers_everything_once_and_not_after_a_review(world: World) -> None:
    with pytest.raises(NotAnAnswer, match="recap"):
        calibrate("c1", "every_call", {"greet": YES}, SUE, world.ports)
    calibrate("c1", "every_call", {"greet": YES, "recap": YES}, SUE, world.ports)
    with pytest.raises(NotAllowed, match="blindly"):
        calibrate("c1", "every_call", {"greet": YES, "recap": YES}, SUE, world.ports)
    review("c1", "every_call", {}, TOM, world.ports, after=2)
    with pytest.raises(NotAllowed, match="blindly"):
        calibrate("c1", "every_call", {"greet": YES, "recap": YES}, TOM, world.ports)


def test_who_looks_at_a_call_that_is_not_theirs_is_noted(world: World) -> None:
    read("c1", "every_call", EMMA, world.ports)
    assert world.actions == []
    read("c1", "every_call", SUE, world.ports)
    assert world.actions == [AuditAction.LOOKED_INTO]
