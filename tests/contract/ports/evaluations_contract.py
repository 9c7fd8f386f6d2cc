"""What every store of evaluations must do, as a class of tests to inherit. A subclass gives ``evaluations``
and ``events``, which says the names of the events that are stored about the contact, sorted (fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sotto.aws.keys import BadKey
from sotto.scorecards.answers import Answer, How, Span, Standing
from sotto.scorecards.evaluation import (
    MACHINE,
    Acknowledgement,
    Appeal,
    Evaluation,
    EvaluationChanged,
    Evaluations,
    Kind,
    NotAllowed,
    Rating,
    gold_answers,
)
from sotto.scorecards.scoring import Score
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000
YES = Answer("greet", Standing.ANSWERED, "yes", How.PLAYBOOK, 0.9, ("u1", "u2"), Span(0, 20_000))
OPEN = Answer("recap", Standing.OPEN, reason="a person answers this")
NOT_ASKED = Answer("why", Standing.NOT_ASKED)


def any_evaluation(**changes: Any) -> Evaluation:
    made = Evaluation(
        tenant="bank",
        contact_id="c1",
        form="every_call",
        form_version="abc",
        kind=Kind.MACHINE,
        by=MACHINE,
        at_ms=NOW_MS,
        answers=(YES, OPEN, NOT_ASKED),
        total=Score(80.5, applied_weight=100.0),
        determined=0.5,
        through_seq=7,
    )
    return replace(made, **changes)


def any_appeal(**changes: Any) -> Appeal:
    return replace(Appeal("bank", "c1", "every_call", 1, "emma", NOW_MS, ("greet",), "I did greet"), **changes)


class EvaluationsContract:
    def test_of_a_call_that_nobody_judged_there_is_nothing(self, evaluations: Evaluations) -> None:
        assert list(evaluations.versions("bank", "c1", "every_call")) == []
        assert evaluations.appeal("bank", "c1", "every_call") is None
        assert list(evaluations.gold("bank", "c1", "every_call")) == []
        assert list(evaluations.ratings("bank", "every_call", limit=10)) == []

    def test_versions_come_back_as_they_were_in_order_and_of_one_form_of_one_call(
        self, evaluations: Evaluations
    ) -> None:
        first = evaluations.append(any_evaluation(), after=0)
        second = evaluations.append(any_evaluation(kind=Kind.REVIEW, by="süe"), after=1)
        evaluations.append(any_evaluation(contact_id="c2"), after=0)
        evaluations.append(any_evaluation(form="every_call_2"), after=0)
        evaluations.append(any_evaluation(tenant="garage"), after=0)
        assert [first.version, second.version] == [1, 2]
        assert list(evaluations.versions("bank", "c1", "every_call")) == [first, second]

    def test_each_version_that_may_stand_is_announced_once_and_a_refused_one_never(
        self, evaluations: Evaluations, events: Callable[[], list[str]]
    ) -> None:
        evaluations.append(any_evaluation(), after=0)
        evaluations.append(any_evaluation(kind=Kind.CALIBRATION, by="sue"), after=1)
        evaluations.append(any_evaluation(kind=Kind.REVIEW, by="tom"), after=2)
        with pytest.raises(EvaluationChanged):
            evaluations.append(any_evaluation(kind=Kind.REVIEW, by="tom"), after=2)
        assert events() == ["scorecard.ready#every_call#1", "scorecard.ready#every_call#3"]

    @pytest.mark.parametrize("after", [0, 2])
    def test_a_version_follows_the_last_one_alone(self, evaluations: Evaluations, after: int) -> None:
        first = evaluations.append(any_evaluation(), after=0)
        with pytest.raises(EvaluationChanged):
            evaluations.append(any_evaluation(kind=Kind.REVIEW, by="sue"), after=after)
        assert list(evaluations.versions("bank", "c1", "every_call")) == [first]

    def test_an_appeal_is_lodged_once_and_decided_once(self, evaluations: Evaluations) -> None:
        evaluations.append(any_evaluation(), after=0)
        evaluations.lodge(any_appeal())
        with pytest.raises(NotAllowed):
            evaluations.lodge(any_appeal(reason="again"))
        assert evaluations.appeal("bank", "c1", "every_call") == any_appeal()
        evaluations.append(any_evaluation(kind=Kind.APPEAL, by="tom"), after=1, decides=any_appeal())
        assert evaluations.appeal("bank", "c1", "every_call") == any_appeal(decided_version=2)
        with pytest.raises(EvaluationChanged):
            evaluations.append(any_evaluation(kind=Kind.APPEAL, by="tom"), after=2, decides=any_appeal())
        assert len(evaluations.versions("bank", "c1", "every_call")) == 2

    def test_an_appeal_is_announced_with_its_being_lodged_and_not_again(
        self, evaluations: Evaluations, events: Callable[[], list[str]]
    ) -> None:
        evaluations.lodge(any_appeal())
        with pytest.raises(NotAllowed):
            evaluations.lodge(any_appeal(reason="again"))
        assert events() == ["appeal.lodged#every_call#1"]

    def test_the_latest_appeal_is_the_one(self, evaluations: Evaluations) -> None:
        evaluations.lodge(any_appeal())
        evaluations.lodge(any_appeal(version=2))
        assert evaluations.appeal("bank", "c1", "every_call") == any_appeal(version=2)

    def test_what_is_settled_takes_the_place_of_what_was(self, evaluations: Evaluations) -> None:
        review = any_evaluation(kind=Kind.REVIEW, by="sue")
        evaluations.append(review, after=0, gold=gold_answers(review))
        assert list(evaluations.gold("bank", "c1", "every_call")) == list(gold_answers(review))
        no = replace(YES, value="no")
        decided = any_evaluation(kind=Kind.APPEAL, by="tom", answers=(no,))
        evaluations.append(decided, after=1, gold=gold_answers(decided))
        assert [each.value for each in evaluations.gold("bank", "c1", "every_call")] == ["no"]

    def test_ratings_are_bare_answers_of_all_calls_the_latest_first(self, evaluations: Evaluations) -> None:
        evaluations.append(any_evaluation(), after=0)
        evaluations.append(any_evaluation(contact_id="c2", by="sue", kind=Kind.CALIBRATION, at_ms=NOW_MS + 5), after=0)
        evaluations.append(any_evaluation(tenant="garage"), after=0)
        found = list(evaluations.ratings("bank", "every_call", limit=10))
        assert [(each.contact_id, each.question, each.value) for each in found] == [
            ("c2", "greet", "yes"),
            ("c2", "recap", "open"),
            ("c1", "greet", "yes"),
            ("c1", "recap", "open"),
        ]
        assert found[0] == Rating("c2", "greet", "sue", Kind.CALIBRATION, "abc", "yes")
        assert {each.contact_id for each in evaluations.ratings("bank", "every_call", limit=1)} == {"c2"}

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, evaluations: Evaluations, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            evaluations.versions(tenant, contact_id, "every_call")
        with pytest.raises(BadKey):
            evaluations.append(any_evaluation(tenant=tenant, contact_id=contact_id), after=0)
        with pytest.raises(BadKey):
            evaluations.lodge(any_appeal(tenant=tenant, contact_id=contact_id))

    def test_so_is_a_form(self, evaluations: Evaluations) -> None:
        with pytest.raises(BadKey):
            evaluations.versions("bank", "c1", "a#b")

    def test_what_was_acknowledged_first_stays_and_the_latest_version_is_found(self, evaluations: Evaluations) -> None:
        assert evaluations.acknowledged("bank", "c1", "every_call") is None
        seen = Acknowledgement("bank", "c1", "every_call", 1, "emma", NOW_MS)
        evaluations.acknowledge(seen)
        evaluations.acknowledge(replace(seen, at_ms=NOW_MS + 5))
        assert evaluations.acknowledged("bank", "c1", "every_call") == seen
        evaluations.acknowledge(replace(seen, version=2))
        assert evaluations.acknowledged("bank", "c1", "every_call") == replace(seen, version=2)
        assert evaluations.acknowledged("bank", "c1", "another") is None
