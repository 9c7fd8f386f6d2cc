"""Text cut into tokens that remember where they stood."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or one sign; ``text`` is lower case. ``start`` and ``end`` are offsets in the source."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    return [Token(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text)]
