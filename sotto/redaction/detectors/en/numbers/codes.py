"""Letters and digits read out or spelled: postcodes, document numbers, names letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from sotto.redaction.detectors.en.numbers.number_words import (
    REPEATS,
    SOUND_ALIKES,
    TEENS,
    TENS,
    UNITS,
    UNITS_OF_MEASURE,
)
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.detectors.vocabulary import words_of

LETTER_NAMES = words_of(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november",
    "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu zed zee cee dee vex",
)
"""Words that spell a letter."""
_SOUNDS_LIKE_A_LETTER = words_of(
    "bee gee jay kay ell em en pee queue cue ar are ess tee tea you ex why see sea oh double space capital",
)
_ACRONYMS = words_of(
    "ok id ids atm uk us usa eu tv pin dvd mot vat iban sms app faq usb gps suv abs ac am pm mr mrs ms dr"
)
_LETTERS_OF_A_CODE = 8
_WORDS_OF_ONE_LETTER = frozenset({"a", "i", "o"})
_NUMBERS = frozenset({*UNITS, *TEENS, *TENS})
_IN_AMOUNTS = frozenset({*_NUMBERS, "hundred", "thousand"})
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *SOUND_ALIKES, *REPEATS})
_BETWEEN = frozenset({",", "-", ".", "and", "um", "uh", "er", "then", "space", "dash"})


@dataclass(frozen=True, slots=True)
class SpelledRun:
    """A stretch of letters, digits and spelling words; offsets in the source. ``digits`` and ``letters`` count the
    pieces that cannot be anything else: "to", "you" and "a" may be ordinary words and count as neither."""

    start: int
    end: int
    pieces: int
    digits: int
    letters: int

    @property
    def is_evident(self) -> bool:
        """Whether it can be a code: it has a digit, or letters that were really spelled out."""
        return self.digits > 0 or self.letters >= 2


class _Piece(Enum):
    DIGIT = auto()
    LETTER = auto()
    WORD = auto()
    """An ordinary word that sounds like a letter or a digit."""


def spelled_runs(tokens: list[Token], text: str) -> Iterator[SpelledRun]:
    run: list[tuple[int, int, _Piece]] = []
    at = 0
    while at < len(tokens):
        step, piece = _piece_at(tokens, at, text)
        if piece:
            run.append((at, at + step - 1, piece))
            at += step
            continue
        if run and not (tokens[at].text in _BETWEEN and at - run[-1][1] <= 2):
            yield _run(tokens, run)
            run = []
        at += 1
    if run:
        yield _run(tokens, run)


def _run(tokens: list[Token], run: list[tuple[int, int, _Piece]]) -> SpelledRun:
    kinds = [piece for _, _, piece in run]
    start, end = tokens[run[0][0]].start, tokens[run[-1][1]].end
    return SpelledRun(start, end, len(run), kinds.count(_Piece.DIGIT), kinds.count(_Piece.LETTER))


def _piece_at(tokens: list[Token], at: int, text: str) -> tuple[int, _Piece | None]:
    """How many tokens the piece at ``at`` takes: one, three for "t for tommy"; None when it is an ordinary word."""
    token = tokens[at]
    word = token.text
    if is_letter_for_word(tokens, at):
        return 3, _Piece.LETTER
    if any(c.isdigit() for c in word) or word in _NUMBERS:
        return 1, _Piece.WORD if _counts(tokens, at) else _Piece.DIGIT
    if len(word) == 1 and word.isalpha():
        return 1, _Piece.WORD if word in _WORDS_OF_ONE_LETTER else _Piece.LETTER
    if 2 <= len(word) <= 4 and word.isalpha() and word not in _ACRONYMS and _is_shouted(token, text):
        return 1, _Piece.LETTER
    if word in LETTER_NAMES:
        return 1, _Piece.LETTER
    return 1, _Piece.WORD if word in _SOUNDS_LIKE_A_LETTER or word in _NUMBER_WORDS else None


def _is_shouted(token: Token, text: str) -> bool:
    """In capitals where not everything is: recognisers write spelled letters so."""
    return text[token.start : token.end].isupper() and (len(text) <= 4 * _LETTERS_OF_A_CODE or not text.isupper())


def is_letter_for_word(tokens: list[Token], at: int) -> bool:
    """Whether "t for tommy" stands at ``at``."""
    letter = tokens[at].text
    if at + 2 >= len(tokens) or len(letter) != 1 or not letter.isalpha() or tokens[at + 1].text not in ("for", "as"):
        return False
    word = tokens[at + 2].text
    return word.startswith(letter) and len(word) > 1


def _counts(tokens: list[Token], at: int) -> bool:
    """ "thirty five dollars": a number that says how much of something there is."""
    after = at
    while after < len(tokens) and (tokens[after].text in _IN_AMOUNTS or tokens[after].text.isdecimal()):
        after += 1
    return at < after < len(tokens) and len(tokens[after].text) > 1 and tokens[after].text in UNITS_OF_MEASURE
