"""Unit: what a filled-in form is worth."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from sotto.scorecards.scoring import has_full_marks, scored, weights
from sotto.tenants.scorecards.form import (
    Compared,
    Enablement,
    Form,
    NumberRange,
    Option,
    Question,
    QuestionType,
    ScoringMode,
    Section,
    walk,
)
from tests.unit.scorecards.any_form import (
    YES_OR_NO,
    answered,
    any_form,
    any_question,
    not_applicable,
    of,
    two_sections,
)

FATAL = (YES_OR_NO[0], Option(ref="no", text="No", score=0, automatic_fail=True))
FAILS_FIRST = (YES_OR_NO[0], Option(ref="no", text="No", score=0, automatic_fail=True, fails_section="first"))


def weighed(**by_ref: float) -> Form:
    return any_form(*(any_question(ref, weight=weight) for ref, weight in by_ref.items()))


def test_questions_count_by_their_weight() -> None:
    form = weighed(a=50, b=45, c=5)
    scores = scored(form, of(answered("a"), answered("b", "no"), answered("c")))
    assert scores.total.percentage == 55.0
    assert scores.items["a"].percentage == 100.0 and scores.items["a"].applied_weight == 50.0


def test_what_has_no_weight_shares_what_the_others_leave() -> None:
    form = any_form(any_question("a", weight=40), any_question("b"), any_question("c"))
    assert weights(form) == {"a": 40, "b": 30, "c": 30}


def test_the_weight_of_what_does_not_apply_is_shared_in_proportion() -> None:
    form = weighed(a=40, b=40, c=20)
    scores = scored(form, of(not_applicable("a"), answered("b"), answered("c", "no")))
    assert scores.total.percentage == 66.6667
    assert scores.items["a"].not_applicable and scores.items["a"].percentage is None
    assert scores.items["b"].applied_weight == 66.6667
    assert scores.determined == 1.0


def test_what_is_open_is_left_out_and_the_total_says_of_how_much_it_is() -> None:
    form = weighed(a=40, b=60)
    scores = scored(form, of(answered("a")))
    assert (scores.total.percentage, scores.determined) == (100.0, 0.4)
    assert not scores.items["b"].not_applicable


def test_sections_weigh_and_their_questions_share_evenly() -> None:
    first, second = (any_question("a"), any_question("b")), (any_question("c"),)
    form = two_sections(ScoringMode.SECTION, first, second, first=80, second=20)
    scores = scored(form, of(answered("a"), answered("b", "no"), answered("c", "no")))
    assert scores.total.percentage == 40.0
    assert scores.items["first"].percentage == 50.0 and scores.items["first"].applied_weight == 80.0
    all_na = scored(form, of(not_applicable("a"), not_applicable("b"), answered("c")))
    assert all_na.total.percentage == 100.0 and all_na.items["first"].not_applicable


def test_a_question_that_does_not_apply_leaves_its_section_its_weight() -> None:
    """The mean of what is left of a section counts as the section, not less."""
    first, second = (any_question("a"), any_question("b")), (any_question("c"),)
    form = two_sections(ScoringMode.SECTION, first, second, first=50, second=50)
    scores = scored(form, of(not_applicable("a"), answered("b"), answered("c", "no")))
    assert scores.total.percentage == 50.0


def test_points_are_added_and_a_bonus_counts_on_top_up_to_the_whole() -> None:
    points = (Option(ref="yes", text="Yes", points=8), Option(ref="no", text="No", points=2))
    bonus = (Option(ref="yes", text="Yes", points=5, is_bonus=True), Option(ref="no", text="No", points=0))
    form = any_form(any_question("a", options=points), any_question("b", options=bonus), mode=ScoringMode.POINTS)
    low = scored(form, of(answered("a", "no"), answered("b", "yes")))
    assert (low.total.earned_points, low.total.max_base_points, low.total.percentage) == (7, 8, 87.5)
    assert scored(form, of(answered("a"), answered("b"))).total.percentage == 100.0


def test_one_answer_fails_the_form() -> None:
    form = any_form(any_question("a", options=FATAL, weight=10), any_question("b", weight=90))
    scores = scored(form, of(answered("a", "no"), answered("b")))
    assert scores.total.percentage == 0.0 and scores.total.automatic_fail
    assert scores.items["a"].automatic_fail and not scores.items["b"].automatic_fail
    assert not scored(form, of(answered("a"), answered("b", "no"))).total.automatic_fail


def test_or_its_section_alone() -> None:
    first = (any_question("a", options=FAILS_FIRST, weight=30), any_question("b", weight=30))
    form = two_sections(ScoringMode.QUESTION, first, (any_question("c", weight=40),))
    scores = scored(form, of(answered("a", "no"), answered("b"), answered("c")))
    assert scores.items["first"].percentage == 0.0 and scores.items["first"].automatic_fail
    assert scores.items["second"].percentage == 100.0
    assert scores.total.percentage == 40.0


def test_what_is_not_asked_counts_nothing_whatever_was_answered() -> None:
    only_if = Enablement(condition=Compared(question="a", options=("yes",)))
    form = any_form(any_question("a"), any_question("b", enablement=only_if, options=FATAL))
    scores = scored(form, of(answered("a", "no"), answered("b", "no")))
    assert scores.total.percentage == 0.0 and not scores.total.automatic_fail
    assert scores.items["b"].not_applicable
    assert scored(form, of(answered("a"), answered("b", "no"))).total.automatic_fail


def test_numbers_count_by_their_range() -> None:
    ranges = (NumberRange(least=0, most=1, score=10), NumberRange(least=2, most=5, score=4))
    form = any_form(Question(ref="n", title="n", type=QuestionType.NUMERIC, least=0, most=5, ranges=ranges))
    assert scored(form, of(answered("n", "1"))).total.percentage == 100.0
    assert scored(form, of(answered("n", "2"))).total.percentage == 40.0


def test_what_is_excluded_counts_nothing() -> None:
    out = Section(ref="out", title="Out", scored=False, items=(any_question("b"),))
    form = any_form(sections=(Section(ref="in", title="In", items=(any_question("a"),)), out))
    scores = scored(form, of(answered("a"), answered("b", "no")))
    assert scores.total.percentage == 100.0 and scores.items["b"].percentage is None


def test_a_form_that_is_not_scored_has_no_score() -> None:
    scores = scored(any_form(scored=False), of(answered("greet")))
    assert scores.total.percentage is None and scores.total.not_applicable


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
    st.lists(st.sampled_from(["yes", "no", "na", "open"]), min_size=6, max_size=6),
)
def test_a_total_is_a_share_of_what_is_determined_and_weights_always_add_up(
    shares: list[int], given_answers: list[str]
) -> None:
    whole = sum(shares)
    form = weighed(**{f"q{n}": 100 * share / whole for n, share in enumerate(shares)})
    answers = []
    for question, value in zip(form.questions, given_answers, strict=False):
        if value == "na":
            answers.append(not_applicable(question.ref))
        elif value != "open":
            answers.append(answered(question.ref, value))
    scores = scored(form, of(*answers))
    applied = [
        score.applied_weight for item, _ in walk(form) if (score := scores.items[item.ref]) and item.ref[0] == "q"
    ]
    counted = [weight for weight in applied if weight is not None]
    if scores.total.percentage is None:
        assert not counted
    else:
        assert 0 <= scores.total.percentage <= 100
        assert abs(sum(counted) - 100) < 0.01
    assert 0 <= scores.determined <= 1


def test_a_form_as_large_as_connect_allows_is_walked_a_few_times_and_not_for_each_lookup() -> None:
    class Counted(tuple[Section, ...]):
        walks = 0

        def __iter__(self) -> Iterator[Section]:
            Counted.walks += 1
            return super().__iter__()

    sections = Counted(Section(ref=f"s{at}", title="S", items=(any_question(f"q{at}"),)) for at in range(100))
    form = Form.model_construct(**{**any_form(any_question("q")).__dict__, "sections": sections})
    found = scored(form, {f"q{at}": answered(f"q{at}") for at in range(100)})
    assert found.total.percentage == 100.0
    assert Counted.walks < 20, "it was some forty thousand"


def test_full_marks_are_what_is_worth_all_that_its_question_can_give() -> None:
    form = any_form(any_question("a"), any_question("b"), any_question("c"))
    assert has_full_marks(form, answered("a")) is True and has_full_marks(form, answered("b", "no")) is False
    for unscored in (not_applicable("a"), answered("a", "gone"), answered("elsewhere")):
        assert has_full_marks(form, unscored) is None
    partly = (Option(ref="yes", text="Yes", score=8), Option(ref="no", text="No", score=3))
    best = any_form(any_question("a", options=partly))
    assert has_full_marks(best, answered("a")) is True and has_full_marks(best, answered("a", "no")) is False
    assert has_full_marks(any_form(any_question("a"), scored=False), answered("a")) is None
