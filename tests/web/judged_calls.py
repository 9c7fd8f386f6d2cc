"""Calls that the bank's own form has judged, as evaluate_conversation and record_history leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from sotto.call.contact import ContactStatus
from sotto.call.outcome import CallOutcome, FormScore
from sotto.history.conversation import ConversationRow, leg_of, with_leg
from sotto.scorecards.answers import Answer, How, Span, Standing
from sotto.scorecards.evaluation import MACHINE, Evaluation, Kind, filled_in, standing
from sotto.tenants.book import TenantBook
from sotto.tenants.scorecards.form import Form, Question, QuestionType
from sotto.wiring.publishing import load_tenant
from tests.fakes.books import BooksInMemory
from tests.web.panel_server import TENANT, PanelServer
from tests.web.sample_call import SampleCall

FORM = "every_call"


@cache
def bank() -> TenantBook:
    return load_tenant(Path(__file__).parents[2] / "tenants" / TENANT).book


def form() -> Form:
    return next(each for each in bank().scorecards if each.name == FORM)


def with_forms(server: PanelServer) -> None:
    server.desk.books = BooksInMemory(bank())


def judge(server: PanelServer, call: SampleCall, *, by: str = MACHINE, no: Sequence[str] = ()) -> Evaluation:
    """Every first option, but the second for the questions in ``no``; open where nobody can choose. A person's is a
    calibration."""
    spoken = server.conversations.utterances(*call.key, 0, 500)
    how = How.PLAYBOOK if by == MACHINE else How.PERSON
    answers = [_answer(each, each.ref in no, how, spoken[-1].id) for each in form().questions]
    kind = Kind.MACHINE if by == MACHINE else Kind.CALIBRATION
    at_ms = int(server.desk.clock.now_ms())
    made = filled_in(form(), answers, tenant=TENANT, contact_id=call.contact.contact_id, kind=kind, by=by, at_ms=at_ms)
    known = server.desk.evaluations.versions(TENANT, call.contact.contact_id, FORM)
    stored = server.desk.evaluations.append(made, after=len(known))
    keep_row(server, call)
    return stored


def keep_row(server: PanelServer, call: SampleCall) -> None:
    """What record_history makes of it, by the same reading of what stands."""
    evaluations, about = server.desk.evaluations, (TENANT, call.contact.contact_id, FORM)
    stands, appeal = standing(evaluations.versions(*about)), evaluations.appeal(*about)
    scores = ()
    if stands is not None:
        appealed = appeal is not None and not appeal.decided_version
        by_person = stands.kind is not Kind.MACHINE
        total, determined = stands.total, stands.determined
        scores = (FormScore(FORM, total.percentage, by_person, total.automatic_fail, determined, appealed),)
    ended = replace(call.contact, status=ContactStatus.ENDED, ended_at_ms=call.contact.media_started_at_ms + 90_000)
    before: ConversationRow | None = server.desk.history.row(TENANT, ended.conversation_id)
    row = with_leg(before, ended, leg_of(ended, CallOutcome(scores=scores)))
    if row is not before:
        server.desk.history.replace(row, before=before)


def _answer(question: Question, is_no: bool, how: How, shown_by: str) -> Answer:
    if question.type is not QuestionType.SINGLE_SELECT or len(question.options) < 2:
        return Answer(question.ref, Standing.OPEN, reason="a person answers this")
    value = question.options[1 if is_no else 0].ref
    return Answer(question.ref, Standing.ANSWERED, value, how, 0.82, (shown_by,), Span(0, 30_000))
