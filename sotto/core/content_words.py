"""Words that carry meaning, for comparing what was written or said."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOP = frozenset(
    "a about all also an and any are as at be been but by can do does for from had has have he her here his how i if"
    " in into is it its just may me more my no not of on one or our she so some such than that the their them then"
    " there these they this those to up was we were what when where which who will with would you your".split()
)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, cut to their stems in the plainest way: plural and past endings go."""
    return [stem(word) for word in _words(text) if word not in STOP]


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def stem(word: str) -> str:
    """``word`` in lower case. Of English; the plainest way there is."""
    word = word.removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def plain(text: str) -> str:
    """For comparing wording: case, punctuation and spacing do not count."""
    return " ".join(_words(text))
