"""A filled-in form, in immutable versions: the machine's, a person's review, what came of an appeal, and calibrations
beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sotto.call.events import AppealLodged, ScorecardReady
from sotto.core.errors import Rejected, Retryable
from sotto.scorecards.answers import Answer, Standing
from sotto.scorecards.scoring import Score, scored
from sotto.tenants.scorecards.form import Form

MACHINE = "machine"
"""Who filled in what no person did."""


class Kind(StrEnum):
    """``CALIBRATION``: filled in to compare raters; it never stands for the call."""

    MACHINE = "machine"
    REVIEW = "review"
    APPEAL = "appeal"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``version`` counts 1, 2, 3... of this call and form. ``by``: the reviewer's username, or MACHINE. ``rests_on``:
    the version that was looked at, 0 for none. ``form_version`` names the form's content; ``through_seq``: the last
    utterance that was known. ``at_ms``: Unix epoch."""

    tenant: str
    contact_id: str
    form: str
    form_version: str
    kind: Kind
    by: str
    at_ms: int
    answers: tuple[Answer, ...]
    total: Score
    determined: float
    through_seq: int = 0
    rests_on: int = 0
    version: int = 0

    @property
    def by_question(self) -> Mapping[str, Answer]:
        return {answer.question: answer for answer in self.answers}


@dataclass(frozen=True, slots=True)
class Appeal:
    """The agent disagrees with ``version``. It stays with the call when it has been decided, by ``decided_version``."""

    tenant: str
    contact_id: str
    form: str
    version: int
    by: str
    at_ms: int
    questions: tuple[str, ...]
    reason: str
    decided_version: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The agent of the call has seen ``version``. ``at_ms``: Unix epoch."""

    tenant: str
    contact_id: str
    form: str
    version: int
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer of one rater, without text: what agreement is reckoned from."""

    contact_id: str
    question: str
    by: str
    kind: Kind
    form_version: str
    value: str


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """What a question's right answer was, as a review or an appeal decided it: what a judge is measured by, and learns
    from. ``utterances``: ids of the words that show it, which are read from the call while it is kept."""

    tenant: str
    contact_id: str
    form: str
    form_version: str
    question: str
    value: str
    utterances: tuple[str, ...]
    decided_by: Kind
    at_ms: int


class EvaluationChanged(Retryable):
    """Another version was stored meanwhile."""


class NotAllowed(Rejected):
    """The rules of reviews and appeals refuse it; the message says which."""


class Evaluations(Protocol):
    def versions(self, tenant: str, contact_id: str, form: str) -> Sequence[Evaluation]:
        """All of them, the first one first."""
        ...

    def append(
        self, evaluation: Evaluation, *, after: int, gold: Sequence[GoldAnswer] = (), decides: Appeal | None = None
    ) -> Evaluation:
        """As it is stored, with its version: ``after`` + 1. Raises EvaluationChanged where ``after`` is not the last
        one, and StorageUnavailable. ``gold`` takes the place of what was agreed before; ``decides``: the appeal that
        it answers. All or nothing."""
        ...

    def appeal(self, tenant: str, contact_id: str, form: str) -> Appeal | None:
        """The latest."""
        ...

    def lodge(self, appeal: Appeal) -> None:
        """Raises NotAllowed where that version has one already, and StorageUnavailable."""
        ...

    def acknowledge(self, seen: Acknowledgement) -> None:
        """Of the same version the first one stays. Raises StorageUnavailable."""
        ...

    def acknowledged(self, tenant: str, contact_id: str, form: str) -> Acknowledgement | None:
        """Of the latest version that was acknowledged."""
        ...

    def gold(self, tenant: str, contact_id: str, form: str) -> Sequence[GoldAnswer]:
        """By question."""
        ...

    def ratings(self, tenant: str, form: str, *, limit: int) -> Sequence[Rating]:
        """Of all calls, the latest evaluations first; ``limit``: of evaluations."""
        ...


def value_of(answer: Answer) -> str:
    """As raters are compared by it: the answer, or its standing where there is none."""
    return answer.value if answer.standing is Standing.ANSWERED else answer.standing.value


def filled_in(
    form: Form,
    answers: Sequence[Answer],
    *,
    tenant: str,
    contact_id: str,
    kind: Kind,
    by: str,
    at_ms: int,
    through_seq: int = 0,
    rests_on: int = 0,
) -> Evaluation:
    """With the score that the form gives these answers."""
    scores = scored(form, {answer.question: answer for answer in answers})
    return Evaluation(
        tenant=tenant,
        contact_id=contact_id,
        form=form.name,
        form_version=form.version,
        kind=kind,
        by=by,
        at_ms=at_ms,
        answers=tuple(answers),
        total=scores.total,
        determined=scores.determined,
        through_seq=through_seq,
        rests_on=rests_on,
    )


def standing(versions: Sequence[Evaluation]) -> Evaluation | None:
    """The one that stands for the call: the latest that is no calibration; a machine's never comes after a person's."""
    of_people = [each for each in versions if each.kind in (Kind.REVIEW, Kind.APPEAL)]
    of_machine = [each for each in versions if each.kind is Kind.MACHINE]
    return next(reversed(of_people or of_machine), None)


def ready(stored: Evaluation) -> ScorecardReady:
    """What is announced of a version that may stand for the call: of every one but a calibration."""
    return ScorecardReady.of(
        stored.tenant, stored.contact_id, form=stored.form, version=stored.version, at_ms=stored.at_ms
    )


def lodged(appeal: Appeal) -> AppealLodged:
    return AppealLodged.of(
        appeal.tenant, appeal.contact_id, form=appeal.form, version=appeal.version, at_ms=appeal.at_ms
    )


def gold_answers(evaluation: Evaluation) -> tuple[GoldAnswer, ...]:
    """What a person's evaluation says for the gold set: what was answered or found not to apply."""
    return tuple(
        GoldAnswer(
            evaluation.tenant,
            evaluation.contact_id,
            evaluation.form,
            evaluation.form_version,
            answer.question,
            value_of(answer),
            answer.utterances,
            evaluation.kind,
            evaluation.at_ms,
        )
        for answer in evaluation.answers
        if answer.standing in (Standing.ANSWERED, Standing.NOT_APPLICABLE)
    )


def ratings_of(evaluation: Evaluation) -> tuple[Rating, ...]:
    """Of what was asked."""
    return tuple(
        Rating(
            evaluation.contact_id,
            answer.question,
            evaluation.by,
            evaluation.kind,
            evaluation.form_version,
            value_of(answer),
        )
        for answer in evaluation.answers
        if answer.standing is not Standing.NOT_ASKED
    )
