"""One spelling for a number, however it was spoken or written: "4-1-1-1", "4111", "four one one one" and "forty one
eleven" are the same four digits.

Recognisers disagree about numbers more than about anything else, and each disagrees with itself. Who compares texts
(phrases of a playbook, word error rates) compares them in this spelling: each digit is a word of its own.

English is read here, as word error rates need it; other languages by the number words and the grammar of their
redaction packs. A language without a pack has its written digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.en.number_words import MAGNITUDES, REPEATS, TEENS, TENS, UNITS
from sotto.redaction.detectors.folding import without_accents
from sotto.redaction.detectors.spoken.numbers.number_grammar import spelt_from
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords
from sotto.redaction.detectors.tokens import Token, tokens_of
from sotto.redaction.packs import LANGUAGES as PACKS
from sotto.redaction.packs import number_words_of

_TOKEN = re.compile(
    r"(?P<money>[$£€])?(?P<written>\d+(?:,\d{3})*(?P<part>\.\d+)?)(?P<ordinal>st|nd|rd|th)?(?![\w])"
    r"|(?P<clock>[ap]\.?m\b\.?)|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|\S",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8",
    "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12", "thirteenth": "13", "fourteenth": "14",
    "fifteenth": "15", "sixteenth": "16", "seventeenth": "17", "eighteenth": "18", "nineteenth": "19",
    "twentieth": "20", "thirtieth": "30",
}  # fmt: skip
_CURRENCIES = {"$": ("dollars", "cents"), "£": ("pounds", "pence"), "€": ("euros", "cents")}
_SIGNS = {"%": "percent", "&": "and"}
_NOUGHT = frozenset(["oh", "o"])
_HYPHENS = "-–—"


@dataclass(frozen=True, slots=True)
class Spelled:
    """One word of the comparable text; ``start`` and ``end`` are where it stands in the original."""

    text: str
    start: int
    end: int


LANGUAGES = PACKS
"""Whose words for numbers are read."""


def spelled(text: str, language: str = "en") -> list[Spelled]:
    """The words of ``text`` in lower case, without punctuation, numbers digit by digit. What came of one number has the
    span of the whole number. ``language``: a primary tag."""
    if language != "en":
        return list(_by_pack(text, language))
    return list(_Reading(list(_TOKEN.finditer(text))).words())


def compared(text: str, language: str = "en") -> str:
    return " ".join(word.text for word in spelled(text, language))


def _by_pack(text: str, language: str) -> Iterator[Spelled]:
    words = number_words_of(language) if language in PACKS else None
    tokens = tokens_of(text)
    plain = [Token(without_accents(token.text), token.start, token.end) for token in tokens]
    at = 0
    while at < len(tokens):
        digits, after = _written_or_spoken(plain, at, words)
        for digit in digits:
            yield Spelled(digit, tokens[at].start, tokens[after - 1].end)
        if not digits and tokens[at].text[0].isalnum():
            yield Spelled(tokens[at].text, tokens[at].start, tokens[at].end)
        at = after


def _written_or_spoken(tokens: list[Token], at: int, words: NumberWords | None) -> tuple[str, int]:
    """The digits of the number that begins here and the token after it; none where none does."""
    if tokens[at].text.isdecimal():
        return tokens[at].text, at + 1
    spelt = spelt_from(tokens, at, words) if words is not None else None
    if spelt is None:
        return "", at + 1
    if (cardinal := spelt.cardinal(0)) is not None:
        digits, part = str(cardinal[0]), cardinal[1]
    elif (small := spelt.below_hundred(0)) is not None:
        digits, part = small
    else:
        return "", at + 1
    ends = spelt.ends[part - 1]
    return (digits, at + ends) if ends else ("", at + 1)


class _Reading:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._after_number = False

    def words(self) -> Iterator[Spelled]:
        while self._at < len(self._tokens):
            start = self._at
            found = self._number() or self._word()
            first, last = self._tokens[start], self._tokens[self._at - 1]
            for word in found:
                yield Spelled(word, first.start(), last.end())
            if found:
                self._after_number = found[-1].isdigit()

    def _word(self) -> list[str]:
        token = self._tokens[self._at]
        self._at += 1
        text = token.group().lower().replace("’", "'")
        if token["clock"]:
            return [text.replace(".", "")]
        if text in _SIGNS:
            return [_SIGNS[text]]
        return [text] if text[0].isalnum() else []

    def _number(self) -> list[str]:
        token = self._tokens[self._at]
        if token["written"]:
            self._at += 1
            return self._written(token)
        word = self._peek()
        if word.isdigit():
            self._at += 1
            return list(word)
        if word in _NOUGHT and (self._after_number or self._begins_with_nought()):
            self._at += 1
            return ["0"]
        if word in REPEATS and (digit := UNITS.get(self._peek(1))):
            self._at += 2
            return [digit] * REPEATS[word]
        if word in _ORDINALS and word != "second":
            self._at += 1
            return [*_ORDINALS[word], "th"]
        return self._spoken()

    def _begins_with_nought(self) -> bool:
        """ "oh two oh two"; not "oh one moment"."""
        return all(word in UNITS or word in _NOUGHT for word in (self._peek(1), self._peek(2)))

    def _written(self, token: re.Match[str]) -> list[str]:
        whole, part = token["written"].replace(",", "").removesuffix(token["part"] or ""), (token["part"] or "")[1:]
        digits = list(whole)
        if token["money"]:
            unit, hundredth = _CURRENCIES[token["money"]]
            digits = self._scaled(digits, part)
            small = part.strip("0") and len(part) == 2 and len(digits) == len(whole)
            return [*digits, unit, *(["and", *part.lstrip("0"), hundredth] if small else [])]
        if token["ordinal"]:
            return ["second"] if whole == "2" else [*digits, "th"]
        if part:
            return [*digits, "point", *part]
        return self._scaled(digits, "")

    def _scaled(self, digits: list[str], part: str) -> list[str]:
        """ "2 million" is 2000000."""
        magnitude = MAGNITUDES.get(self._peek(), 0)
        if not magnitude or (part and magnitude < 1_000):
            return digits
        self._at += 1
        return list(f"{float(''.join(digits) + '.' + (part or '0')) * magnitude:.0f}")

    def _spoken(self) -> list[str]:
        """Cardinals ("two hundred and eighty"), pairs ("forty one") and single digits; each call reads one of them."""
        start = self._at
        total, current = 0, self._below_hundred()
        if current is None:
            if self._peek() in ("a", "an") and self._peek(1) in MAGNITUDES:
                self._at += 1
                current = "1"
            else:
                return []
        value, is_cardinal = int(current), False
        while (magnitude := MAGNITUDES.get(self._peek())) is not None:
            self._at += 1
            is_cardinal = True
            if magnitude == 100:
                value *= 100
            else:
                total, value = total + value * magnitude, 0
            after = self._at
            if self._peek() == "and":
                self._at += 1
            rest = self._below_hundred()
            if rest is None:
                self._at = after
            else:
                value += int(rest)
        if not is_cardinal:
            if (ordinal := self._tens_ordinal(start)) is not None:
                return ordinal
            return list(current)
        return list(str(total + value))

    def _tens_ordinal(self, start: int) -> list[str] | None:
        """ "twenty fourth"."""
        word, following = self._tokens[start].group().lower(), self._peek()
        if self._at != start + 1 or word not in TENS or following not in _ORDINALS or int(_ORDINALS[following]) > 9:
            return None
        self._at += 1
        return [TENS[word][0], _ORDINALS[following], "th"]

    def _below_hundred(self) -> str | None:
        word = self._peek()
        if word in UNITS or word in TEENS:
            self._at += 1
            return (UNITS | TEENS)[word]
        if word not in TENS:
            return None
        self._at += 1
        after = self._at
        if self._peek() and self._tokens[self._at].group() in _HYPHENS:
            self._at += 1
        unit = UNITS.get(self._peek())
        if unit is None or unit == "0":
            self._at = after
            return TENS[word]
        self._at += 1
        return TENS[word][0] + unit

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at].group().lower() if at < len(self._tokens) else ""
