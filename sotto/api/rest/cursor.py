"""Where lists go on that are in the order of ``seq`` or of names: signed, good for one caller and one list."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.api.rest.route import ApiPorts, Asked
from sotto.history import cursor
from sotto.realtime.shapes import Shape


def after_of(given: str | None, what: str, asked: Asked, ports: ApiPorts) -> int:
    """Raises BadCursor."""
    if given is None:
        return 0
    match cursor.read(given, _question(what, asked), _key(asked, ports)):
        case [int() as seq]:
            return seq
    raise cursor.BadCursor


def next_of(found: Sequence[Shape], limit: int, what: str, asked: Asked, ports: ApiPorts) -> str | None:
    """None where ``found`` is less than was asked for."""
    if len(found) < limit:
        return None
    return cursor.written([found[-1]["seq"]], _question(what, asked), _key(asked, ports))


def name_after(given: str | None, what: str, asked: Asked, ports: ApiPorts) -> str:
    """Empty: from the first. Raises BadCursor."""
    if given is None:
        return ""
    match cursor.read(given, _question(what, asked), _key(asked, ports)):
        case [str() as name]:
            return name
    raise cursor.BadCursor


def next_name(last: str | None, what: str, asked: Asked, ports: ApiPorts) -> str | None:
    """``last``: the name after which there may be more; None at the end."""
    return None if last is None else cursor.written([last], _question(what, asked), _key(asked, ports))


def _question(what: str, asked: Asked) -> str:
    return cursor.question_digest((what, asked.caller.tenant, asked.caller.agent, sorted(asked.path.items())))


def _key(asked: Asked, ports: ApiPorts) -> bytes:
    return ports.panel().history.signing_key(asked.caller.tenant)
