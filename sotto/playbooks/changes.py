"""What one playbook has that another has not, by name; and how their texts differ, by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sotto.tenants.playbook import Playbook

CONTEXT_LINES = 3
MOST_LINES = 4_000


class Kind(StrEnum):
    SET = "set"
    MOMENT = "moment"
    ACTION = "action"
    ITEM = "item"
    """Of a checklist, as "checklist/item"."""


class How(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    name: str
    how: How


def changes(before: Playbook, after: Playbook) -> tuple[Change, ...]:
    """By content: what is only written in another way, or stands elsewhere in the file, has not changed."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return tuple(_differing(old, new))


def _differing(old: Mapping[tuple[Kind, str], Any], new: Mapping[tuple[Kind, str], Any]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if key not in old:
            yield Change(*key, How.ADDED)
        elif key not in new:
            yield Change(*key, How.REMOVED)
        elif old[key] != new[key]:
            yield Change(*key, How.CHANGED)


def _parts(playbook: Playbook) -> Iterator[tuple[tuple[Kind, str], Any]]:
    """As they are stored: what was read back has other types for the same."""
    for one in playbook.sets:
        yield (Kind.SET, one.name), None
        for moment in one.moments:
            yield (Kind.MOMENT, moment.name), (one.name, moment.model_dump(mode="json"))
        for action in one.actions:
            yield (Kind.ACTION, action.name), (one.name, action.model_dump(mode="json"))
        for checklist in one.checklists:
            for item in checklist.items:
                name = f"{checklist.name}/{item.name}"
                yield (Kind.ITEM, name), (one.name, checklist.title, item.model_dump(mode="json"))


def line_changes(before: str, after: str) -> tuple[str, ...]:
    """A unified diff without its two heads: lines begin with "@@", " ", "-" or "+"."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT_LINES)
    return tuple(list(found)[2 : MOST_LINES + 2])
