"""Unit: forms from and to Connect's evaluation forms. What is exported is held to botocore's own model of the API."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from local.options import TENANTS
from sotto.scorecards.connect_export import exported
from sotto.scorecards.connect_import import FormRefused, imported
from sotto.tenants.scorecards.checks import Names
from sotto.tenants.scorecards.form import Form, QuestionType, ScoringMode
from sotto.wiring.publishing import book_from

NAMES = Names(moments={"recording_disclosed"})
TENANTS_WITH_FORMS = ("harbour_bank", "torque_garage", "nordlicht_energie")


def single(ref: str, **changes: Any) -> dict[str, Any]:
    options = [{"RefId": "yes", "Text": "Yes", "Score": 10}, {"RefId": "no", "Text": "No", "Score": 0}]
    question = {
        "Title": ref,
        "RefId": ref,
        "QuestionType": "SINGLESELECT",
        "QuestionTypeProperties": {"SingleSelect": {"Options": options, "DisplayAs": "RADIO"}},
    }
    return {"Question": question | changes}


def asked_after(question: str, *options: str, **changes: Any) -> dict[str, Any]:
    values = [{"Type": "OPTION_REF_ID", "RefId": option} for option in options]
    source = {"Type": "QUESTION_REF_ID", "RefId": question}
    expression = {"Source": source, "Values": values, "Comparator": "IN"}
    return {"Condition": {"Operands": [{"Expression": expression}]}, "Action": "ENABLE"} | changes


def document(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "Title": "Every call",
        "Items": [{"Section": {"Title": "All", "RefId": "all", "Items": list(items)}}],
        "ScoringStrategy": {"Mode": "QUESTION_ONLY", "Status": "ENABLED"},
    }
    return given | changes


def problems(given: Any) -> tuple[str, ...]:
    with pytest.raises(FormRefused) as refused:
        imported(given, "every_call", NAMES)
    return refused.value.problems


@pytest.mark.parametrize("tenant", TENANTS_WITH_FORMS)
def test_what_the_shipped_forms_export_is_what_connect_takes(tenant: str) -> None:
    service = botocore.session.get_session().get_service_model("connect")
    shape = service.operation_model("CreateEvaluationForm").input_shape
    for form in book_from(TENANTS / tenant).scorecards:
        made = exported(form).document | {"InstanceId": "i-1"}
        assert not ParamValidator().validate(made, shape).has_errors()


@pytest.mark.parametrize("tenant", TENANTS_WITH_FORMS)
def test_an_exported_form_comes_back_the_same_but_for_what_was_listed(tenant: str) -> None:
    book = book_from(TENANTS / tenant)
    for form in book.scorecards:
        made = exported(form)
        again = imported(made.document, form.name, Names.of(book.playbook)).form
        assert exported(again).document == made.document
        assert _bare(again) == _bare(form)
        assert any("phrases" in each for each in made.left_out)


def _bare(form: Form) -> list[Any]:
    return [
        (each.ref, each.title, each.type, each.options, each.not_applicable, each.enablement, each.scored)
        for each in form.questions
    ]


def test_weights_fails_numbers_texts_and_conditions_are_read() -> None:
    fatal = single("id", Weight=60, NotApplicableEnabled=True)
    own = fatal["Question"]["QuestionTypeProperties"]["SingleSelect"]["Options"]
    own[1] |= {"AutomaticFail": True, "AutomaticFailConfiguration": {"TargetSection": "all"}}
    ranges = [{"MinValue": 0, "MaxValue": 1, "Score": 10}, {"MinValue": 2, "MaxValue": 9, "Score": 0}]
    number = {
        "Title": "n",
        "RefId": "n",
        "Weight": 40,
        "QuestionType": "NUMERIC",
        "QuestionTypeProperties": {"Numeric": {"MinValue": 0, "MaxValue": 9, "Options": ranges}},
    }
    text = {"Title": "t", "RefId": "t", "QuestionType": "TEXT", "Enablement": asked_after("id", "no")}
    found = imported(document(fatal, {"Question": number}, {"Question": text}), "every_call", NAMES)
    one, two, three = found.form.questions
    assert (one.weight, one.not_applicable) == (60, True)
    assert one.options[1].automatic_fail and one.options[1].fails_section == "all"
    assert [(each.least, each.most, each.score) for each in two.ranges] == [(0, 1, 10), (2, 9, 0)]
    assert three.type is QuestionType.TEXT and three.enablement is not None
    assert any("DisplayAs" in place for place in found.left_out)


def test_a_category_becomes_a_moment_and_generative_ai_a_model() -> None:
    rule = {"RuleCategory": {"Category": "Recording disclosed", "Condition": "PRESENT", "OptionRefId": "yes"}}
    by_rule, by_model = single("a"), single("b")
    _automate(by_rule, {"Options": [rule], "DefaultOptionRefId": "no"})
    _automate(by_model, {"AnswerSource": {"SourceType": "GEN_AI"}})
    one, two = imported(document(by_rule, by_model), "f", NAMES).form.questions
    assert one.answer is not None and one.answer.moments == ("recording_disclosed",)
    assert (one.answer.present, one.answer.absent) == ("yes", "no")
    assert two.answer is not None and two.answer.model and not two.answer.moments


def test_a_category_whose_absence_is_a_no_beside_a_default_of_yes_is_read() -> None:
    absent = {"RuleCategory": {"Category": "Recording disclosed", "Condition": "NOT_PRESENT", "OptionRefId": "no"}}
    question = single("a")
    _automate(question, {"Options": [absent], "DefaultOptionRefId": "yes"})
    (found,) = imported(document(question), "f", NAMES).form.questions
    assert found.answer is not None and (found.answer.present, found.answer.absent) == ("yes", "no")


def test_of_two_rules_for_one_side_the_first_stays_and_the_other_is_listed() -> None:
    rules = [
        {"RuleCategory": {"Category": "Recording disclosed", "Condition": "PRESENT", "OptionRefId": ref}}
        for ref in ("yes", "no", "yes")
    ]
    question = single("a")
    _automate(question, {"Options": rules})
    found = imported(document(question), "f", NAMES)
    (one,) = found.form.questions
    assert one.answer is not None and (one.answer.present, one.answer.absent) == ("yes", "no")
    assert (
        [place for place in found.left_out if "Automation" in place]
        == [place for place in found.left_out if place.endswith("Automation.Options[1]")]
        != []
    )


def test_options_that_are_none_are_refused_with_the_place() -> None:
    question = single("a")
    question["Question"]["QuestionTypeProperties"]["SingleSelect"]["Options"] = None
    _automate(question, {"AnswerSource": {"SourceType": "GEN_AI"}})
    assert any("Options" in problem for problem in problems(document(question)))


def test_a_category_that_is_no_moment_is_left_to_people_and_listed() -> None:
    unknown = single("a")
    rule = {"RuleCategory": {"Category": "Nobody knows", "Condition": "PRESENT", "OptionRefId": "yes"}}
    _automate(unknown, {"Options": [rule]})
    found = imported(document(unknown), "f", NAMES)
    assert found.form.questions[0].answer is None
    assert any(place.endswith("Automation.Options[0]") for place in found.left_out)


def _automate(item: dict[str, Any], automation: dict[str, Any]) -> None:
    item["Question"]["QuestionTypeProperties"]["SingleSelect"]["Automation"] = automation


def test_a_described_form_is_read_as_well_and_a_weight_of_zero_is_not_scored() -> None:
    found = imported({"EvaluationForm": document(single("a", Weight=100), single("b", Weight=0))}, "f", NAMES)
    assert [each.scored for each in found.form.questions] == [True, False]
    assert found.form.mode is ScoringMode.QUESTION


@pytest.mark.parametrize(
    ("items", "place", "says"),
    [
        ([single("a"), single("a")], "Items[0].Section.Items[1].Question", "names two items"),
        ([single("a", Weight=0)], "Items", "nothing is scored"),
        ([single("a", Weight=50), single("b", Weight=40)], "Items[0].Section.Items[0].Question", "add up to 90"),
        (
            [single("a", Enablement=asked_after("b", "yes")), single("b", Enablement=asked_after("a", "yes"))],
            "Items[0].Section.Items[0].Question",
            "wait for each other: a -> b -> a",
        ),
        (
            [single("a"), single("b", Enablement=asked_after("a", "maybe"))],
            "Items[0].Section.Items[1].Question",
            "'maybe' is none of the options",
        ),
        ([single("a", QuestionType="MULTISELECT")], "Items[0].Section.Items[0].Question.QuestionType", "several"),
        ([single("a b")], "Items[0].Section.Items[0].Question", "is no reference"),
        (
            [single("a"), single("b", Enablement=asked_after("a", "yes", DefaultAction="ENABLE"))],
            "Items[0].Section.Items[1].Question.Enablement.DefaultAction",
            "changes nothing",
        ),
    ],
)
def test_bad_forms_are_refused_with_the_place(items: list[dict[str, Any]], place: str, says: str) -> None:
    found = problems(document(*copy.deepcopy(items)))
    assert any(each.startswith(f"{place}:") and says in each for each in found), found


def test_a_question_that_no_answers_lead_to_is_refused() -> None:
    both = {
        "Condition": {
            "Operator": "AND",
            "Operands": [asked_after("a", one)["Condition"]["Operands"][0] for one in ("yes", "no")],
        },
        "Action": "ENABLE",
    }
    found = problems(document(single("a"), single("b", Enablement=both)))
    assert any("no answers to the other questions lead to it" in each for each in found)


@pytest.mark.parametrize("given", [{}, [], "x", {"Title": 5, "Items": 3}, {"Title": "x", "Items": [{}]}, None])
def test_what_is_no_form_at_all_is_refused_with_places(given: Any) -> None:
    assert problems(given)


JUNK = st.sampled_from([None, 0, -1, 1e30, "", "x", [], {}, [1], {"a": 1}, True])


@given(st.randoms(use_true_random=False), JUNK)
def test_whatever_stands_in_a_form_it_is_read_or_refused(rng: random.Random, junk: Any) -> None:
    given_form = document(single("a", Weight=40), single("b", Weight=60, Enablement=asked_after("a", "yes")))
    places = [*_places(given_form)]
    holder, key = rng.choice(places)
    holder[key] = junk
    try:
        imported(given_form, "f", NAMES)
    except FormRefused as refused:
        assert refused.problems


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in [*entries]:
        yield value, key
        yield from _places(inner)
