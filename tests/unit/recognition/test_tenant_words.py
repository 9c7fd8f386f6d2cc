"""The tenant's words in what Whisper says, and nothing else of a prompt. Kind: pure functions on words."""

from __future__ import annotations

import numpy as np
import pytest

from sotto.recognition.whisper.engine import Passage, Spoken
from sotto.recognition.whisper.features import Samples
from sotto.recognition.whisper.rereading import read_final
from sotto.recognition.whisper.tenant_words import corrected

WORDS = ("Harbour Bank", "Loaner cars", "Prices for brakes", "Liam")


def passage(text: str, confidence: float = 0.5, log_probability: float = -0.3) -> Passage:
    words = tuple(Spoken(word, n * 0.5, n * 0.5 + 0.4, confidence) for n, word in enumerate(text.split()))
    return Passage(words, log_probability, 0.05)


def texts(found: Passage) -> str:
    return " ".join(word.text for word in found.words)


@pytest.mark.parametrize(
    ("plain", "prompted", "expected"),
    [
        ("calling harbor bank today", "calling Harbour Bank today", "calling Harbour bank today"),
        ("we have a loner card", "we have a loaner car", "we have a loaner car"),
        ("we have alone their part", "we have a loaner car", "we have a loaner car"),
        ("the front breaks squeal", "the front brakes steal", "the front brakes squeal"),
    ],
)
def test_a_word_of_the_tenants_takes_the_place_of_what_is_written_much_like_it(
    plain: str, prompted: str, expected: str
) -> None:
    assert texts(corrected(passage(plain), passage(prompted, log_probability=-0.2), WORDS)) == expected


@pytest.mark.parametrize(
    "prompted",
    [
        "Harbour Bank, Loaner cars, Prices for brakes, Liam.",
        "Harbour Bank Harbour Bank Harbour Bank",
        "I would like to close my Loaner",
        "",
        "I would like to close my account Liam",
    ],
)
def test_the_prompt_itself_never_comes_out_as_words(prompted: str) -> None:
    plain = passage("I would like to close my account")
    assert corrected(plain, passage(prompted, log_probability=-0.1), WORDS) == plain


def test_what_the_model_is_sure_of_stays() -> None:
    plain = passage("we have a loner card", confidence=0.95)
    assert corrected(plain, passage("we have a loaner car", log_probability=-0.1), WORDS) == plain


def test_what_is_less_likely_with_the_words_than_without_stays() -> None:
    plain = passage("we have a loner card", log_probability=-0.2)
    assert corrected(plain, passage("we have a loaner car", log_probability=-0.4), WORDS) == plain


def test_a_word_keeps_the_time_of_what_it_replaces() -> None:
    found = corrected(passage("say alone their part now"), passage("say a loaner car now", log_probability=-0.1), WORDS)
    assert [(word.text, word.start_s) for word in found.words[1:4]] == [
        ("a", 0.5), ("loaner", pytest.approx(0.967, abs=1e-3)), ("car", pytest.approx(1.433, abs=1e-3)),
    ]  # fmt: skip
    assert all(one.end_s <= two.start_s + 1e-9 for one, two in zip(found.words, found.words[1:], strict=False))


class Reads:
    """A model that says one thing without words, and another with them."""

    def __init__(self, plain: Passage) -> None:
        self.plain = plain
        self.given: list[tuple[str, ...]] = []

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        self.given.append(words)
        return passage("we have a loaner car", log_probability=-0.1) if words else self.plain


def test_a_final_is_read_again_only_where_there_are_words_and_doubt() -> None:
    audio = np.zeros(8_000, np.float32)
    doubtful, sure = passage("we have a loner card"), passage("we have a loner card", confidence=0.95)
    for plain, words, given in [(doubtful, WORDS, [(), WORDS]), (doubtful, (), [()]), (sure, WORDS, [()])]:
        reader = Reads(plain)
        read_final(reader, audio, words)
        assert reader.given == given
