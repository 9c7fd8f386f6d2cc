"""Which words are names of people and which are ordinary, as a language pack knows them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

from sotto.redaction.detectors.spoken.names.brands import BRANDS, FIRMS

_SHORTEST_UNKNOWN, _SHORTEST_PART = 3, 4


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
    seldom: frozenset[str] = frozenset()
    """Words that are ordinary, but rare: a name where one is announced, none where nothing but their rarity says so."""
    compounds: bool = False
    family_ending: re.Pattern[str] = NEVER
    ordinary_ending: re.Pattern[str] = NEVER
    """What no name ends in."""

    def surely(self, word: str) -> bool:
        if word in self.given or word in self.family or self.reads_as_family(word):
            return word not in BRANDS
        first, hyphen, second = word.partition("-")
        is_double = first in self.given or (first in self.given_and_word and second in self.given)
        return bool(hyphen) and is_double

    def possibly(self, word: str) -> bool:
        return self.surely(word) or word in self.also_words

    def reads_as_family(self, word: str) -> bool:
        """By its ending, in a list or not."""
        return bool(self.family_ending.match(word)) and not self.is_ordinary(word) and word not in self.proper

    def is_unknown(self, word: str) -> bool:
        """In no list at all: beside other such words the name of a person more often than not."""
        is_strange = self.may_follow_a_given(word) and not self.possibly(word) and word not in BRANDS
        return is_strange and word not in self.proper and word not in self.seldom

    def is_compound(self, word: str) -> bool:
        """Of two ordinary words, as German makes them: "ratenzahlung"."""
        return self.compounds and any(
            word[at:] in self.ordinary and (word[:at] in self.ordinary or word[: at - 1] in self.ordinary)
            for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        )

    def may_follow_a_given(self, word: str) -> bool:
        return len(word) >= _SHORTEST_UNKNOWN and not self.is_ordinary(word)

    def may_be_announced(self, word: str) -> bool:
        """Where a person is announced: a name, or what is neither an ordinary word nor a thing's name."""
        return self.possibly(word) or not (self.is_ordinary(word) or word in BRANDS or word in self.proper)

    def may_be_called(self, word: str) -> bool:
        """Where a person is announced and the word has the capital of a proper noun."""
        is_thing = self.is_ordinary(word) or word in BRANDS or word in self.places or word in self.proper
        return self.possibly(word) or not is_thing

    def is_no_brand(self, word: str) -> bool:
        """Nor one that is somebody's name, too."""
        return word not in BRANDS or word in self.given or word in self.family or word in self.also_words

    def is_firm(self, phrase: str) -> bool:
        return phrase in FIRMS

    def only_a_word(self, word: str) -> bool:
        """An ordinary word or a place, and nobody's name."""
        return self.is_ordinary(word) and not self.possibly(word)

    def is_ordinary(self, word: str) -> bool:
        if word in self.ordinary or word in self.places or word.removesuffix("s") in self.ordinary:
            return True
        return bool(self.ordinary_ending.fullmatch(word))


def plain(word: str) -> str:
    """As the lists are written: recognisers drop accents, and a possessive or a full stop is no part of a name."""
    if word.isascii():
        return word.lower().rstrip(".").removesuffix("'s")
    decomposed = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).removesuffix("'s").removesuffix("’s")


@dataclass(frozen=True, slots=True)
class CommonWords:
    ordinary: frozenset[str]
    seldom: frozenset[str]
    places: frozenset[str]


def common_words(package: str) -> CommonWords:
    """What stands in the ``words.json`` of a pack's folder (benchmarks/ordinary_words.py)."""
    common = json.loads((files(package) / "words.json").read_text(encoding="utf-8"))
    return CommonWords(
        frozenset(common["ordinary"].split()),
        frozenset(common["seldom"].split()),
        frozenset(common["places"].split("|")),
    )
