"""The arguments of requests about scorecards and reviews."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from sotto.api.panel.request_models import About, Id, Line, RequestModel

Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]
LEFT_OUT = BeforeValidator(lambda given: () if given is None else given)
"""A list that GraphQL lets be null."""
Version = Annotated[int, Field(ge=0)]


class Given(RequestModel):
    """``value``: an option's reference or a number as text; None: does not apply."""

    question: Id
    value: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    utterance_ids: Annotated[tuple[Id, ...], Field(max_length=20), LEFT_OUT] = ()
    comment: Annotated[Comment, BeforeValidator(lambda given: given or "")] = ""


Answers = Annotated[tuple[Given, ...], Field(max_length=100)]


class AboutForm(About):
    form: Id


class AboutVersion(AboutForm):
    version: Annotated[int, Field(ge=1)]


class Calibration(AboutForm):
    answers: Answers


class Judgement(Calibration):
    """``after``: the last version that was seen."""

    after: Version


class NewAppeal(AboutForm):
    questions: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]
    reason: Annotated[Comment, StringConstraints(min_length=1)]


class JudgedScorecard(RequestModel):
    form: Id
    after: Version
    answers: Answers


class ReviewedSummary(RequestModel):
    version: Annotated[int, Field(ge=1)]
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=40)]


class FinishedReview(About):
    scorecards: Annotated[tuple[JudgedScorecard, ...], Field(max_length=20), LEFT_OUT] = ()
    summary: ReviewedSummary | None = None
    code: Id | None = None
