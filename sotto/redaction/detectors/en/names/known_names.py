"""Which words are names of people, which are ordinary, and which phrases are places: lists read at first use."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FAMILY_ENDING = re.compile(
    r"\w{2,}(?:ov|ova|ev|eva|iev|ieva|sky|ski|ska|vić|vic|ovic|evic|(?<!per)son|sson|ssen|sen|dottir|escu|enko|"
    r"chuk|shvili|nen|mann|czyk|wicz|poulos|idis|yan|opoulou|quist|gaard|stad)$"
)
_SHORTEST_UNKNOWN = 3


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

    def surely(self, word: str) -> bool:
        return word in self.given or word in self.family or self.reads_as_family(word)

    def possibly(self, word: str) -> bool:
        return self.surely(word) or word in self.also_words

    def reads_as_family(self, word: str) -> bool:
        """By its ending, in a list or not."""
        return bool(_FAMILY_ENDING.match(word)) and not self.is_ordinary(word) and word not in self.proper

    def is_unknown(self, word: str) -> bool:
        """In no list at all: beside other such words the name of a person more often than not."""
        return self.may_follow_a_given(word) and not self.possibly(word) and word not in self.proper

    def may_follow_a_given(self, word: str) -> bool:
        return len(word) >= _SHORTEST_UNKNOWN and not self.is_ordinary(word)

    def only_a_word(self, word: str) -> bool:
        """An ordinary word or a place, and nobody's name."""
        return self.is_ordinary(word) and not self.possibly(word)

    def is_ordinary(self, word: str) -> bool:
        return word in self.ordinary or word in self.places or word.removesuffix("s") in self.ordinary


def plain(word: str) -> str:
    """As the lists are written: recognisers drop accents, and a possessive or a full stop is no part of a name."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).removesuffix("'s").removesuffix("’s")


@cache
def known_names() -> KnownNames:
    """About 45,000 names, 60,000 ordinary words and 5,000 places (see docs/decisions)."""
    folder = files("sotto.redaction.detectors.en.names")
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    return KnownNames(
        given=frozenset(names["given"]),
        family=frozenset(names["family"]),
        given_and_word=frozenset(names["given_and_word"]),
        also_words=frozenset([*names["given_and_word"], *names["family_and_word"]]),
        ordinary=frozenset(words["ordinary"].split()),
        proper=frozenset(words["proper"].split()),
        places=frozenset(words["places"].split("|")),
    )
