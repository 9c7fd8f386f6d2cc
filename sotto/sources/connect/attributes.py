"""What is kept of a contact's attributes: enough for every policy, and never more than an item of a table can carry."""

from __future__ import annotations

from collections.abc import Mapping

MOST_ATTRIBUTES = 100
LONGEST_VALUE = 1_000
"""Characters. Connect allows 32 KB in all; whoever compares a value compares a word or two."""
MOST_CHARACTERS = 20_000


def kept_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """Long values are cut. Where there are too many, the shortest stay; equal ones by name, so that every reader keeps
    the same."""
    cut = {name: value[:LONGEST_VALUE] for name, value in attributes.items() if len(name) <= LONGEST_VALUE}
    kept: dict[str, str] = {}
    characters = 0
    for name, value in sorted(cut.items(), key=lambda entry: (len(entry[1]), entry[0]))[:MOST_ATTRIBUTES]:
        characters += len(name) + len(value)
        if characters > MOST_CHARACTERS:
            break
        kept[name] = value
    return {name: kept[name] for name in attributes if name in kept}
