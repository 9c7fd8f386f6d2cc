"""What of speaking differs by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written. ``is_value``: it gives the value away; not so "as in", "double", "uh" or a slip."""

    text: str
    is_value: bool = True
    glued: bool = False
    """Without a space before it."""


Spoken = list[Token]


def words(text: str, *, is_value: bool = True) -> Spoken:
    return [Token(one, is_value) for one in text.split()]


def capitalised(tokens: Spoken) -> Spoken:
    """As at the start of a sentence."""
    if not tokens:
        return tokens
    first = tokens[0]
    return [replace(first, text=first.text[:1].upper() + first.text[1:]), *tokens[1:]]


@dataclass(frozen=True, slots=True)
class Tongue:
    digits: Sequence[Sequence[str]]
    """By digit, the words for it, the usual first."""
    number: Callable[[int], str]
    """0 to 9999 in words."""
    year: Callable[[Random, int], str]
    letter_names: Mapping[str, str]
    """How a letter is written where its name is written out."""
    alphabets: Sequence[Mapping[str, str]]
    links: Sequence[str]
    """Between letter and word: "as in", "wie"."""
    fillers: Sequence[str]
    corrections: Sequence[str]
    repeated: Callable[[Random, str, int], str]
    """A digit's or letter's word said twice or three times: "double four"."""
    plus: str
    at: Sequence[str]
    dot: str
    dash: Sequence[str]
    underscore: Sequence[str]
    joint: str
    """Between a day's or a code's parts, as "and"."""

    def digit(self, rng: Random, one: str) -> str:
        usual, *others = self.digits[int(one)]
        return rng.choice(others) if others and rng.random() < 0.3 else usual

    def pair(self, rng: Random, two: str) -> str:
        """``21`` as a number; a leading zero said by itself."""
        if two[0] == "0":
            return f"{self.digit(rng, two[0])} {self.digit(rng, two[1])}"
        return self.number(int(two))
