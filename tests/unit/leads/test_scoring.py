"""Unit: leads are scored by tables, and the points add up."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.leads.features import MISSING, OTHER, BadLead, Choice, Number, inferred
from sotto.leads.learner import Learner
from sotto.leads.model import BadModel, LeadModel, model_from

AGE, JOB = Number("age", (30.0, 60.0)), Choice("job", ("clerk", "student"))


def learnt(rounds: int = 400, seed: int = 1) -> LeadModel:
    """Students buy, old people rarely."""
    chance = random.Random(seed)
    learner = Learner((AGE, JOB), "bought")
    for _ in range(rounds):
        job, age = chance.choice(("clerk", "student", "priest", "")), chance.randrange(18, 90)
        likely = 0.1 + 0.5 * (job == "student") - 0.05 * (age >= 60)
        learner.learn({"age": age, "job": job}, chance.random() < likely)
    return learner.model(1_000.0)


MODEL = learnt()
ages = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**30), 10**30))
jobs = st.one_of(st.none(), st.sampled_from(("clerk", "student")), st.text(max_size=200))


@settings(max_examples=300)
@given(ages, jobs)
def test_points_add_up_to_the_score_to_the_tenth(age: float | None, job: str | None) -> None:
    found = MODEL.score({"age": age, "job": job})
    assert round(10 * found.base) + sum(round(10 * term.points) for term in found.terms) == round(10 * found.score)
    assert 0.0 <= found.low <= found.score + 0.05 and found.score - 0.05 <= found.high <= 100.0


def test_what_makes_a_lead_buy_has_the_most_points() -> None:
    found = MODEL.score({"age": 20, "job": "student"})
    best = max(found.terms, key=lambda term: term.points)
    assert (best.feature, best.slot) == ("job", "student")
    assert found.score > MODEL.score({"age": 20, "job": "clerk"}).score
    assert (found.version, found.expires_at_ms) == (MODEL.version, 1_000 + 30 * 86_400_000)


def test_little_seen_is_little_known() -> None:
    def width(model: LeadModel) -> float:
        found = model.score({"age": 20, "job": "student"})
        return found.high - found.low

    assert width(learnt(4_000)) < width(learnt(40))


def test_a_base_rate_that_rises_is_followed() -> None:
    chance, learner = random.Random(2), Learner((JOB,))
    for _ in range(1_000):
        learner.learn({"job": "clerk"}, chance.random() < 0.03)
    before = learner.chance({"job": "clerk"})
    for _ in range(300):
        learner.learn({"job": "clerk"}, chance.random() < 0.4)
    assert before < 0.1 and learner.chance({"job": "clerk"}) > 0.25


def test_what_is_no_feature_is_ignored_and_named() -> None:
    assert MODEL.score({"age": 20, "zip": "1"}).ignored == ("zip",)


@pytest.mark.parametrize("value", ["old", float("nan"), float("inf"), True, [], {}, "1e999"])
def test_what_is_no_number_is_refused_without_being_repeated(value: Any) -> None:
    with pytest.raises(BadLead, match="age: a") as refused:
        MODEL.score({"age": value})
    assert "old" not in str(refused.value)


def test_missing_and_unknown_values_have_slots_of_their_own() -> None:
    slots = {term.feature: term.slot for term in MODEL.score({"job": "astronaut"}).terms}
    assert slots == {"age": MISSING, "job": OTHER}
    with pytest.raises(BadLead, match="job: a text"):
        MODEL.score({"job": "x" * 201})


def test_a_lead_that_is_refused_teaches_nothing() -> None:
    learner = Learner((AGE,))
    with pytest.raises(BadLead):
        learner.learn({"age": "old"}, True)
    assert learner.learnt_from == 0


def test_a_model_is_read_as_it_was_written() -> None:
    again = model_from(MODEL.as_json())
    assert again == MODEL and again.version == MODEL.version
    assert again.score({"age": 44, "job": "clerk"}) == MODEL.score({"age": 44, "job": "clerk"})


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "[" * 10_000, MODEL.as_json().replace('"tables": [[', '"tables": [[1e999, ')]
)
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(BadModel):
        model_from(text)


def test_a_table_of_another_length_is_refused() -> None:
    with pytest.raises(BadModel, match="length"):
        LeadModel("bought", (JOB,), 0.0, ((1.0,),), ((1.0,),), 0, 0)


def test_features_are_found_as_the_values_look() -> None:
    rows = [{"id": f"x{at}", "age": str(at % 70), "job": "ab"[at % 2], "same": "1", "late": "9"} for at in range(200)]
    features, left_out = inferred(rows, without=("late",))
    assert [type(each).__name__ + each.name for each in features] == ["Numberage", "Choicejob"]
    assert left_out == ["id", "same"]


def test_a_number_that_most_leads_share_has_a_slot_of_its_own() -> None:
    (feature,), _ = inferred([{"days": "999" if at % 10 else str(at % 7)} for at in range(100)])
    assert isinstance(feature, Number)
    assert feature.slot_of("999") != feature.slot_of("3")
