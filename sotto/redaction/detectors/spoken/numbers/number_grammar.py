"""Numbers of several words, read as far as the grammar of the language allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords, no_compounds
from sotto.redaction.detectors.tokens import Token

_LONGEST = 24
"""Parts of one number."""
_TOO_LARGE = 10**12


@dataclass(frozen=True, slots=True)
class Spelt:
    """``parts``: the words of a number from one token on, compounds cut up; ``ends``: how many tokens are behind one
    after each part, 0 within a compound."""

    parts: tuple[str, ...]
    ends: tuple[int, ...]
    words: NumberWords

    def at(self, i: int) -> str:
        return self.parts[i] if i < len(self.parts) else ""

    def below_hundred(self, i: int) -> tuple[str, int] | None:
        """(digits, next part) of "forty one", "einundvierzig", "treinta y dos", "eleven", "seven"."""
        word = self.at(i)
        if word in self.words.tens:
            return self._tens(i)
        if self.words.unit_first and word in self.words.unit_first and self.at(i + 1) in self.words.tens_join:
            tens = self.words.tens.get(self.at(i + 2))
            if tens:
                return tens[0] + self.words.unit_first[word], i + 3
        digits = self.words.teens.get(word) or self.words.units.get(word)
        digits = digits or (word if word.isdecimal() and len(word) <= 3 else None)
        return (digits, i + 1) if digits else None

    def _tens(self, i: int) -> tuple[str, int]:
        tens = self.words.tens[self.at(i)]
        if self.words.unit_first:
            return tens, i + 1
        is_joined = self.at(i + 1) in self.words.tens_join
        if self.words.tens_join_needed and not is_joined:
            return tens, i + 1
        after = i + 2 if is_joined else i + 1
        unit = self.words.units.get(self.at(after), "0")
        return (tens, i + 1) if unit == "0" else (tens[0] + unit, after + 1)

    def below_thousand(self, i: int) -> tuple[int, int, bool] | None:
        """(value, next part, whether hundreds were said) of "one hundred (and) eleven", "forty one", "doscientos"."""
        if self.at(i) in self.words.hundreds:
            return self._with_rest(self.words.hundreds[self.at(i)], i + 1)
        small = self.below_hundred(i)
        value, after = (int(small[0]), small[1]) if small else (1, i)
        if small is None and not self._counts_one(i):
            return None
        if small is None and self.at(i) in self.words.one_before:
            after = i + 1
        if self.at(after) not in self.words.hundred:
            return value, after, False
        return self._with_rest(value * 100, after + 1)

    def _counts_one(self, i: int) -> bool:
        """ "a hundred", or "hundert" and "mil" without anything before."""
        word, after = self.at(i), self.at(i + 1)
        return word in self.words.alone or (word in self.words.one_before and after in self.words.magnitudes)

    def _with_rest(self, value: int, i: int) -> tuple[int, int, bool]:
        start = self.past_join(i)
        rest = self.below_hundred(start)
        if rest and self.at(rest[1]) in self.words.hundred:  # "eighty one hundred": of the next number
            tens = self.words.tens.get(self.at(start))
            rest = (tens, start + 1) if tens and rest[1] > start + 1 else None
        return (value, i, True) if rest is None else (value + int(rest[0]), rest[1], True)

    def past_join(self, i: int) -> int:
        return i + 1 if self.at(i) in self.words.joins else i

    def cardinal(self, i: int) -> tuple[int, int] | None:
        """(value, next part) of a number with "hundred", "thousand"... in it."""
        total, end, limit = 0, i, _TOO_LARGE
        while True:
            group = self.below_thousand(end if end == i else self.past_join(end))
            if group is None:
                break
            value, after, has_hundred = group
            scale = self.words.magnitudes.get(self.at(after), 0)
            if 1_000 <= scale < limit:
                total, end, limit = total + value * scale, after + 1, scale
                continue
            if end == i and not has_hundred:
                return None
            total, end = total + value, after
            break
        return (total, end) if end > i else None


def spelt_from(tokens: Sequence[Token], at: int, words: NumberWords) -> Spelt:
    """From ``tokens[at]`` on, to the first word that is no part of a number where compounds are cut up."""
    following = tokens[at : at + _LONGEST]
    if words.parts_of is no_compounds:
        return Spelt(tuple(token.text for token in following), tuple(range(1, len(following) + 1)), words)
    parts: list[str] = []
    ends: list[int] = []
    for i, token in enumerate(following, 1):
        cut = words.parts_of(token.text)
        parts += cut
        ends += [*[0] * (len(cut) - 1), i]
    return Spelt(tuple(parts), tuple(ends), words)
