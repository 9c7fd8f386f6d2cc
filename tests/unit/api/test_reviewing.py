"""Unit: a supervisor reviews what was made of a call."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.disposition.choose import UnknownCode
from sotto.after_call.edit import EditedLine, EditPorts, NotEditable
from sotto.after_call.review.reviews import ReviewPorts
from sotto.after_call.workflow.records import WorkPorts
from sotto.api.caller import Caller, Unauthorised
from sotto.api.review.use_cases import Changes, ReviewedScorecard, ReviewerPorts, finish_review, waiting_review
from sotto.api.roles import Action, Role
from sotto.api.scorecards.access import ScorecardPorts
from sotto.api.scorecards.use_cases import GivenAnswer
from sotto.call.contact import Contact
from sotto.call.events import ReviewClosed
from sotto.call.review import Review, ReviewState
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.core.audit import AuditAction
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.scorecards.evaluation import MACHINE, EvaluationChanged, Kind, NotAllowed, filled_in, standing
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.dispositions import DispositionCode, Dispositions
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.books import BooksInMemory
from tests.fakes.call_records import SummariesInMemory, WorkInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.evaluations import EvaluationsInMemory
from tests.fakes.reviews import ReviewsInMemory, TasksInMemory
from tests.unit.scorecards.any_form import answered, any_form, any_question

NOW_MS = 1_790_000_000_000
FORM = any_form(any_question("greet"), any_question("recap"))
SUE = Caller("bank", "sue", Role.SUPERVISOR, frozenset({"service"}))
CONTACT = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")
LINE = EditedLine(SummaryPart.REASON, "Wants to leave, card 4711.", 0)


@dataclass
class World:
    contact: Contact = CONTACT
    evaluations: EvaluationsInMemory = field(default_factory=EvaluationsInMemory)
    summaries: SummariesInMemory = field(default_factory=SummariesInMemory)
    reviews: ReviewsInMemory = field(default_factory=ReviewsInMemory)
    tasks: TasksInMemory = field(default_factory=lambda: TasksInMemory({"token"}))
    audit: AuditLogInMemory = field(default_factory=AuditLogInMemory)
    work: WorkInMemory = field(default_factory=WorkInMemory)

    def __post_init__(self) -> None:
        codes = Dispositions(codes=(DispositionCode(code="saved", title="Customer stays"),))
        settings = TenantSettings(title="Bank", instances=())
        book = TenantBook(tenant="bank", settings=settings, scorecards=(FORM,), dispositions=codes)
        clock, consents = ClockByHand(NOW_MS), ConsentsInMemory()
        contacts, panel = ContactsInMemory(self.contact), PanelPublisher(ChannelInMemory(), lambda what: None)
        redact = lambda _, text: text.replace("4711", "[card]")  # noqa: E731
        self.ports = ReviewerPorts(
            ScorecardPorts(contacts, BooksInMemory(book), self.evaluations, self.audit, clock, redact),
            EditPorts(consents, self.summaries, redact, panel, clock),
            WorkPorts(consents, self.work, panel, clock),
            ReviewPorts(contacts, consents, self.reviews, self.tasks, clock),
        )
        answers = (answered("greet"), answered("recap", "no"))
        about = {"tenant": "bank", "contact_id": "c1", "kind": Kind.MACHINE, "by": MACHINE, "at_ms": NOW_MS}
        self.evaluations.append(filled_in(FORM, answers, **about), after=0)  # type: ignore[arg-type]
        line = SummaryLine(SummaryPart.REASON, "I want to leave.", ("u1",))
        self.summaries.store(CallSummary("bank", "c1", (line,), Origin.QUOTED, "", 2, 1, 9))
        waiting = Review("bank", "c1", ReviewState.WAITING, NOW_MS, "token", version=1)
        self.reviews.replace(waiting, expected_version=0)

    @property
    def stored(self) -> tuple[int, int, Review]:
        """Versions of the evaluation and the summary, and the review."""
        summary, review = self.summaries.summary("bank", "c1"), self.reviews.review("bank", "c1")
        assert summary is not None and review is not None
        return len(self.evaluations.versions("bank", "c1", "every_call")), summary.version, review


ALL = Changes(
    scorecards=(ReviewedScorecard("every_call", {"recap": GivenAnswer("yes", ("u9",))}, after=1),),
    summary=(LINE,),
    summary_version=1,
    code="saved",
)


def test_what_the_reviewer_changes_are_new_versions_and_the_task_is_answered() -> None:
    world = World()
    reviewed = finish_review("c1", ALL, SUE, world.ports)
    assert (reviewed.review.state, reviewed.review.by, reviewed.is_late) == (ReviewState.CHANGED, "sue", False)
    evaluations, summary, _ = world.stored
    assert (evaluations, summary) == (2, 2)
    stands = standing(world.evaluations.versions("bank", "c1", "every_call"))
    assert stands is not None and (stands.kind, stands.by, stands.total.percentage) == (Kind.REVIEW, "sue", 100.0)
    edited = world.summaries.summary("bank", "c1")
    assert edited is not None and edited.edited_by == "sue" and "4711" not in edited.lines[0].text
    work = world.work.work("bank", "c1")
    assert work is not None and work.disposition is not None and work.disposition.choice is not None
    assert (work.disposition.choice.code, work.disposition.choice.agent) == ("saved", "sue")
    assert world.tasks.answered == {"token": ReviewState.CHANGED}
    assert [type(each) for each in world.reviews.events] == [ReviewClosed]
    assert [each.action for each in world.audit.all] == [AuditAction.CALL_REVIEWED, AuditAction.REVIEW_CLOSED]


def test_a_reviewer_who_changes_nothing_confirms_it_as_it_is() -> None:
    world = World()
    assert finish_review("c1", Changes(), SUE, world.ports).review.state is ReviewState.CONFIRMED
    assert world.stored[:2] == (1, 1)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (Changes(scorecards=(ReviewedScorecard("every_call", {}, after=9),), code="saved"), EvaluationChanged),
        (Changes(scorecards=ALL.scorecards, summary=(LINE,), summary_version=9), NotEditable),
        (Changes(scorecards=ALL.scorecards, summary=(LINE,), summary_version=1, code="nobody's"), UnknownCode),
    ],
)
def test_of_changes_that_do_not_go_together_none_is_stored_and_the_review_waits(
    changes: Changes, error: type[Exception]
) -> None:
    world = World()
    with pytest.raises(error):
        finish_review("c1", changes, SUE, world.ports)
    evaluations, summary, review = world.stored
    assert (evaluations, summary, review.is_waiting) == (1, 1, True)
    assert world.work.work("bank", "c1") is None and not world.tasks.answered


def test_a_second_review_and_one_that_comes_too_late_are_refused_and_store_nothing() -> None:
    world = World()
    finish_review("c1", Changes(), SUE, world.ports)
    with pytest.raises(NotAllowed, match="finished already"):
        finish_review("c1", ALL, SUE, world.ports)
    late = World()
    accepted = Review("bank", "c1", ReviewState.ACCEPTED, NOW_MS, at_ms=NOW_MS, version=2)
    late.reviews.replace(accepted, expected_version=1)
    with pytest.raises(NotAllowed, match="accepted as it stands"):
        finish_review("c1", ALL, SUE, late.ports)
    assert world.stored[:2] == late.stored[:2] == (1, 1)


def test_looking_into_one_that_waits_gives_it_more_time_and_is_noted() -> None:
    world = World()
    found = waiting_review("c1", SUE, world.ports)
    assert found is not None and found.is_waiting and world.tasks.beats == ["token"]
    assert [each.action for each in world.audit.all] == [AuditAction.LOOKED_INTO]


CALLERS = st.builds(
    Caller,
    tenant=st.sampled_from(["bank", "garage"]),
    agent=st.sampled_from(["emma", "sue"]),
    role=st.sampled_from(list(Role)),
    teams=st.frozensets(st.sampled_from(["service", "retention"])),
)


@given(CALLERS, st.sampled_from([None, "service", "retention"]), st.sampled_from(["emma", "sue"]))
def test_whom_the_table_refuses_changes_nothing_and_learns_nothing(caller: Caller, team: str, agent: str) -> None:
    world = World(Contact("bank", "c1", "i", "s", 0, agent=agent, team=team))
    if caller.may(Action.REVIEW, world.contact):
        assert finish_review("c1", ALL, caller, world.ports).review.by == caller.agent
        return
    for attempt in (
        lambda: finish_review("c1", ALL, caller, world.ports),
        lambda: waiting_review("c1", caller, world.ports),
    ):
        with pytest.raises(Unauthorised):
            attempt()
    evaluations, summary, review = world.stored
    assert (evaluations, summary, review.is_waiting, world.tasks.beats) == (1, 1, True, [])
