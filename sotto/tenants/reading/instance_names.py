"""Reads names that a Connect instance has: usernames, hierarchy groups, routing profiles, queues. Ids are refused,
since nobody can read them; names are compared with the directory where there is one."""

from __future__ import annotations

import re
from collections.abc import Collection

from sotto.tenants.reading.places import YamlPlace, did_you_mean

_ID = re.compile(r"(?:arn:aws[a-z-]*:connect:\S+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)


def read_names(place: YamlPlace, what: str, known: Collection[str] | None) -> tuple[str, ...]:
    """``known``: None where nothing is known. Names count as Connect writes them."""
    return tuple(name for name, _ in name_places(place, what, known))


def read_usernames(place: YamlPlace, known: Collection[str] | None) -> tuple[str, ...]:
    """Whatever their case."""
    return tuple(name for name, _ in username_places(place, known))


def name_places(place: YamlPlace, what: str, known: Collection[str] | None) -> list[tuple[str, YamlPlace]]:
    return [(name, item) for name, item in place.texts() if _is_fine(name, name, item, what, known)]


def username_places(place: YamlPlace, known: Collection[str] | None) -> list[tuple[str, YamlPlace]]:
    folded = None if known is None else {name.casefold() for name in known}
    return [(name, item) for name, item in place.texts() if _is_fine(name.casefold(), name, item, "agent", folded)]


def _is_fine(compared: str, written: str, item: YamlPlace, what: str, known: Collection[str] | None) -> bool:
    if _ID.fullmatch(written):
        item.wrong(f"'{written}' is an id; write the {what}'s {'username' if what == 'agent' else 'name'}")
        return False
    if known is not None and compared not in known:
        item.wrong(f"unknown {what} '{written}'{did_you_mean(compared, known)}")
        return False
    return True
