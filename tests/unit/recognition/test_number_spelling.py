"""One spelling for a number, however it was spoken or written. Kind: pure function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.spoken_digits import in_pairs, one_by_one, with_oh, with_repeats
from sotto.recognition.number_spelling import compared, spelled

ALIKE = [
    ["4-1-1-1", "4111", "four one one one", "forty one eleven", "forty-one eleven", "41 11", "four triple one"],
    ["202-555-0147", "two zero two, five five five, oh one four seven", "202 555 0147", "2025550147"],
    ["$280", "two hundred and eighty dollars", "280 dollars", "two hundred eighty dollars"],
    ["$35.50", "thirty five dollars and fifty cents"],
    ["60,000 miles", "sixty thousand miles", "60000 miles"],
    ["March 12th, 1984", "march twelfth nineteen eighty four"],
    ["10:30 a.m.", "ten thirty AM"],
    ["3.5%", "three point five percent"],
    ["a hundred", "100", "one hundred"],
    ["2 million", "two million", "2,000,000"],
    ["oh two oh two", "0202"],
    ["the 24th", "the twenty fourth"],
]


IN_GERMAN = [
    ["14 Tage", "vierzehn Tage"],
    ["82 Euro", "zweiundachtzig Euro", "zweiundachtzig euro,"],
    ["312", "dreihundertzwölf", "drei eins zwei", "3 1 2"],
    ["2000", "zweitausend", "zwei tausend"],
    ["fünf Tage", "5 Tage"],
]
IN_SPANISH = [
    ["32 euros", "treinta y dos euros", "treintaidós euros"],
    ["200 días", "doscientos días"],
    ["15 días", "quince días"],
    ["1000", "mil"],
]


@pytest.mark.parametrize(
    ("language", "alike"), [*(("de", each) for each in IN_GERMAN), *(("es", each) for each in IN_SPANISH)]
)
def test_spellings_are_the_same_in_german_and_spanish(language: str, alike: list[str]) -> None:
    assert len({compared(text, language) for text in alike}) == 1


def test_a_language_without_number_words_keeps_its_words_and_takes_digits_apart() -> None:
    assert compared("vingt-deux euros, 22 euros", "fr") == "vingt deux euros 2 2 euros"


def test_the_span_of_a_number_is_the_whole_of_it() -> None:
    text = "in einundzwanzig Tagen"
    assert [text[word.start : word.end] for word in spelled(text, "de")] == [
        "in", "einundzwanzig", "einundzwanzig", "Tagen",
    ]  # fmt: skip


@pytest.mark.parametrize("alike", ALIKE, ids=lambda alike: alike[0])
def test_spellings_of_a_number_are_the_same(alike: list[str]) -> None:
    assert len({compared(text) for text in alike}) == 1


@pytest.mark.parametrize(("text", "other"), [("4111", "4112"), ("fifty", "fifteen"), ("12", "120")])
def test_other_numbers_are_others(text: str, other: str) -> None:
    assert compared(text) != compared(other)


def test_text_without_numbers_keeps_its_words() -> None:
    assert compared("Oh, it's a second-hand car; I don't know.") == "oh it's a second hand car i don't know"


@given(st.text(alphabet="0123456789", min_size=4, max_size=16), st.randoms())
def test_digits_read_out_in_any_way_are_those_digits(digits: str, source: object) -> None:
    for style in (one_by_one, with_oh, with_repeats, in_pairs):
        spoken = " ".join(style(digits, source))  # type: ignore[arg-type]
        if "0" in digits and style is in_pairs:
            continue  # "twenty oh four" and "two hundred four" are not told apart by everybody
        assert compared(spoken).replace(" ", "") == digits


@given(st.text(max_size=80))
def test_any_text_is_read_and_words_stand_where_they_say(text: str) -> None:
    for word in spelled(text):
        assert 0 <= word.start < word.end <= len(text)
