"""Reads examples that models learn from: phrases by name, and names by kind. Check and training read with the same
code; what YAML would make a number, a date or true of is a phrase like any other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sotto.graph.condition import NONE_OF_THESE
from sotto.tenants.reading.places import YamlPlace

FEWEST_INTENTS = 2
"""One alone cannot be distinguished from another, and no model is made of it."""
LONGEST_PHRASE = 1_000
Phrases = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Intents:
    phrases: Phrases = field(default_factory=dict)
    none_of_these: tuple[str, ...] = ()
    entities: Phrases = field(default_factory=dict)


def read_intents(
    root: YamlPlace, *, fewest: int = 5, needed: Collection[str] = ("version", "none_of_these")
) -> Intents:
    """Of intents.yaml. ``fewest``: phrases of an intent."""
    fields = root.fields(("version", "intents", "none_of_these", "entities"), needed=("intents", *needed))
    if "version" in fields:
        fields["version"].version()
    phrases = read_phrases(fields["intents"], "intents", fewest) if "intents" in fields else {}
    if NONE_OF_THESE in phrases:
        fields["intents"].wrong(f"'{NONE_OF_THESE}' has a meaning of its own; write its phrases beside 'intents:'")
    if 0 < len(phrases) < FEWEST_INTENTS:
        fields["intents"].wrong("one intent cannot be told from another; write at least two, or none")
    return Intents(
        phrases,
        short_texts(fields["none_of_these"]) if "none_of_these" in fields else (),
        read_names(fields["entities"]) if "entities" in fields else {},
    )


def read_phrases(place: YamlPlace, what: str, fewest: int) -> Phrases:
    """``what``: intents or behaviours."""
    found = {}
    for name, key, value in place.named(what):
        fields = value.fields(("phrases",), needed=("phrases",))
        found[name] = short_texts(fields["phrases"]) if "phrases" in fields else ()
        if "phrases" in fields and len(found[name]) < fewest:
            key.wrong(
                f"{what.removesuffix('s')} '{name}' has fewer than {fewest} phrases; write 10 to 20 different ones "
                f"that {'callers' if what == 'intents' else 'people'} say"
            )
    return found


def read_names(place: YamlPlace) -> Phrases:
    """The tenant's own names by kind, such as branch: [Harbour Street]."""
    return {kind: short_texts(value) for kind, _, value in place.named("kinds of names")}


def short_texts(place: YamlPlace) -> tuple[str, ...]:
    found = []
    for text, item in place.texts():
        if len(text) > LONGEST_PHRASE:
            item.wrong(f"this has {len(text):,} characters; a phrase is what somebody says in one breath")
        elif not any(letter.isalnum() for letter in text):
            item.wrong("a phrase needs words")
        else:
            found.append(text)
    return tuple(found)
