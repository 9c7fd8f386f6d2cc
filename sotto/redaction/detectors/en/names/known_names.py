"""The lists of names, of ordinary words and of places: read at first use."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from sotto.redaction.detectors.en.names.name_words import GIVEN_ALONE
from sotto.redaction.detectors.spoken.names.known_names import KnownNames

_FAMILY_ENDING = re.compile(
    r"\w{2,}(?:ov|ova|ev|eva|iev|ieva|sky|ski|ska|vić|vic|ovic|evic|(?<!per)son|sson|ssen|sen|dottir|escu|enko|"
    r"chuk|shvili|nen|mann|czyk|wicz|poulos|idis|yan|opoulou|quist|gaard|stad)$"
)


@cache
def known_names() -> KnownNames:
    """About 45,000 names, 60,000 ordinary words and 5,000 places (see docs/decisions)."""
    folder = files("sotto.redaction.detectors.en.names")
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    return KnownNames(
        given=frozenset(names["given"]) | GIVEN_ALONE,
        family=frozenset(names["family"]),
        given_and_word=frozenset(names["given_and_word"]),
        also_words=frozenset([*names["given_and_word"], *names["family_and_word"]]),
        ordinary=frozenset(words["ordinary"].split()),
        proper=frozenset(words["proper"].split()),
        places=frozenset(words["places"].split("|")),
        family_ending=_FAMILY_ENDING,
    )
