"""Scorecards and reviews in the shapes of schema.graphql."""

from __future__ import annotations

from sotto.api.scorecards.reading import Scorecard
from sotto.call.review import Review
from sotto.realtime.shapes import Shape
from sotto.scorecards.answers import Answer
from sotto.scorecards.evaluation import Appeal, Evaluation
from sotto.tenants.scorecards.form import Form, Question, Section, walk


def scorecard_shape(scorecard: Scorecard) -> Shape:
    seen = scorecard.acknowledged
    is_seen = seen is not None and scorecard.stands is not None and seen.version == scorecard.stands.version
    return {
        "form": scorecard.form.name,
        "title": scorecard.form.title,
        "appealDays": scorecard.form.appeal_days,
        "questions": _questions(scorecard.form),
        "stands": scorecard.stands and evaluation_shape(scorecard.stands),
        "versions": [evaluation_shape(each) for each in scorecard.versions],
        "appeal": scorecard.appeal and appeal_shape(scorecard.appeal),
        "acknowledgedAtMs": seen.at_ms if seen is not None and is_seen else None,
    }


def _questions(form: Form) -> list[Shape]:
    return [
        _question_shape(item, above) for item, above in walk(form) if isinstance(item, Question)
    ]  # fmt: skip


def _question_shape(question: Question, above: tuple[Section, ...]) -> Shape:
    return {
        "id": question.ref,
        "section": above[-1].title,
        "title": question.title,
        "instructions": question.instructions,
        "type": question.type.value,
        "mayNotApply": question.not_applicable,
        "options": [{"id": each.ref, "text": each.text} for each in question.options],
        "least": question.least,
        "most": question.most,
    }


def evaluation_shape(evaluation: Evaluation) -> Shape:
    return {
        "contactId": evaluation.contact_id,
        "form": evaluation.form,
        "version": evaluation.version,
        "kind": evaluation.kind.value.upper(),
        "by": evaluation.by,
        "atMs": evaluation.at_ms,
        "percentage": evaluation.total.percentage,
        "hasFailed": evaluation.total.automatic_fail,
        "determined": evaluation.determined,
        "answers": [_answer_shape(each) for each in evaluation.answers],
    }


def _answer_shape(answer: Answer) -> Shape:
    return {
        "question": answer.question,
        "standing": answer.standing.value.upper(),
        "value": answer.value or None,
        "how": answer.how.value.upper(),
        "confidence": answer.confidence,
        "utteranceIds": list(answer.utterances),
        "fromMs": answer.span.from_ms if answer.span else None,
        "toMs": answer.span.to_ms if answer.span else None,
        "reason": answer.reason or None,
    }


def appeal_shape(appeal: Appeal) -> Shape:
    return {
        "form": appeal.form,
        "version": appeal.version,
        "by": appeal.by,
        "atMs": appeal.at_ms,
        "questions": list(appeal.questions),
        "reason": appeal.reason,
        "decidedVersion": appeal.decided_version or None,
    }


def review_shape(review: Review) -> Shape:
    """Without its token, which is nobody's to know."""
    return {
        "contactId": review.contact_id,
        "state": review.state.value.upper(),
        "openedAtMs": review.opened_at_ms,
        "by": review.by or None,
        "closedAtMs": review.at_ms or None,
    }
