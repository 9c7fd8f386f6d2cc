"""A supervisor reviews what was made of a call: its scorecards, its summary, its disposition. Each change is a version
of its own with its own event, by which the CRM record, search and analytics follow.

Who may is the row "review" of sotto.api.scorecards.access: whoever supervises the call's team, on no call of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sotto.after_call.disposition.choose import UnknownCode, choose_disposition
from sotto.after_call.edit import EditedLine, EditPorts, NotEditable, edit_summary
from sotto.after_call.review.reviews import ReviewPorts, close_review
from sotto.after_call.workflow.records import WorkPorts
from sotto.api.caller import Caller
from sotto.api.roles import Action
from sotto.api.scorecards.access import ScorecardPorts, allowed, form_of, last_version, noted
from sotto.api.scorecards.use_cases import GivenAnswer
from sotto.api.scorecards.use_cases import review as review_scorecard
from sotto.call.contact import Contact
from sotto.call.review import Review, ReviewState
from sotto.core.audit import AuditAction
from sotto.scorecards.evaluation import EvaluationChanged, NotAllowed


@dataclass(frozen=True, slots=True)
class ReviewedScorecard:
    """``after``: the last version that the reviewer saw."""

    form: str
    given: Mapping[str, GivenAnswer]
    after: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What is left out stays as it is. ``summary_version``: the one that was edited, 0 for none. ``code``: of the
    tenant's dispositions."""

    scorecards: Sequence[ReviewedScorecard] = ()
    summary: Sequence[EditedLine] = ()
    summary_version: int = 0
    code: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.scorecards or self.summary or self.code)


@dataclass(frozen=True, slots=True)
class ReviewerPorts:
    scorecards: ScorecardPorts
    edits: EditPorts
    work: WorkPorts
    reviews: ReviewPorts


@dataclass(frozen=True, slots=True)
class Reviewed:
    """``is_late``: the time was over in the same moment; the changes stand as versions all the same."""

    review: Review
    is_late: bool = field(default=False)


def waiting_review(contact_id: str, caller: Caller, ports: ReviewerPorts) -> Review | None:
    """As it is, for who may review; None where none was asked for. Looking into one that waits gives it seven days
    more. Raises Unauthorised and Retryable."""
    contact = allowed(caller, Action.REVIEW, contact_id, ports.scorecards)
    noted(caller, AuditAction.LOOKED_INTO, contact, ports.scorecards)
    found = ports.reviews.reviews.review(contact.tenant, contact.contact_id)
    if found is not None and found.is_waiting:
        ports.reviews.tasks.beat(found.token)
    return found


def finish_review(contact_id: str, changes: Changes, caller: Caller, ports: ReviewerPorts) -> Reviewed:
    """The review, closed. All changes are looked at before the first is stored; one that is refused in between,
    because somebody else changed the same, leaves the review waiting, and those before it stand as versions.

    Raises Unauthorised, NotAllowed where none waits, EvaluationChanged, NotEditable, UnknownCode, NotAnAnswer, and
    Retryable."""
    contact = allowed(caller, Action.REVIEW, contact_id, ports.scorecards)
    _check_waiting(contact, ports)
    _check(contact, changes, caller, ports)
    for each in changes.scorecards:
        review_scorecard(contact_id, each.form, each.given, caller, ports.scorecards, after=each.after)
    if changes.summary:
        edit_summary(contact, changes.summary_version, changes.summary, caller.agent, ports.edits)
    if changes.code:
        book = ports.scorecards.books.current(contact.tenant)
        choose_disposition(contact, changes.code, caller.agent, book, ports.work)
    outcome = ReviewState.CONFIRMED if changes.is_empty else ReviewState.CHANGED
    closed = close_review(contact, outcome, caller.agent, ports.reviews)
    if closed is None:
        raise NotAllowed("review: nothing of this call may be kept any more")
    noted(caller, AuditAction.REVIEW_CLOSED, contact, ports.scorecards)
    return Reviewed(closed, is_late=closed.by != caller.agent)


def _check_waiting(contact: Contact, ports: ReviewerPorts) -> None:
    found = ports.reviews.reviews.review(contact.tenant, contact.contact_id)
    if found is None:
        raise NotAllowed("review: none waits for this call")
    if found.state is ReviewState.ACCEPTED:
        raise NotAllowed("review: its time was over and it was accepted as it stands; review a scorecard by itself")
    if not found.is_waiting:
        raise NotAllowed("review: it is finished already")


def _check(contact: Contact, changes: Changes, caller: Caller, ports: ReviewerPorts) -> None:
    for each in changes.scorecards:
        form_of(contact.tenant, each.form, ports.scorecards)
        versions = ports.scorecards.evaluations.versions(contact.tenant, contact.contact_id, each.form)
        if last_version(versions) != each.after:
            raise EvaluationChanged("after: another version was stored meanwhile; read it and try again")
    if changes.summary:
        known = ports.edits.summaries.summary(contact.tenant, contact.contact_id)
        if known is None or known.version != changes.summary_version:
            raise NotEditable("version: the summary has changed meanwhile; look at it again")
    if changes.code and ports.scorecards.books.current(contact.tenant).dispositions.known(changes.code) is None:
        raise UnknownCode("code: the tenant has no such code; reload the panel and choose another")
