"""What tells names from talk in a language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.names.known_names import NEVER, KnownNames

LONGEST_NAME = 4
NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """What tells names from talk in a language. Patterns are matched on plain text."""

    named: re.Pattern[str]
    """What follows is a name, whatever it may mean besides."""
    spoken_with: re.Pattern[str]
    """What follows is a name unless it is an ordinary word."""
    greeted: re.Pattern[str]
    """The same: "hello", "thank you"."""
    roles: re.Pattern[str]
    """The same: "my husband", "the engineer"."""
    addressed: re.Pattern[str]
    """What follows is a name if we know it as one."""
    doubted: re.Pattern[str] = NEVER
    """What follows is a name if we know it as nothing else or if no list knows it: "not", "it should say"."""
    title: re.Pattern[str]
    sure_title: re.Pattern[str]
    """Those of the titles that mean nothing else: whatever word follows is a name."""
    before_pairs: re.Pattern[str]
    """Two words after these that no list knows are a name."""
    objects: frozenset[str] = frozenset()
    """Before these a word that may be a name is a verb: "may i", "mark it"."""
    prepositions: frozenset[str] = frozenset()
    """Of what announces names, those before things, too."""
    joints: frozenset[str]
    """Between two names: "and"."""
    not_names: frozenset[str]
    of_places: frozenset[str] = frozenset()
    """Before the name of a saint or of somebody whom a street is called after."""
    particles: frozenset[str]
    after_particles: frozenset[str] = frozenset()
    """Ordinary words that a family name ends in after particles: "de la torre", "von der heide"."""
    organisation: re.Pattern[str]
    initial: re.Pattern[str]
    known: Callable[[], KnownNames]
    in_case: Callable[[str], list[tuple[int, int]]]
    """Where names stand in text with capitals."""
    knows_its_words: bool = False
    """Whether the list of ordinary words is so long that two words in a row which it lacks are a name."""
    nouns_are_small: bool = False
    """Whether a capital within a sentence makes a proper noun."""
    most_unknown: int = 2
    """Words after an announcement that may be in no list."""
    indefinite: frozenset[str] = frozenset()
    """ "a", "ein", "una": before no name but a thing's ("ein mercedes")."""
    alone: frozenset[str] = frozenset()
    """Given names that are a person without anything beside them, in text without capitals too."""
    articles: frozenset[str] = frozenset()
    """Before ordinary nouns: an answer with one is no name. Empty: ordinary words may be names in any answer."""
    goes_on_over_words: bool = False
    """Whether a name goes on over family names that are words: where people bear two of them."""
    spelt: re.Pattern[str] = NEVER
    """Right before letters: "that's spelled"."""
    named_before: re.Pattern[str] | None = None
    """What stands before is a name: "Schmidt am Apparat"."""
    surely_named: re.Pattern[str] = NEVER
    """Within such a phrase: nobody says it of anything but a person, so that any word before it is a name."""
