"""The words for numbers that a language pack gives, as people say them and as recognisers mishear them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LONGEST_BRIDGE = 4
"""Words that may stand between two digits of one number."""


def no_compounds(word: str) -> tuple[str, ...]:
    """Every word is one part: the language writes the parts of a number apart."""
    return (word,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Words are written as the pack's tokens are. Digits stand for the words; only ``hundreds`` and ``magnitudes`` are
    values."""

    units: Mapping[str, str]
    """Always a digit."""
    sound_alikes: Mapping[str, str]
    """A digit only in the company of digits."""
    teens: Mapping[str, str]
    """What is said in one breath and has two digits, but for ``tens``: also "veintiuno"."""
    tens: Mapping[str, str]
    repeats: Mapping[str, int]
    """ "double" -> 2."""
    hundred: frozenset[str]
    """Multiplies what stands before it."""
    magnitudes: Mapping[str, int]
    """``hundred`` is among them."""
    hundreds: Mapping[str, int]
    """Whole words for hundreds: "doscientos" -> 200."""
    alone: frozenset[str]
    """Of ``hundred`` and ``magnitudes``: what stands for one of itself ("mil", "hundert")."""
    one_before: frozenset[str]
    """The article that counts one hundred or thousand: "a hundred"."""
    joins: frozenset[str]
    """Between the parts of a number: "one hundred and five"."""
    tens_join: frozenset[str]
    """Between tens and units in either order: "forty-one", "treinta y dos", "einundvierzig"."""
    unit_first: Mapping[str, str]
    """Units that stand before tens ("einundvierzig"); empty where tens come first."""
    times: frozenset[str]
    """After a small number it repeats the next digit: "dos veces siete", "zweimal die sieben"."""
    repeat_joins: frozenset[str]
    """Between what repeats and the digit: "doppel-sieben"."""
    bridges: frozenset[str]
    """What may stand between two digits of one number: separators, hesitation, a correction in mid-number."""
    asides: frozenset[str]
    """What may stand around the digits in an answer that is nothing but a number."""
    units_of_measure: frozenset[str]
    """A number before one of these is a quantity."""
    year_before: frozenset[str]
    """Four digits after one of these are a year."""
    links: frozenset[str]
    """What may stand between an announcement and its digits."""
    point: str
    """The word in a decimal number."""
    calls: frozenset[str]
    idioms: frozenset[str] = frozenset()
    """Digits that are a manner of speaking: "twenty four seven"."""
    emergency: frozenset[str]
    """Numbers that one ``calls``."""
    tens_join_needed: bool = False
    """Whether "treinta dos" without its "y" is two numbers."""
    plurals: Mapping[str, str] = field(default_factory=dict)
    """ "dos ceros", "zwei Nullen"."""
    parts_of: Callable[[str], tuple[str, ...]] = no_compounds
    """A compound cut into words of the lists above; the word itself where it is no number."""

    def is_small(self, word: str) -> bool:
        """Below a hundred in one word."""
        return word in self.units or word in self.teens or word in self.tens
