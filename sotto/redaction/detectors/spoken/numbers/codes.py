"""Letters and digits read out or spelled: postcodes, document numbers, names letter by letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords
from sotto.redaction.detectors.tokens import Token

_LETTERS_OF_A_CODE = 8
_HUMS = frozenset("hm hmm mhm mmhm hmpf pff pfff psst shh tsk grr brr".split())
_VOWELS = frozenset("aeiouyäöü")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingWords:
    """How a language names letters."""

    letters: frozenset[str]
    """Words that spell a letter, such as those of spelling alphabets."""
    sounds_like_a_letter: frozenset[str]
    """Letters or ordinary words."""
    words_of_one_letter: frozenset[str]
    acronyms: frozenset[str]
    """In capitals, and nothing that was spelled."""
    like: frozenset[str]
    """ "t for tommy", "B wie Berta"."""
    between: frozenset[str]
    named: Mapping[str, str] = field(default_factory=dict)
    """ "uve" -> "v": for "uve de Valencia"."""


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


def spelled_runs(tokens: list[Token], text: str, numbers: NumberWords, spelling: SpellingWords) -> Iterator[SpelledRun]:
    run: list[tuple[int, int, _Piece]] = []
    at = 0
    while at < len(tokens):
        step, piece = _piece_at(tokens, at, text, numbers, spelling)
        if piece:
            run.append((at, at + step - 1, piece))
            at += step
            continue
        if run and not (tokens[at].text in spelling.between and at - run[-1][1] <= 2):
            yield _run(tokens, run)
            run = []
        at += 1
    if run:
        yield _run(tokens, run)


def _run(tokens: list[Token], run: list[tuple[int, int, _Piece]]) -> SpelledRun:
    kinds = [piece for _, _, piece in run]
    start, end = tokens[run[0][0]].start, tokens[run[-1][1]].end
    return SpelledRun(start, end, len(run), kinds.count(_Piece.DIGIT), kinds.count(_Piece.LETTER))


def _piece_at(
    tokens: list[Token], at: int, text: str, numbers: NumberWords, spelling: SpellingWords
) -> tuple[int, _Piece | None]:
    """How many tokens the piece at ``at`` takes: one, three for "t for tommy"; None when it is an ordinary word."""
    token = tokens[at]
    word = token.text
    if length := letter_for_word(tokens, at, spelling):
        return length, _Piece.LETTER
    if (not word.isalpha() and any(map(str.isdigit, word))) or _is_a_number(word, numbers):
        return 1, _Piece.WORD if _counts(tokens, at, numbers) else _Piece.DIGIT
    if len(word) == 1 and word.isalpha():
        return 1, _Piece.WORD if word in spelling.words_of_one_letter else _Piece.LETTER
    if 2 <= len(word) <= 4 and word.isalpha() and word not in spelling.acronyms and _is_shouted(token, text):
        return 1, _Piece.LETTER
    if word in spelling.letters or _has_no_vowel(word, spelling):
        return 1, _Piece.LETTER
    is_magnitude = word in numbers.magnitudes and numbers.magnitudes[word] <= 1_000
    is_word = (
        is_magnitude or word in spelling.sounds_like_a_letter or word in numbers.sound_alikes or word in numbers.repeats
    )
    return 1, _Piece.WORD if is_word else None


def _is_a_number(word: str, numbers: NumberWords) -> bool:
    return numbers.is_small(word) or word in numbers.hundreds or len(numbers.parts_of(word)) > 1


def _has_no_vowel(word: str, spelling: SpellingWords) -> bool:
    """Letters that a recogniser wrote together: "jv", "hz"."""
    if not 2 <= len(word) <= 4 or not word.isalpha() or not _VOWELS.isdisjoint(word) or len(set(word)) == 1:
        return False
    return word not in spelling.acronyms and word not in spelling.between and word not in _HUMS


def _is_shouted(token: Token, text: str) -> bool:
    """In capitals where not everything is: recognisers write spelled letters so."""
    return text[token.start : token.end].isupper() and (len(text) <= 4 * _LETTERS_OF_A_CODE or not text.isupper())


def letter_for_word(tokens: list[Token], at: int, spelling: SpellingWords) -> int:
    """How many tokens "t for tommy" or "b as in bob" takes at ``at``; 0 where none stands there."""
    if at + 2 >= len(tokens) or tokens[at + 1].text not in spelling.like:
        return 0
    letter = spelling.named.get(tokens[at].text, tokens[at].text)
    if len(letter) != 1 or not letter.isalpha():
        return 0
    word = at + 3 if tokens[at + 2].text == "in" and at + 3 < len(tokens) else at + 2
    is_word = tokens[word].text.startswith(letter) and len(tokens[word].text) > 1
    return word + 1 - at if is_word else 0


def _counts(tokens: list[Token], at: int, numbers: NumberWords) -> bool:
    """ "thirty five dollars": a number that says how much of something there is."""
    after = at
    while after < len(tokens) and _is_in_an_amount(tokens[after].text, numbers):
        after += 1
    return at < after < len(tokens) and len(tokens[after].text) > 1 and tokens[after].text in numbers.units_of_measure


def _is_in_an_amount(word: str, numbers: NumberWords) -> bool:
    is_hundred = word in numbers.magnitudes and numbers.magnitudes[word] <= 1_000
    return _is_a_number(word, numbers) or is_hundred or word.isdecimal()
