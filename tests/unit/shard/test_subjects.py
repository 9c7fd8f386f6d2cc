"""Unit: which article's subject a conversation is about."""

from __future__ import annotations

import numpy as np

from model_containers.shard.heads.subjects import Subjects

NAMES = ["Pier Market Seafood Restaurant", "Cow Hollow Inn and Suites", "Park Tavern", "Restaurant Two Two"]


def clearest(*texts: str) -> str:
    return NAMES[int(np.argmax(Subjects(NAMES).scores(texts)))]


def test_a_subject_named_earlier_is_what_a_later_question_is_about() -> None:
    assert clearest("how about the pier market seafood place", "sure", "do they take dogs") == NAMES[0]


def test_a_misrecognised_name_still_counts() -> None:
    assert clearest("people enjoy the cowhollow in and suits", "is there an elevator") == NAMES[1]


def test_the_later_of_two_subjects_counts_more() -> None:
    assert clearest("pier market seafood restaurant", "cow hollow inn and suites") == NAMES[1]


def test_spoken_numbers_hardly_count() -> None:
    assert Subjects(NAMES).scores(["the number is four two two five"])[3] < 0.5


def test_without_names_or_words_nothing_is_found() -> None:
    assert Subjects([]).scores(["anything"]).shape == (0,)
    assert Subjects(NAMES).scores([]).max() == 0.0
    assert Subjects(["", "Park Tavern"]).scores(["..."]).max() == 0.0
