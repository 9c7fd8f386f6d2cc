"""Names in text with capitals: rows of capitalised words that read as a person and not as a place or a firm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from sotto.redaction.detectors.en.names.known_names import known_names
from sotto.redaction.detectors.en.names.name_words import NOT_NAMES, ORGANISATION, PARTICLES
from sotto.redaction.detectors.spoken.names.known_names import KnownNames, plain
from sotto.redaction.detectors.spoken.names.name_words import LONGEST_NAME
from sotto.redaction.detectors.spoken.names.rows import is_called

_CAPITAL = r"(?:[^\W\d_a-z]\.|[^\W\d_a-z](?:[^\W\d_]|['’-](?=[^\W\d_]))*)"
_JOINING = r"(?:van|von|de|der|den|del|della|di|da|dos|das|la|le|ten|ter|el|al)"
_CAPITALISED = re.compile(rf"(?<![\w-]){_CAPITAL}(?:[ ]+(?:{_JOINING}[ ]+)*(?:(?<!'s )(?<!’s )){_CAPITAL})*")
_PLACE_BEFORE = frozenset(["in", "at", "near", "of", "the"])
_WAY_BEFORE = frozenset(["to", "from"])
_PLACE_WORD = re.compile(
    r"^(?:san|santa|sao|los|las|new|north|south|east|west|saint|st|port|fort|mount|united|republic|villa\w*|lake|"
    r"city|state)$"
)
_STATE_AFTER = re.compile(r", [A-Z]{2}\b")
_EMPLOYED_BY = re.compile(r"\bwork(?:s|ed|ing)?\s+(?:for|at)\s+$", re.IGNORECASE)
_PERSON_AFTER = re.compile(
    r"\s*,?\s*(?:said|says|told|asked|explained|shouted|wrote|called|lives|lived|works|worked|wants|wanted|"
    r"spent|had given|will be talking|speaks?|"
    r"is very|is a very|and (?:his|her)|whose|who)\b"
)
_ROLES = (
    r"(?:producer|singer|actor|actress|author|writer|commenter|manager|president|director|doctor|nurse|colleague|"
    r"friend|customer|patient|user)"
)
_ROLE = re.compile(rf"{_ROLES}$", re.IGNORECASE)
_PERSON_BEFORE = re.compile(rf"\b(?:{_ROLES}|add|by|told|asked|gave|given|met|married|ex-\w+)[ ]+$", re.IGNORECASE)
_CREDENTIALS = re.compile(r",? (?:Jr|Sr|II|III|IV|MD|DDS|DVM|PhD|Esq)\b\.?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Capitalised words in a row. ``plain`` are they in lower case without accents."""

    start: int
    end: int
    plain: tuple[str, ...]


def people_in(text: str) -> list[tuple[int, int]]:
    """Where names of people stand; titles before them are not part of it, credentials after them are."""
    names = known_names()
    candidates = [c for m in _CAPITALISED.finditer(text) if (c := _candidate(text, m, names))]
    people = [c for c in candidates if _is_person(text, c, names)]
    people += [
        c
        for c in candidates
        if c not in people
        and not all(map(names.only_a_word, c.plain))
        and any(_listed(text, c, other) for other in people)
    ]
    return [(c.start, _with_credentials(text, c.end)) for c in people]


def _candidate(text: str, found: re.Match[str], names: KnownNames) -> Candidate | None:
    words = list(re.finditer(r"\S+", found.group()))
    if _is_place(found.group(), names):
        return None
    while words and _only_leads(words, names):
        words = words[1:]
    words = list(takewhile(_may_belong, words))
    if not words or len(words) > LONGEST_NAME + 1:
        return None
    reading = tuple(plain(word.group()) for word in words)
    start, end = found.start() + words[0].start(), found.start() + words[-1].end()
    if any(ORGANISATION.match(word) for word in reading) or ORGANISATION.match(text[end:].lstrip(" ,.")):
        return None
    if len(reading) == 1 and text[start:end].isupper():
        return None
    end -= text[end - 1] == "." and len(reading[-1]) > 2
    return Candidate(start, end - 2 if text[:end].endswith(("'s", "’s")) else end, reading)


def _only_leads(words: list[re.Match[str]], names: KnownNames) -> bool:
    """ "Yesterday Maria called": the first word has its capital from the sentence, or says what the person is."""
    first, *rest = (plain(word.group()) for word in words)
    if first in NOT_NAMES:
        return True
    return bool(rest) and (bool(_ROLE.match(first)) or (names.only_a_word(first) and rest[0] in names.given))


def _may_belong(word: re.Match[str]) -> bool:
    is_initial_or_joining = len(word.group().rstrip(".")) == 1 and word.group() != "I" or word.group()[0].islower()
    return is_initial_or_joining or plain(word.group()) not in NOT_NAMES


def _is_place(phrase: str, names: KnownNames) -> bool:
    words = plain(phrase).replace("-", " ").split()
    return len(words) > 1 and (" ".join(words) in names.places or names.is_firm(" ".join(words)))


def _is_person(text: str, candidate: Candidate, names: KnownNames) -> bool:
    words = candidate.plain
    if _is_no_person(text, candidate, names):
        return False
    if any(names.surely(word) for word in words):
        return True
    if len(words) == 1 and is_called(text, candidate.start, candidate.end) and names.may_be_announced(words[0]):
        return names.is_unknown(words[0]) or words[0] in names.proper
    if len(words) > 1 and (names.possibly(words[0]) or any(len(word) == 1 for word in words[1:-1])):
        return True
    if len(words) in (2, 3) and not text[candidate.start : candidate.end].isupper():
        return all(names.is_unknown(word) or names.possibly(word) or word in PARTICLES for word in words)
    before = text[max(0, candidate.start - 30) : candidate.start]
    return len(words) <= 3 and bool(_PERSON_AFTER.match(text, candidate.end) or _PERSON_BEFORE.search(before))


def _is_no_person(text: str, candidate: Candidate, names: KnownNames) -> bool:
    """By what stands around it, or by words that are nobody's name ("Detroit Airport")."""
    words = candidate.plain
    given_leads = words[0] in names.given
    before = text[: candidate.start]
    last_before = (before.split()[-1:] or [""])[0].lower()
    if _PLACE_WORD.match(words[0]) or _EMPLOYED_BY.search(before[-20:]):
        return True
    if len(words) == 1 and _STATE_AFTER.match(text, candidate.end):
        return True
    if last_before in _PLACE_BEFORE and not (given_leads and len(words) > 1):
        return True
    if last_before in _WAY_BEFORE and len(words) == 1:
        return True
    return not given_leads and any(names.only_a_word(word) for word in words if len(word) > 1 and word not in PARTICLES)


def _listed(text: str, one: Candidate, other: Candidate) -> bool:
    """ "Kónya, Becker and Vasquez": what stands in a list with a person is a person."""
    first, second = sorted((one, other), key=lambda candidate: candidate.start)
    return len(one.plain) == len(other.plain) and text[first.end : second.start].strip() in (",", "and", ", and", "&")


def _with_credentials(text: str, end: int) -> int:
    found = _CREDENTIALS.match(text, end)
    return found.end() if found else end
