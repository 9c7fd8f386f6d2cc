"""E-mail and web addresses read out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.privacy.finding import Finding
from sotto.privacy.rules import Kind
from sotto.privacy.tokens import Fluent

_CHARACTER = r"(?:\w|zero|one|two|three|four|five|six|seven|eight|nine|(?:double|triple) \w+)"
_JOINT = r"(?:dot|dash|hyphen|underscore|under score|plus|point)"
_DOMAIN_END = r"(?:com|net|org|edu|gov|info|\w{2,6}|\w(?: \w){1,2}\b)"
_PROVIDER = (
    r"(?:g ?mail|google ?mail|yahoo|hotmail|hot mail|outlook|icloud|i cloud|aol|a o l|msn|m s n|proton ?mail|comcast|verizon)"
)
# Before "at": characters spelled one by one, words joined by "dot", or the one word that is left.
_LOCAL = rf"(?:(?:{_CHARACTER} )*(?:(?:{_CHARACTER} )*\w+ {_JOINT} )*(?:{_CHARACTER} )*\w+)"
_DOMAIN = (
    rf"(?:(?:(?:{_CHARACTER} )*\w+ (?:\w+ )?(?:(?:dash|hyphen) \w+ )*)?(?:dot (?:co|com|ac|org) )?dot {_DOMAIN_END}|"
    rf"{_PROVIDER}(?: dot {_DOMAIN_END})?)"
)
_EMAIL = re.compile(rf"(?:\b{_LOCAL} |^)(?:at|@) {_DOMAIN}\b")
_URL = re.compile(
    rf"\b(?:h t t p(?: s)?|https?|w w w|www|triple w|double u double u double u)\b(?: \S+){{0,30}}? dot {_DOMAIN_END}"
    rf"(?: (?:dot|slash) (?:\w\b ?)+)*"
)
_DOT_COM = re.compile(rf"\b(?:{_CHARACTER} )*\w+ dot (?:com|net|org|ai|io|c o m|co uk|co dot uk)\b(?: (?:dot|slash) (?:\w\b ?)+)*")
_PIECE = re.compile(rf"\b(?:{_CHARACTER} )*(?:\w+ {_JOINT} )+(?:{_CHARACTER} )*\w+|^{_CHARACTER}(?: {_CHARACTER})+$")
_OPENING = re.compile(
    rf"\b(?:{_CHARACTER} )*(?:\w+ {_JOINT} )+(?:\w+)?$|\b{_LOCAL} at {_PROVIDER}(?: dot(?: \w+)?)?$|\b{_LOCAL} at(?: \w+){{1,3}} dot$"
)
_NOT_IN_A_NAME = frozenset(
    "is it's its it that's that this the my your our to me us at yes yeah no email e mail address send write and or so a an "
    "on for of in by just look looking please sure okay ok right well be it'd i'm um uh with from via".split()
)
_MAY_PRECEDE = 2
"""Words before "at" that belong to the name when it was said in words: "john jones at"."""


def spoken_addresses(fluent: Fluent, *, expected: bool, is_partial: bool) -> Iterator[Finding]:
    """E-mail and web addresses spelled out. In a partial also what looks like the start of one; where an address is
    ``expected`` (it was asked for) also a piece of one."""
    text = fluent.text
    if expected or is_partial:
        for m in _PIECE.finditer(text) if expected else _OPENING.finditer(text):
            yield Finding(Kind.EMAIL, *fluent.source(*m.span()))
    if " dot " not in text and "at " not in text and "w w w" not in text:
        return
    for m in _EMAIL.finditer(text):
        yield Finding(Kind.EMAIL, *fluent.source(_start_of_name(text, m.start()), m.end()))
    for pattern in (_URL, _DOT_COM):
        for m in pattern.finditer(text):
            yield Finding(Kind.NETWORK_ADDRESS, *fluent.source(*m.span()))


def _start_of_name(text: str, start: int) -> int:
    words = text[:start].split()
    for word in reversed(words[-_MAY_PRECEDE:]):
        if word in _NOT_IN_A_NAME or not word.isalnum():
            break
        start -= len(word) + 1
    return start
