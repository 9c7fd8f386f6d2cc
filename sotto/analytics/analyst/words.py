"""Words of a question, as they are compared."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-zäöüßéñ0-9]+(?:-time)?")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
_KEPT = frozenset(
    "bad red less this his is was has does process access business class is_ as us its plus status bus gas during "
    "nothing something anything evening morning ring king bring thing need speed feed seed exceed proceed".split()
)
SHORTEST = 3


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("'s ", " "))


def stem(word: str) -> str:
    """Of English words, roughly: what people write of one thing in one question comes out the same."""
    if word in _KEPT or len(word) <= SHORTEST or word.endswith("ss"):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            cut = word[: len(word) - len(ending)] + instead
            if ending in ("ing", "ed") and len(cut) > SHORTEST and cut[-1] == cut[-2] and cut[-1] not in "sl":
                cut = cut[:-1]
            return cut.removesuffix("e") if len(cut) > SHORTEST else cut
    return word.removesuffix("e") if len(word) > SHORTEST + 1 else word
