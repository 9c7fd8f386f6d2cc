"""Whatever way a number is said in, an independent reader gets the same digits back."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.private_templates.numbers import digits
from benchmarks.private_templates.speaker import TONGUES, grouped
from benchmarks.private_templates.speech.codes import WAYS, speak_code
from benchmarks.private_templates.speech.tongue import Spoken
from tests.unit.private_templates.spoken_reader import digits_of

LANGUAGES = ("en", "de", "es")


def value_of(spoken: Spoken, way: str = "") -> str:
    """Without fillers and what was taken back; "double" is no value by itself, but is needed to read one."""
    return " ".join(token.text for token in spoken if token.is_value or way == "doubles")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", sorted(set(WAYS) - {"digits", "halting", "mixed"}))
def test_a_number_reads_back_in_every_way(language: str, way: str) -> None:
    rng = Random(f"{language} {way}")
    for _ in range(300):
        number = digits(rng, 12)
        spoken = speak_code(grouped(number, 4), way, rng, TONGUES[language])
        assert digits_of(value_of(spoken, way), language) == number, spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_mixes_digits_and_words_reads_back(language: str) -> None:
    rng = Random(language)
    for _ in range(300):
        number = digits(rng, 16).replace("0", "7")  # "thirty", "one" is ambiguous to everybody
        spoken = speak_code(grouped(number, 4), "mixed", rng, TONGUES[language])
        assert digits_of(value_of(spoken), language) == number, spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_says_the_wrong_digit_and_takes_it_back(language: str) -> None:
    rng = Random(language)
    tongue = TONGUES[language]
    for _ in range(100):
        spoken = speak_code([digits(rng, 8)], "corrected", rng, tongue)
        said = " ".join(token.text for token in spoken)
        assert any(correction in said for correction in tongue.corrections)
        assert not all(token.is_value for token in spoken)


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        ("en", "B for bravo"),
        ("en", "B as in bob"),
        ("de", "B wie Berta"),
        ("de", "B wie Berlin"),
        ("es", "B de burgos"),
    ],
)
def test_letters_are_spelled_by_the_language_s_alphabets(language: str, spelled: str) -> None:
    rng = Random(1)
    said = {" ".join(t.text for t in speak_code(["B"], "alphabet", rng, TONGUES[language])) for _ in range(200)}
    assert spelled in said


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1234, "one thousand two hundred and thirty four"),
        ("de", 1234, "eintausendzweihundertvierunddreißig"),
        ("de", 21, "einundzwanzig"),
        ("es", 1234, "mil doscientos treinta y cuatro"),
        ("es", 100, "cien"),
        ("es", 516, "quinientos dieciséis"),
    ],
)
def test_numbers_are_said_as_the_language_says_them(language: str, number: int, said: str) -> None:
    assert TONGUES[language].number(number) == said
