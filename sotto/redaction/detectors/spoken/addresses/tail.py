"""What follows a street and its number: floors, the town, the postcode, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.names.known_names import KnownNames, plain
from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords, letter_for_word
from sotto.redaction.detectors.spoken.numbers.digit_runs import may_begin_a_number
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords
from sotto.redaction.detectors.tokens import Token

_LONGEST_TOWN, _MOST_JOINING = 3, 3
_MOST_PIECES = 32
"""Words of a postcode read out."""
_LONGEST_WRITTEN = 5
_SPELLED = 3
"""Letters."""
_HOUSE_LETTERS = frozenset("abcdefgh")
_DOOR_LETTERS = frozenset("bcdfghij")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWords:
    """``joining``: between the parts of an address; ``into``: those of them after which a town stands. ``parts``:
    floors, doors and the like. ``within_towns``: "upon", "am", "de la". ``town_begins``: "bad", "fort". ``corrects``:
    "no", "nein", "perdón"."""

    numbers: NumberWords
    spelling: SpellingWords
    joining: frozenset[str]
    into: frozenset[str]
    parts: frozenset[str]
    within_towns: frozenset[str]
    town_begins: frozenset[str]
    corrects: frozenset[str]
    no_town: frozenset[str]
    known: Callable[[], KnownNames]

    def is_number(self, token: Token) -> bool:
        word = token.text
        is_written = word[:1].isdecimal() and len(word) <= 6 and (word.isdecimal() or word[:-1].isdecimal())
        return is_written or may_begin_a_number(word, self.numbers)


def with_house_letter(tokens: list[Token], last: int) -> int:
    """ "12 b": over a letter that is no word of the sentence."""
    after = last + 1
    if after >= len(tokens) or tokens[after].text not in _HOUSE_LETTERS:
        return last
    goes_on = after + 1 < len(tokens) and tokens[after + 1].text.isalpha() and len(tokens[after + 1].text) > 1
    return last if tokens[after].text in ("a", "e") and goes_on else after


def with_correction(tokens: list[Token], last: int, words: AddressWords) -> int:
    """ "141a, sorry, 104a": on to the number that is right."""
    at = last + 1
    while at < len(tokens) and at - last <= _MOST_JOINING and tokens[at].text in words.corrects | {","}:
        at += 1
    if at == last + 1 or at >= len(tokens) or not words.is_number(tokens[at]):
        return last
    while at + 1 < len(tokens) and words.is_number(tokens[at + 1]):
        at += 1
    return with_house_letter(tokens, at)


def tail_end(text: str, tokens: list[Token], last: int, words: AddressWords, *, expected: bool) -> int:
    """The last token of what belongs to the address whose street and number end at ``last``."""
    at, joined, pieces, has_town = last + 1, "", 0, False
    while at < len(tokens) and at - last <= _MOST_JOINING + 1:
        word = tokens[at].text
        if "\n" in text[tokens[last].end : tokens[at].start]:
            break
        if not has_town and (town := _town_end(text, tokens, at, words, joined, bold=expected or pieces > 0)):
            last, has_town = town, True
        elif last > 0 and tokens[last].text in words.parts and len(word) == 1 and word in _DOOR_LETTERS:
            last = at
        elif word in words.joining or word in words.spelling.between:
            joined = word if word.isalpha() or word == "," else joined
            at += 1
            continue
        elif _is_piece(tokens, at, words) and pieces < _MOST_PIECES:
            pieces += 1
            last = at
        elif word in words.parts:
            last = at
        else:
            break
        at, joined = last + 1, ""
    return last


def _is_piece(tokens: list[Token], at: int, words: AddressWords) -> bool:
    """Of a postcode or of a flat's number; no quantity."""
    word = tokens[at].text
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if word.isdecimal() and len(word) > _LONGEST_WRITTEN:
        return False
    if words.is_number(tokens[at]) or word in words.numbers.repeats or word in words.numbers.plurals:
        return after not in words.numbers.units_of_measure - words.joining
    if word in words.numbers.sound_alikes or word in words.numbers.repeat_joins:
        return at > 0 and words.is_number(tokens[at - 1]) or (bool(after) and words.is_number(tokens[at + 1]))
    if letter_for_word(tokens, at, words.spelling) or _ends_spelling(tokens, at, words):
        return True
    if len(word) == 1 and word.isalpha():
        is_alone = word in words.spelling.words_of_one_letter and len(after) > 1 and not words.is_number(tokens[at + 1])
        return not is_alone
    has_digit = any(c.isdigit() for c in word) and len(word) <= 5
    return word in words.spelling.letters or has_digit


def _ends_spelling(tokens: list[Token], at: int, words: AddressWords) -> bool:
    """Within "l as in lemon", after its letter."""
    return any(
        first >= 0 and first + letter_for_word(tokens, first, words.spelling) > at for first in (at - 1, at - 2, at - 3)
    )


def _town_end(text: str, tokens: list[Token], at: int, words: AddressWords, joined: str, *, bold: bool) -> int | None:
    """The last word of a town at ``at``. ``bold``: something says that one must come, so that any word no list knows
    may be it."""
    for size in range(_LONGEST_TOWN, 0, -1):
        row = tokens[at : at + size]
        is_begun = size == 1 and bool(row) and row[0].text in words.town_begins and at + 1 < len(tokens)
        is_place = not is_begun and len(row) == size and " ".join(plain(t.text) for t in row) in words.known().places
        if is_place and _is_together(text, row):
            return _beyond(text, tokens, at + size - 1, words)
    is_last = at == len(tokens) - 1 and words.known().is_unknown(plain(tokens[at].text))
    is_led = joined in words.into or is_last
    if not is_led and joined != "," and not bold and not _leads_to_a_postcode(tokens, at, words):
        return None
    last = None
    for i in range(at, min(at + _LONGEST_TOWN, len(tokens))):
        if not _may_be_town(text, tokens[i], words, bold=bold or (is_led and i == at)):
            break
        last = i
        is_begun = tokens[i].text in words.town_begins or _leads_to_a_postcode(tokens, i, words)
        goes_on = i + 1 < len(tokens) and words.known().is_unknown(plain(tokens[i + 1].text)) and bold
        if not text[tokens[i].start].isupper() and not is_begun and not goes_on:
            break
    return None if last is None else _beyond(text, tokens, last, words)


def _leads_to_a_postcode(tokens: list[Token], at: int, words: AddressWords) -> bool:
    """A word or two, then pieces of a postcode."""
    for after in (at + 1, at + 2):
        pieces = [i for i in range(after, min(after + 3, len(tokens))) if _is_piece(tokens, i, words)]
        if len(pieces) > 1 or any(len(tokens[i].text) in (4, 5) and tokens[i].text.isdecimal() for i in pieces[:1]):
            return True
        if after < len(tokens) and not tokens[after].text.isalpha():
            return False
    return False


def _is_together(text: str, row: list[Token]) -> bool:
    return not text[row[0].start : row[-1].end].strip().endswith((".", ",")) if row else False


def _may_be_town(text: str, token: Token, words: AddressWords, *, bold: bool) -> bool:
    word = plain(token.text)
    if len(word) < 3 or not word.isalpha() or word in words.no_town or token.text in words.no_town | words.parts:
        return False
    numbers = words.numbers
    of_numbers = (numbers.repeats, numbers.plurals, numbers.sound_alikes, numbers.repeat_joins, words.spelling.letters)
    if words.is_number(token) or any(token.text in each for each in of_numbers):
        return False
    if text[token.start].isupper():
        return not words.known().is_ordinary(word) or bold
    has_capitals = any(character.isupper() for character in text)
    return not has_capitals and (bold or not words.known().is_ordinary(word))


def _beyond(text: str, tokens: list[Token], last: int, words: AddressWords) -> int:
    """ "Frankfurt am Main", "Bury St Edmunds", "Castrop-Rauxel"."""
    at = last + 1
    while at < len(tokens) and at - last <= 2 and (tokens[at].text in words.within_towns or tokens[at].text == "-"):
        at += 1
    if at == last + 1 or at >= len(tokens) or not tokens[at].text.isalpha():
        return last
    is_hyphen = text[tokens[last].end : tokens[at].start] == "-"
    same_case = text[tokens[at].start].isupper() == text[tokens[last].start].isupper()
    return at if is_hyphen or (same_case and tokens[at].text not in words.no_town) else last


def short_answer(tokens: list[Token], words: AddressWords) -> tuple[int, int] | None:
    """A town or a street by itself, where one was asked for: a few words that are no talk."""
    own = [t for t in tokens if t.text.isalnum() and t.text not in words.numbers.asides]
    if not own or any(t.text == "?" for t in tokens):
        return None
    known = words.known()
    is_talk = any(t.text in words.no_town for t in own) or all(
        known.only_a_word(plain(t.text)) and plain(t.text) not in known.places for t in own
    )
    letters = sum(len(t.text) == 1 or t.text in words.spelling.letters for t in own)
    is_spelled = letters >= _SPELLED and 3 * letters >= len(own)
    if not is_spelled and (is_talk or len(own) > _LONGEST_TOWN):
        return None
    first = tokens.index(own[0])
    while first > 0 and tokens[first - 1].text in words.within_towns:  # "La Coruña"
        first -= 1
    return tokens[first].start, own[-1].end
