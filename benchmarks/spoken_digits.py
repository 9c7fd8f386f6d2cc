"""Ways in which people read out a number and recognisers write it down. Each style gives the number in pieces."""

from __future__ import annotations

import random
from collections.abc import Callable

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
MISRECOGNISED = {"one": "won", "two": "to", "four": "for", "eight": "ate", "zero": "oh", "three": "tree"}

Style = Callable[[str, random.Random], list[str]]


def _groups(digits: str, size: int = 4) -> list[str]:
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:  # nobody stops before the very last digit
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def one_by_one(digits: str, source: random.Random) -> list[str]:
    return [" ".join(ONES[int(d)] for d in group) for group in _groups(digits)]


def with_oh(digits: str, source: random.Random) -> list[str]:
    return [piece.replace("zero", "oh") for piece in one_by_one(digits, source)]


def with_repeats(digits: str, source: random.Random) -> list[str]:
    return [_repeated(group) for group in _groups(digits)]


def _repeated(group: str) -> str:
    words: list[str] = []
    i = 0
    while i < len(group):
        same = len(group[i:]) - len(group[i:].lstrip(group[i]))
        same = min(same, 3)
        prefix = {1: "", 2: "double ", 3: "triple "}[same]
        words.append(prefix + ONES[int(group[i])])
        i += same
    return " ".join(words)


def in_pairs(digits: str, source: random.Random) -> list[str]:
    return [" ".join(_pair(group[i : i + 2]) for i in range(0, len(group), 2)) for group in _groups(digits)]


def _pair(pair: str) -> str:
    if len(pair) < 2 or pair[0] == "0":
        return " ".join("oh" if d == "0" else ONES[int(d)] for d in pair)
    if pair[0] == "1":
        return TEENS[int(pair[1])]
    return TENS[int(pair[0]) - 2] + ("" if pair[1] == "0" else f" {ONES[int(pair[1])]}")


def hesitating(digits: str, source: random.Random) -> list[str]:
    return [_hesitant(group, source) for group in _groups(digits)]


def _hesitant(group: str, source: random.Random) -> str:
    words = [ONES[int(d)] for d in group]
    words.insert(
        source.randrange(1, len(words)) if len(words) > 1 else 0, source.choice(["um", "uh", "dash", "space", ","])
    )
    return " ".join(words)


def misrecognised(digits: str, source: random.Random) -> list[str]:
    """One digit of each group is recognised as another word."""
    pieces = []
    for piece in one_by_one(digits, source):
        words = piece.split()
        at = source.randrange(len(words))
        words[at] = MISRECOGNISED.get(words[at], words[at])
        pieces.append(" ".join(words))
    return pieces


def corrected(digits: str, source: random.Random) -> list[str]:
    pieces = one_by_one(digits, source)
    wrong = " ".join(ONES[source.randrange(10)] for _ in range(3))
    return [pieces[0], f"{wrong} no sorry {pieces[1]}", *pieces[2:]]


def written(digits: str, source: random.Random) -> list[str]:
    return _groups(digits)


def written_one_by_one(digits: str, source: random.Random) -> list[str]:
    return [" ".join(group) for group in _groups(digits)]


STYLES: dict[str, Style] = {
    "one by one": one_by_one,
    "with oh": with_oh,
    "double and triple": with_repeats,
    "in pairs": in_pairs,
    "hesitating": hesitating,
    "misrecognised": misrecognised,
    "corrected": corrected,
    "written": written,
    "written one by one": written_one_by_one,
}
