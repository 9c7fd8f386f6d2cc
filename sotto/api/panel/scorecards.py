"""Scorecards and reviews on the panel: agents see, acknowledge and appeal theirs; supervisors review, calibrate and
decide. Who may what is asked by each use case (sotto.api.scorecards.access)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sotto.after_call.disposition.choose import UnknownCode
from sotto.after_call.edit import EditedLine, NotEditable
from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import About, BadRequest, RequestModel
from sotto.api.panel.scorecard_requests import (
    AboutVersion,
    Calibration,
    FinishedReview,
    Given,
    Judgement,
    NewAppeal,
)
from sotto.api.panel.scorecard_shapes import appeal_shape, evaluation_shape, review_shape, scorecard_shape
from sotto.api.review.use_cases import Changes, ReviewedScorecard, finish_review, waiting_review
from sotto.api.scorecards import use_cases
from sotto.api.scorecards.access import NoSuchForm
from sotto.api.scorecards.reading import acknowledge, read_all
from sotto.api.scorecards.use_cases import GivenAnswer
from sotto.realtime.shapes import Shape
from sotto.scorecards.answers import NotAnAnswer
from sotto.scorecards.evaluation import EvaluationChanged, NotAllowed


@contextmanager
def _with_the_reason() -> Iterator[None]:
    """What the rules refuse, in their own words: they say what to do instead, and hold nothing of the call."""
    try:
        yield
    except (NotAllowed, NotAnAnswer, NoSuchForm, EvaluationChanged, NotEditable, UnknownCode) as error:
        raise BadRequest(str(error)) from None


def scorecards(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    found = read_all(asked.contact_id, caller, ports.reviewer.scorecards)
    return [scorecard_shape(each) for each in found]


def acknowledged(asked: AboutVersion, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        found = acknowledge(asked.contact_id, asked.form, asked.version, caller, ports.reviewer.scorecards)
    return scorecard_shape(found)


def reviewed(asked: Judgement, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        given = _given(asked.answers)
        made = use_cases.review(
            asked.contact_id, asked.form, given, caller, ports.reviewer.scorecards, after=asked.after
        )
    return evaluation_shape(made)


def calibrated(asked: Calibration, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        given = _given(asked.answers)
        made = use_cases.calibrate(asked.contact_id, asked.form, given, caller, ports.reviewer.scorecards)
    return evaluation_shape(made)


def appealed(asked: NewAppeal, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        made = use_cases.appeal(
            asked.contact_id, asked.form, asked.questions, asked.reason, caller, ports.reviewer.scorecards
        )
    return appeal_shape(made)


def decided(asked: Judgement, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        given = _given(asked.answers)
        made = use_cases.decide(
            asked.contact_id, asked.form, given, caller, ports.reviewer.scorecards, after=asked.after
        )
    return evaluation_shape(made)


def review(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    found = waiting_review(asked.contact_id, caller, ports.reviewer)
    return review_shape(found) if found else None


def finished(asked: FinishedReview, caller: Caller, ports: AgentPorts) -> Shape:
    summary = asked.summary
    with _with_the_reason():
        changes = Changes(
            tuple(ReviewedScorecard(each.form, _given(each.answers), each.after) for each in asked.scorecards),
            tuple(EditedLine(each.part, each.text, each.from_line) for each in (summary.lines if summary else ())),
            summary.version if summary else 0,
            asked.code or "",
        )
        closed = finish_review(asked.contact_id, changes, caller, ports.reviewer)
    return review_shape(closed.review)


def _given(answers: Sequence[Given]) -> dict[str, GivenAnswer]:
    """Raises NotAnAnswer."""
    found: dict[str, GivenAnswer] = {}
    for each in answers:
        if each.question in found:
            raise NotAnAnswer(f"{each.question}: is answered twice; answer it once")
        found[each.question] = GivenAnswer(each.value, each.utterance_ids, each.comment)
    return found


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.scorecards": (About, scorecards),
    "Query.review": (About, review),
    "Mutation.acknowledgeScorecard": (AboutVersion, acknowledged),
    "Mutation.appealScorecard": (NewAppeal, appealed),
    "Mutation.reviewScorecard": (Judgement, reviewed),
    "Mutation.calibrateScorecard": (Calibration, calibrated),
    "Mutation.decideAppeal": (Judgement, decided),
    "Mutation.finishReview": (FinishedReview, finished),
}
