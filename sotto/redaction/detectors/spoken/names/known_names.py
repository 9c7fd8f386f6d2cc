"""Which words are names of people and which are ordinary, as a language pack knows them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

_SHORTEST_UNKNOWN = 3


NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Every word in lower case without accents. ``given`` and ``family`` are nothing but names; those in ``also_words``
    are ordinary words, too ("mark", "brown"); ``proper`` are brands and what else dictionaries write with a capital."""

    given: frozenset[str]
    family: frozenset[str]
    given_and_word: frozenset[str]
    also_words: frozenset[str]
    ordinary: frozenset[str]
    proper: frozenset[str]
    places: frozenset[str]
    family_ending: re.Pattern[str] = NEVER
    ordinary_ending: re.Pattern[str] = NEVER
    """What no name ends in."""

    def surely(self, word: str) -> bool:
        if word in self.given or word in self.family or self.reads_as_family(word):
            return True
        first, hyphen, _ = word.partition("-")
        return bool(hyphen) and first in self.given

    def possibly(self, word: str) -> bool:
        return self.surely(word) or word in self.also_words

    def reads_as_family(self, word: str) -> bool:
        """By its ending, in a list or not."""
        return bool(self.family_ending.match(word)) and not self.is_ordinary(word) and word not in self.proper

    def is_unknown(self, word: str) -> bool:
        """In no list at all: beside other such words the name of a person more often than not."""
        return self.may_follow_a_given(word) and not self.possibly(word) and word not in self.proper

    def may_follow_a_given(self, word: str) -> bool:
        return len(word) >= _SHORTEST_UNKNOWN and not self.is_ordinary(word)

    def only_a_word(self, word: str) -> bool:
        """An ordinary word or a place, and nobody's name."""
        return self.is_ordinary(word) and not self.possibly(word)

    def is_ordinary(self, word: str) -> bool:
        if word in self.ordinary or word in self.places or word.removesuffix("s") in self.ordinary:
            return True
        return bool(self.ordinary_ending.fullmatch(word))


def plain(word: str) -> str:
    """As the lists are written: recognisers drop accents, and a possessive or a full stop is no part of a name."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).removesuffix("'s").removesuffix("’s")


def common_words(package: str) -> tuple[frozenset[str], frozenset[str]]:
    """The ordinary words and the places in the ``words.json`` of a pack's folder (benchmarks/ordinary_words.py)."""
    common = json.loads((files(package) / "words.json").read_text(encoding="utf-8"))
    return frozenset(common["ordinary"].split()), frozenset(common["places"].split("|"))
