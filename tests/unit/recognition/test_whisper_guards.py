"""What is taken away of what Whisper says. Kind: pure functions on words."""

from __future__ import annotations

import pytest

from sotto.recognition.whisper.agreement import Agreement
from sotto.recognition.whisper.engine import NUMBER_PROMPT, Passage, Spoken
from sotto.recognition.whisper.features import Samples
from sotto.recognition.whisper.guards import echoes, is_invented, loops_in, unlooped, with_digits
from sotto.recognition.whisper.rereading import read_final


def words(text: str, confidence: float = 0.9) -> tuple[Spoken, ...]:
    return tuple(Spoken(word, n * 0.3, n * 0.3 + 0.3, confidence) for n, word in enumerate(text.split()))


def texts(found: tuple[Spoken, ...]) -> str:
    return " ".join(word.text for word in found)


def passage(text: str, log_probability: float = -0.2, silence: float = 0.05) -> Passage:
    return Passage(words(text), log_probability, silence)


@pytest.mark.parametrize(
    ("text", "seconds", "left"),
    [
        ("Please call me before that. Please call me before that.", 3, "Please call me before that."),
        ("so I think so I think so I think so I think yes", 4, "so I think yes"),
        ("you " * 40, 3, "you"),
        ("four " + "one " * 100, 4.0, "four " + "one " * 23),
        ("no no no, I did not", 2, "no no no, I did not"),
        ("I know, I know", 2, "I know, I know"),
        ("four one one one one", 2, "four one one one one"),
    ],
)
def test_what_is_repeated_beyond_what_people_say_is_left_out(text: str, seconds: float, left: str) -> None:
    assert texts(unlooped(words(text), seconds)).split() == left.split()


def test_fifteen_ones_are_suspicious_and_not_wrong() -> None:
    card = words("four " + "one " * 15)
    assert loops_in(card)
    assert unlooped(card, 6.0) == card


@pytest.mark.parametrize(
    ("found", "invented"),
    [
        (passage("I lost my card"), False),
        (passage("Thank you.", log_probability=-1.2), True),
        (passage("Thank you.", log_probability=-0.7, silence=0.8), True),
        (Passage(words("Bye.", confidence=0.2), -0.4, 0.1), True),
        (Passage((), 0.0, 1.0), True),
    ],
)
def test_words_that_the_model_does_not_believe_itself_are_invented(found: Passage, invented: bool) -> None:
    assert is_invented(found) is invented


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("My number is for one one one,", "My number is four one one one,"),
        ("it is too zero to five five five", "it is two zero two five five five"),
        ("I waited for one two hours", "I waited for one two hours"),
        ("I went to one of two shops", "I went to one of two shops"),
        ("one two to three four", "one two two three four"),
    ],
)
def test_a_word_that_sounds_like_a_digit_is_one_within_a_number(text: str, read: str) -> None:
    assert texts(with_digits(words(text))) == read


def test_what_comes_from_the_prompt_is_noticed() -> None:
    echoed = words("My number is six zero six three three three")
    assert echoes(echoed, NUMBER_PROMPT, unprompted=words("My number is five five"))
    assert not echoes(echoed, NUMBER_PROMPT, unprompted=echoed), "a customer may have that very number"
    assert not echoes(words("two zero two five five five"), NUMBER_PROMPT, unprompted=())


class Scripted:
    """Answers as the model would: without a prompt, and with one."""

    def __init__(self, plain: Passage, number: Passage) -> None:
        self._answers = {False: plain, True: number}

    def read(self, audio: Samples, *, careful: bool, number: bool = False, words: tuple[str, ...] = ()) -> Passage:
        return self._answers[number]


@pytest.mark.parametrize(
    ("again", "chosen"),
    [
        (passage("It is two zero two five five five zero one", -0.1), "It is two zero two five five five zero one"),
        (passage("It is two zero two five five five zero one", -0.9), "It is two zero to five five"),
        (passage("Sure. It is six zero six, three three three, zero nine.", -0.1), "It is two zero to five five"),
        (passage("Thank you.", -0.1), "It is two zero to five five"),
    ],
)
def test_a_number_is_read_again_and_the_better_reading_kept(again: Passage, chosen: str) -> None:
    import numpy as np

    plain = passage("It is two zero to five five", -0.4)
    assert texts(read_final(Scripted(plain, again), np.zeros(8_000, np.float32)).words) == chosen


def test_an_interim_is_what_two_passes_agree_on_and_never_gets_shorter() -> None:
    agreement = Agreement()
    shown = []
    for hypothesis in ("I want", "I want to close", "I want to", "I won", "I want to close my", "i want to close, my"):
        if agreement.update(words(hypothesis)):
            shown.append(texts(agreement.shown))
    assert shown == ["I", "I want", "I want to", "i want to close, my"]
