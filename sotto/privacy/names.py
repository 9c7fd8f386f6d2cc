"""People's names: where something announces one, and where a known given or family name stands in cased text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sotto.privacy.finding import Finding
from sotto.privacy.rules import Kind
from sotto.privacy.vocabulary import words_of

_INTRODUCED = re.compile(
    r"\b(?:(?:my|his|her|their|your|the)\s+(?:(?:full|first|last|middle|maiden|family|legal|wife's|husband's|"
    r"son's|daughter's)\s+)?(?:sur)?name(?:\s+is|'s|:)|"
    r"(?:first|last|middle|maiden|full|family)\s+name(?:\s+is|'s|:|\?)|surname(?:\s+is|'s|:)|name\s+is|name:|"
    r"name\s+on\s+(?:the|my)\s+\w+\s+is|"
    r"(?:calls?|called)\s+me|i\s+am\s+called|(?:speaking|talking|spoke|speak)\s+(?:to|with)|this\s+is|"
    r"change\s+it\s+to|correct\s+it\s+to|"
    r"account\?\s+user:|what's\s+your\s+name\?|name\s+of|named|on\s+behalf\s+of|"
    r"(?:my|his|her)\s+(?:wife|husband|son|daughter|mother|father|brother|sister|partner|friend|colleague|boss)"
    r"(?:'s\s+name\s+is|\s+is\s+called|\s+is\s+named|,))[\s,]+",
    re.IGNORECASE,
)
_WEAKLY = re.compile(
    r"\b(?:i'm|i\s+am|it's|hi|hello|hey|dear|thanks|thank\s+you|okay|sorry|morning|afternoon|yes|yeah)[\s,]+",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|doctor|prof|professor|mx)\b\.?\s+", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_PARTICLES = words_of(
    "van von de der den del della di da dos das du la le ten ter el al bin ibn of y",
)
_NOT_NAMES = words_of(
    "name name's names was date birth day kind said say repeat makes make sense over work works someone somebody",
    "something else",
    "nice history before died passed away people within different similar school using given called normally regularly",
    "telling noticed urgently preferably obviously ones years age speak spell moment second line amazing",
    "a an the and or but not no so in on at to from for with by of as is am are was were be been being it its",
    "this that these those i you he she we they me my your his her our their here there what which who how",
    "when where why just really very too also still now then calling call speaking looking trying going",
    "having getting wondering wanting hoping ringing phoning sorry sure okay ok fine good well great happy",
    "afraid glad right wrong about like all both each some any one two three four five six seven eight nine",
    "ten first last please thanks thank yes yeah yep nope um uh er oh hello hi hey can could would should",
    "will do does did have has had get got need want know think see sir madam ma'am miss mister doctor",
    "everyone everybody correct spelled spelt incorrect account card customer service support team agent bank",
    "garage company agent's because if than more most much many out up down over back again today tomorrow",
    "tired ill sick old new born married single interested only out late early free busy ready able unable",
    "currently already i'm it's",
)
_ORGANISATION = re.compile(
    r"^(?:inc|llc|ltd|plc|corp|corporation|company|co|group|bank|university|college|hospital|airlines?|street|road|"
    r"avenue)\b",
    re.IGNORECASE,
)
_PLACE_BEFORE = frozenset(["in", "to", "from", "at", "near", "of", "the"])
_PLACE_WORD = re.compile(
    r"^(?:san|santa|sao|los|las|new|north|south|east|west|saint|st|port|fort|mount|united|republic|villa\w*|lake|"
    r"city|state)$"
)
_FAMILY_ENDING = re.compile(
    r"\w{2,}(?:ov|ova|ev|eva|iev|ieva|sky|ski|ska|vić|vic|ovic|evic|(?<!per)son|sson|ssen|sen|dottir|escu|enko|"
    r"chuk|shvili|nen|mann|czyk|wicz|poulos|idis|yan|opoulou|quist|gaard|stad)$"
)
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
_PERSON_BEFORE = re.compile(rf"\b(?:{_ROLES}|add|by|ex-\w+)\s+$", re.IGNORECASE)
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class KnownNames:
    given: frozenset[str]
    family: frozenset[str]
    given_and_word: frozenset[str]

    def surely(self, word: str) -> bool:
        return word in self.given or word in self.family

    def possibly(self, word: str) -> bool:
        return self.surely(word) or word in self.given_and_word


@cache
def known_names() -> KnownNames:
    """About 30,000 names (see docs/decisions), read at first use."""
    lists = json.loads((files("sotto.privacy") / "names.json").read_text(encoding="utf-8"))
    return KnownNames(*(frozenset(lists[name]) for name in ("given", "family", "given_and_word")))


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).removesuffix("'s").removesuffix("’s")


def names_in(text: str, *, expected: bool) -> list[Finding]:
    """Names of people. ``expected``: a name was asked for, so that a short answer is one."""
    found = [*_introduced(text), *_titled(text), *(_answered(text) if expected else ())]
    found += _known_in_case(text) if _is_cased(text) else _known_in_pairs(text)
    return found + _said_again(text, found)


def _is_cased(text: str) -> bool:
    return any(m.group()[0].isupper() and len(m.group()) > 1 for m in _NAME_WORD.finditer(text))


def _introduced(text: str) -> Iterator[Finding]:
    cased = _is_cased(text)
    for pattern, strong in ((_INTRODUCED, True), (_WEAKLY, False)):
        for m in pattern.finditer(text):
            title = _TITLE.match(text, m.end())
            if finding := _name_from(text, title.end() if title else m.end(), cased=cased, strong=strong):
                yield finding


def _titled(text: str) -> Iterator[Finding]:
    cased = _is_cased(text)
    for m in _TITLE.finditer(text):
        if finding := _name_from(text, m.end(), cased=cased, strong=True, longest=LONGEST_NAME if cased else 2):
            yield finding


def _name_from(text: str, at: int, *, cased: bool, strong: bool, longest: int = LONGEST_NAME) -> Finding | None:
    """The name that begins at ``at``: capitalised words in cased text, else known names, and after a strong
    announcement up to two words that are not ordinary."""
    names = known_names()
    end, words = at, 0
    surely = False
    for m in _NAME_WORD.finditer(text, at):
        word = _plain(m.group())
        if text[end : m.start()].strip() or words == longest or "\n" in text[end : m.start()]:
            break
        particle = word in _PARTICLES and words > 0
        proper = m.group()[0].isupper() if cased else names.possibly(word) or (strong and words < 2)
        if not particle and (word in _NOT_NAMES or not proper or _ORGANISATION.match(word)):
            break
        surely = surely or names.possibly(word)
        words, end = words + 1, m.end()
        if m.group().endswith(".") and len(m.group()) > 3:
            end -= 1
            break
    if not words or not (strong or surely):
        return None
    return Finding(Kind.NAME, at, end)


def _answered(text: str) -> Iterator[Finding]:
    """A short answer, or a longer one with letters spelled out: all but the ordinary words around it."""
    words = list(_NAME_WORD.finditer(text))
    proper = [m for m in words if _plain(m.group()) not in _NOT_NAMES or known_names().surely(_plain(m.group()))]
    is_spelled = sum(len(m.group()) == 1 for m in words) >= 4
    if proper and (len(words) <= 8 or is_spelled):
        yield Finding(Kind.NAME, proper[0].start(), proper[-1].end())


_CAPITAL = r"(?:[^\W\d_a-z]\.|[^\W\d_a-z](?:[^\W\d_]|['’-](?=[^\W\d_]))*)"
_JOINING = r"(?:van|von|de|der|den|del|della|di|da|dos|das|la|le|ten|ter|el|al)"
_CAPITALISED = re.compile(rf"(?<![\w-]){_CAPITAL}(?:[ ]+(?:{_JOINING}[ ]+)*(?:(?<!'s )(?<!’s )){_CAPITAL})*")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Capitalised words in a row. ``plain`` are they in lower case without accents."""

    start: int
    end: int
    plain: tuple[str, ...]


def _known_in_case(text: str) -> list[Finding]:
    candidates = [c for m in _CAPITALISED.finditer(text) if (c := _candidate(text, m))]
    people = [c for c in candidates if _is_person(text, c)]
    people += [c for c in candidates if c not in people and any(_listed(text, c, other) for other in people)]
    return [Finding(Kind.NAME, c.start, c.end) for c in people]


def _candidate(text: str, found: re.Match[str]) -> _Candidate | None:
    words = list(re.finditer(r"\S+", found.group()))
    while words and (_plain(words[0].group()) in _NOT_NAMES or (len(words) > 1 and _ROLE.match(words[0].group()))):
        words = words[1:]
    if not words or len(words) > LONGEST_NAME + 1:
        return None
    plain = tuple(_plain(word.group()) for word in words)
    start, end = found.start() + words[0].start(), found.start() + words[-1].end()
    if any(_ORGANISATION.match(word) for word in plain) or _ORGANISATION.match(text[end:].lstrip(" ,.")):
        return None
    if len(plain) == 1 and text[start:end].isupper():
        return None
    end -= text[end - 1] == "." and len(plain[-1]) > 2
    return _Candidate(start, end - 2 if text[:end].endswith(("'s", "’s")) else end, plain)


def _is_person(text: str, candidate: _Candidate) -> bool:
    names, plain = known_names(), candidate.plain
    before = text[: candidate.start].split()[-1:]
    placed = bool(before) and before[0].lower() in _PLACE_BEFORE
    if _PLACE_WORD.match(plain[0]) or (placed and not (len(plain) > 1 and plain[0] in names.given)):
        return False
    if any(names.surely(word) or _FAMILY_ENDING.match(word) for word in plain):
        return True
    if len(plain) > 1 and (names.possibly(plain[0]) or any(len(word) == 1 for word in plain[1:-1])):
        return True
    return len(plain) <= 3 and bool(
        _PERSON_AFTER.match(text, candidate.end)
        or _PERSON_BEFORE.search(text[max(0, candidate.start - 30) : candidate.start])
    )


def _listed(text: str, one: _Candidate, other: _Candidate) -> bool:
    """ "Kónya, Becker and Vasquez": what stands in a list with a person is a person."""
    first, second = sorted((one, other), key=lambda candidate: candidate.start)
    return len(one.plain) == len(other.plain) and text[first.end : second.start].strip() in (",", "and", ", and", "&")


def _known_in_pairs(text: str) -> Iterator[Finding]:
    """Without capitals a known name alone is too often a word: a given and a family name together are a name."""
    names = known_names()
    words = list(_NAME_WORD.finditer(text))
    for first, second in zip(words, words[1:], strict=False):
        given, family = _plain(first.group()), _plain(second.group())
        known = family in names.family or (
            len(family) > 5 and _FAMILY_ENDING.match(family) and family not in _NOT_NAMES
        )
        if given in names.given and known and text[first.end() : second.start()].isspace():
            yield Finding(Kind.NAME, first.start(), second.end())


def _said_again(text: str, found: list[Finding]) -> list[Finding]:
    """Parts of a found name that stand elsewhere in the text by themselves."""
    parts = {
        m.group()
        for f in found
        for m in _NAME_WORD.finditer(text[f.start : f.end])
        if len(m.group()) > 2 and m.group()[0].isupper()
    }
    again: list[Finding] = []
    for part in parts:
        for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
            if not any(f.overlaps(*m.span()) for f in found):
                again.append(Finding(Kind.NAME, *m.span()))
    return again
