"""Unit: scorecards of many calls, the forms behind them, and who sees how raters agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.request_models import BadRequest
from sotto.api.panel.requests import serve
from sotto.api.roles import Action, Role
from sotto.api.scorecards.queue import MOST_LISTED, QueueFilter, QueuePorts, list_scorecards
from sotto.call.contact import Contact
from sotto.call.outcome import FormScore
from sotto.core.audit import AuditAction
from sotto.history.conversation import ConversationRow, Leg
from sotto.scorecards.evaluation import MACHINE, Kind, filled_in
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.scorecards.form import Compared, Enablement, Option
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.books import BooksInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk
from tests.fakes.history import HistoryInMemory
from tests.unit.scorecards.any_form import answered, any_form, any_question

NOW_MS = 1_790_000_000_000
SUE = Caller("bank", "sue", Role.SUPERVISOR, frozenset({"service"}))
QUINN = Caller("bank", "quinn", Role.QUALITY)
FAILS = Option(ref="no", text="No", score=0, automatic_fail=True)
WHY = any_question("why", enablement=Enablement(condition=Compared(question="greet", options=("no",))))
FORM = any_form(any_question("greet", options=(Option(ref="yes", text="Yes", score=10), FAILS), weight=70.0), WHY)


def any_leg(number: int, *scores: FormScore, **known: Any) -> Leg:
    given: dict[str, Any] = {"agent": "emma", "team": "service", "scores": scores or (FormScore("every_call", 80.0),)}
    at_ms = NOW_MS - number * 60_000
    return Leg(f"c{number}", at_ms, at_ms + 30_000, True, "en-US", "Loans", **given | known)


def history_of(*legs: Leg) -> HistoryInMemory:
    history = HistoryInMemory()
    for leg in legs:
        history.replace(ConversationRow("bank", leg.contact_id, (leg,), 1), before=None)
    return history


@dataclass
class World:
    desk: Desk

    def ask(self, caller: Caller, **asked: Any) -> list[tuple[str, str, str]]:
        shape = serve("Query.scorecardQueue", {"filter": asked}, caller, self.desk.ports())
        return [(each["contactId"], each["form"], each["state"]) for each in shape["scorecards"]]


@pytest.fixture
def world() -> World:
    """Four calls: one that nobody has seen, one that failed and is appealed, one decided, one erased."""
    book = TenantBook(tenant="bank", settings=TenantSettings(title="Bank", instances=()), scorecards=(FORM,))
    desk = Desk(ClockByHand(NOW_MS), books=BooksInMemory(book))
    desk.history = history_of(
        any_leg(1, FormScore("every_call", 80.0), FormScore("sales", 40.0, by_person=True)),
        any_leg(2, FormScore("every_call", 10.0, by_person=True, has_failed=True, appealed=True), team="retention"),
        any_leg(3, FormScore("every_call", None, determined=0.2), agent="sue"),
        any_leg(4, erased=True),
    )
    return World(desk)


def test_each_form_of_each_call_is_a_row_the_latest_first_and_an_appeal_is_what_waits(world: World) -> None:
    assert world.ask(QUINN) == [
        ("c1", "every_call", "UNSEEN"),
        ("c1", "sales", "SEEN"),
        ("c2", "every_call", "APPEALED"),
        ("c3", "every_call", "UNSEEN"),
    ]
    assert [(each.action, each.record) for each in world.desk.audit.all] == [
        (AuditAction.HISTORY_LISTED, "scorecards/4")
    ]


@pytest.mark.parametrize(
    ("asked", "contacts"),
    [
        ({"states": ["UNSEEN"]}, ["c1", "c3"]),
        ({"states": ["APPEALED", "SEEN"]}, ["c1", "c2"]),
        ({"forms": ["sales"]}, ["c1"]),
        ({"teams": ["retention"]}, ["c2"]),
        ({"agents": ["sue"]}, ["c3"]),
        ({"maxScore": 40}, ["c1", "c2"]),
        ({"minScore": 0.5, "states": ["UNSEEN"]}, ["c1"]),
        ({"untilMs": NOW_MS - 60_000}, ["c2", "c3"]),
    ],
)
def test_it_is_narrowed_by_any_of_them(world: World, asked: dict[str, Any], contacts: list[str]) -> None:
    assert [contact for contact, _, _ in world.ask(QUINN, **asked)] == contacts


@pytest.mark.parametrize("asked", [{"states": ["LOST"]}, {"minScore": 101}, {"sinceMs": 0, "untilMs": NOW_MS}])
def test_nonsense_is_refused(world: World, asked: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        world.ask(QUINN, **asked)


CALLERS = st.builds(
    Caller,
    tenant=st.sampled_from(["bank", "garage"]),
    agent=st.sampled_from(["emma", "sue", "tom"]),
    role=st.sampled_from(list(Role)),
    teams=st.frozensets(st.sampled_from(["service", "retention"])),
)
LEGS = st.tuples(st.sampled_from([None, "emma", "sue"]), st.sampled_from([None, "service", "retention"]))


@given(CALLERS, st.lists(LEGS, max_size=6))
def test_a_caller_sees_the_rows_of_those_calls_whose_scorecards_they_may_read_and_no_other(
    caller: Caller, calls: list[tuple[str | None, str | None]]
) -> None:
    legs = [any_leg(number, agent=agent, team=team) for number, (agent, team) in enumerate(calls)]
    ports = QueuePorts(history_of(*legs), AuditLogInMemory(), ClockByHand(NOW_MS))
    queue = list_scorecards(QueueFilter(0, NOW_MS + 1), caller, ports)
    contacts = [Contact("bank", each.contact_id, "i", "s", 0, agent=each.agent, team=each.team) for each in legs]
    readable = [each.contact_id for each in contacts if caller.may(Action.READ_EVALUATION, each)]
    assert [each.leg.contact_id for each in queue.scorecards] == readable


def test_more_than_a_page_can_hold_is_said() -> None:
    legs = [any_leg(number) for number in range(MOST_LISTED + 1)]
    ports = QueuePorts(history_of(*legs), AuditLogInMemory(), ClockByHand(NOW_MS))
    queue = list_scorecards(QueueFilter(0, NOW_MS + 1), QUINN, ports)
    assert (len(queue.scorecards), queue.is_cut_short) == (MOST_LISTED, True)
    queue = list_scorecards(QueueFilter(NOW_MS - 60_000, NOW_MS + 1), QUINN, ports)
    assert (len(queue.scorecards), queue.is_cut_short) == (2, False)


def test_a_form_says_what_its_questions_weigh_what_fails_it_and_when_they_are_asked(world: World) -> None:
    (form,) = serve("Query.scorecardForms", {}, SUE, world.desk.ports())
    greet, why = form["questions"]
    assert (form["version"], form["scoring"]) == (FORM.version, "QUESTION_ONLY")
    assert (greet["weight"], why["weight"]) == (70.0, 30.0)
    assert [each["failsForm"] for each in greet["options"]] == [False, True]
    assert why["conditions"] == [{"isUnless": False, "text": "greet = no"}]
    assert greet["answeredBy"] == ["PERSON"]


@given(CALLERS)
def test_forms_and_agreement_are_for_those_of_the_table(caller: Caller) -> None:
    book = TenantBook(tenant="bank", settings=TenantSettings(title="Bank", instances=()), scorecards=(FORM,))
    ports = Desk(ClockByHand(NOW_MS), books=BooksInMemory(book)).ports()
    readers = {Role.SUPERVISOR, Role.COACH, Role.QUALITY, Role.AUTHOR, Role.ADMIN}
    mine = replace(caller, tenant="bank")
    for field, asked in (("Query.scorecardForms", {}), ("Query.scorecardAgreement", {"form": "every_call"})):
        if caller.role in readers:
            assert serve(field, asked, mine, ports)
        else:
            with pytest.raises(Unauthorised):
                serve(field, asked, mine, ports)


def rate(world: World, contact_id: str, by: str, greet: str) -> None:
    kind = Kind.MACHINE if by == MACHINE else Kind.CALIBRATION
    made = filled_in(
        FORM, (answered("greet", greet),), tenant="bank", contact_id=contact_id, kind=kind, by=by, at_ms=NOW_MS
    )
    world.desk.evaluations.append(made, after=len(world.desk.evaluations.versions("bank", contact_id, FORM.name)))


def test_agreement_of_few_calls_is_shown_with_what_it_is_worth_and_releases_nothing(world: World) -> None:
    for number in range(6):
        for by, greet in ((MACHINE, "yes"), ("sue", "yes"), ("tom", "yes" if number else "no")):
            rate(world, f"r{number}", by, greet)
    found = serve("Query.scorecardAgreement", {"form": "every_call"}, QUINN, world.desk.ports())
    greet = found["questions"][0]
    assert (greet["decision"], greet["calls"]) == ("TOO_FEW", 6)
    assert greet["raw"] == pytest.approx(11 / 12)
    assert greet["machineHumanInterval"]["low"] <= greet["machineHuman"] <= greet["machineHumanInterval"]["high"]
    assert found["questions"][1]["calls"] == 0 and found["questions"][1]["alpha"] is None


def test_who_answered_what_is_seen_of_the_calls_that_one_has_rated_and_may_judge(world: World) -> None:
    calls = {"r1": "service", "r2": "service", "r3": "retention"}
    for contact_id, team in calls.items():
        world.desk.conversations.all_contacts.append(Contact("bank", contact_id, "i", "s", 0, agent="emma", team=team))
        for by in (MACHINE, "tom", *(("sue",) if contact_id != "r2" else ())):
            rate(world, contact_id, by, "yes")
    found = serve("Query.scorecardAgreement", {"form": "every_call"}, SUE, world.desk.ports())
    assert [each["contactId"] for each in found["calls"]] == ["r1"]
    assert [each["by"] for each in found["calls"][0]["raters"]] == ["machine", "sue", "tom"]
    assert found["calls"][0]["raters"][0]["values"] == [{"question": "greet", "value": "yes"}]
    assert (AuditAction.FIGURE_OPENED, "agreement/every_call/1") in [
        (each.action, each.record) for each in world.desk.audit.all
    ]


def test_a_form_that_is_not_there_is_refused_in_words(world: World) -> None:
    with pytest.raises(BadRequest, match="choose one of every_call"):
        serve("Query.scorecardAgreement", {"form": "none"}, QUINN, world.desk.ports())


def test_what_was_done_with_a_call_is_for_auditors_and_stays_when_it_is_gone(world: World) -> None:
    ports = world.desk.ports()
    world.ask(QUINN)
    for at_ms, action in ((2, AuditAction.ERASED), (1, AuditAction.LOOKED_INTO)):
        world.desk.audit.append(replace(world.desk.audit.all[0], action=action, record="contact/c9", at_ms=at_ms))
    found = serve("Query.callAuditTrail", {"contactId": "c9"}, Caller("bank", "ada", Role.AUDITOR), ports)
    assert [each["action"] for each in found] == ["looked_into", "erased"]
    assert world.desk.audit.all[-1].action is AuditAction.AUDIT_READ
    for role in set(Role) - {Role.AUDITOR, Role.ADMIN}:
        with pytest.raises(Unauthorised):
            serve("Query.callAuditTrail", {"contactId": "c9"}, Caller("bank", "ada", role), ports)
    assert serve("Query.callAuditTrail", {"contactId": "c9"}, Caller("garage", "ada", Role.AUDITOR), ports) == []
