"""Digits that an interim may have only begun."""

from __future__ import annotations

from sotto.redaction.detectors.spoken.numbers.digit_runs import may_begin_a_number, written_digits
from sotto.redaction.detectors.spoken.numbers.number_words import LONGEST_BRIDGE, NumberWords
from sotto.redaction.detectors.tokens import Token


def begun_run(tokens: list[Token], words: NumberWords) -> int | None:
    """Where digits begin that the end of the text may be in the middle of: after real ones also over what may stand
    between two digits, after a word that only sounds like one as long as nothing else follows."""
    start: int | None = None
    bridge, is_certain = 0, False
    for i in range(len(tokens) - 1, -1, -1):
        word = tokens[i].text
        if _may_be_digits(word, words):
            start, bridge, is_certain = i, 0, is_certain or word not in words.sound_alikes
        elif word not in words.bridges or (bridge := bridge + 1) > LONGEST_BRIDGE:
            break
    if not is_certain and tokens and tokens[-1].text not in words.sound_alikes and not _is_between(tokens, words):
        return None
    return tokens[start].start if start is not None else None


def _is_between(tokens: list[Token], words: NumberWords) -> bool:
    """ "ein und", before "zwanzig"."""
    return len(tokens) > 1 and tokens[-1].text in words.tens_join and tokens[-2].text in words.unit_first


def _may_be_digits(word: str, words: NumberWords) -> bool:
    return (
        word in words.sound_alikes
        or word in words.repeats
        or word in words.magnitudes
        or (word not in words.one_before and may_begin_a_number(word, words))
        or bool(written_digits(word))
    )
