"""Digits that an interim may have only begun."""

from __future__ import annotations

from sotto.redaction.detectors.en.numbers.digit_runs import written_digits
from sotto.redaction.detectors.en.numbers.number_words import (
    BRIDGES,
    LONGEST_BRIDGE,
    REPEATS,
    SOUND_ALIKES,
    TEENS,
    TENS,
    UNITS,
)
from sotto.redaction.detectors.tokens import Token

_DIGIT_WORDS = frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *SOUND_ALIKES, "hundred", "thousand"})


def begun_run(tokens: list[Token]) -> int | None:
    """Where digits begin that the end of the text may be in the middle of: after real ones also over what may stand
    between two digits, after a word that only sounds like one as long as nothing else follows."""
    start: int | None = None
    bridge, is_certain = 0, False
    for i in range(len(tokens) - 1, -1, -1):
        word = tokens[i].text
        if _may_be_digits(word):
            start, bridge, is_certain = i, 0, is_certain or word not in SOUND_ALIKES
        elif word not in BRIDGES or (bridge := bridge + 1) > LONGEST_BRIDGE:
            break
    if not is_certain and tokens and tokens[-1].text not in SOUND_ALIKES:
        return None
    return tokens[start].start if start is not None else None


def _may_be_digits(word: str) -> bool:
    return word in _DIGIT_WORDS or bool(written_digits(word))
