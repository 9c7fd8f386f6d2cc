"""People's names: where something announces one, and where known names stand in the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.redaction.detectors.en.names.known_names import known_names, plain
from sotto.redaction.detectors.en.names.name_words import LONGEST_NAME, NOT_NAMES, ORGANISATION, PARTICLES
from sotto.redaction.detectors.en.names.names_in_case import people_in
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_NAMED = re.compile(
    r"\b(?:(?:my|his|her|their|your|the)\s+(?:(?:full|first|last|middle|maiden|family|legal|wife's|husband's|"
    r"son's|daughter's)\s+)?(?:sur)?name(?:\s+is|'s|:)|"
    r"(?:first|last|middle|maiden|full|family)\s+name(?:\s+is|'s|:|\?)|surname(?:\s+is|'s|:)|name\s+is|name:|"
    r"name\s+on\s+(?:the|my)\s+\w+\s+is|"
    r"(?:calls?|called)\s+me|i\s+am\s+called|change\s+it\s+to|correct\s+it\s+to|"
    r"account\?\s+user:|what's\s+your\s+name\?|name\s+of|named|on\s+behalf\s+of|"
    r"(?:my|his|her)\s+(?:wife|husband|son|daughter|mother|father|brother|sister|partner|friend|colleague|boss)"
    r"(?:'s\s+name\s+is|\s+is\s+called|\s+is\s+named|,))[\s,]+",
    re.IGNORECASE,
)
"""What follows is a name, whatever it may mean besides."""
_SPOKEN_WITH = re.compile(r"\b(?:(?:speaking|talking|spoke|speak)\s+(?:to|with)|this\s+is)[\s,]+", re.IGNORECASE)
"""What follows is a name unless it is an ordinary word."""
_ADDRESSED = re.compile(
    r"\b(?:i'm|i\s+am|it's|hi|hello|hey|dear|thanks|thank\s+you|okay|sorry|morning|afternoon|yes|yeah)[\s,]+",
    re.IGNORECASE,
)
"""What follows is a name if we know it as one."""
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|doctor|prof|professor|mx)\b\.?\s+", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")

_INITIAL = re.compile(r"(?![aio]\b)[a-z]\.?")
_BETWEEN = re.compile(r" +(?:[a-z]\.? +)?")
_SPELLED, _SPELLED_SO_FAR = 4, 2
"""Letters in a longer answer that make it a name; in an interim more of them may come."""


def names_in(text: str, *, expected: bool, is_interim: bool = False) -> list[Finding]:
    """Names of people. ``expected``: a name was asked for, so that a short answer is one."""
    spelled = _SPELLED_SO_FAR if is_interim else _SPELLED
    found = [*_introduced(text), *_titled(text), *(_answered(text, spelled) if expected else ())]
    if _is_cased(text):
        found += [Finding(PrivateKind.NAME, start, end) for start, end in people_in(text)]
    else:
        found += _known_in_pairs(text)
    return found + _repeated(text, found)


def _is_cased(text: str) -> bool:
    return any(m.group().istitle() and len(m.group()) > 1 for m in _NAME_WORD.finditer(text))


def _introduced(text: str) -> Iterator[Finding]:
    cased = _is_cased(text)
    for pattern in (_NAMED, _SPOKEN_WITH, _ADDRESSED):
        for m in pattern.finditer(text):
            title = _TITLE.match(text, m.end())
            at = title.end() if title else m.end()
            if pattern is _SPOKEN_WITH and not title and not _may_begin_a_name(text, at):
                continue
            if finding := _name_from(text, at, cased=cased, strong=pattern is not _ADDRESSED):
                yield finding


def _may_begin_a_name(text: str, at: int) -> bool:
    names, first = known_names(), _NAME_WORD.match(text, at)
    if first is None:
        return False
    word = plain(first.group())
    return names.possibly(word) or not (names.is_ordinary(word) or word in names.proper)


def _titled(text: str) -> Iterator[Finding]:
    cased = _is_cased(text)
    for m in _TITLE.finditer(text):
        if not cased and not _may_begin_a_name(text, m.end()):
            continue
        if finding := _name_from(text, m.end(), cased=cased, strong=True, longest=LONGEST_NAME if cased else 2):
            yield finding


def _name_from(text: str, at: int, *, cased: bool, strong: bool, longest: int = LONGEST_NAME) -> Finding | None:
    """The name that begins at ``at``: capitalised words in cased text, else known names, and after a strong
    announcement up to two words that are not ordinary."""
    names = known_names()
    end, words = at, 0
    surely = False
    for m in _NAME_WORD.finditer(text, at):
        word = plain(m.group())
        if text[end : m.start()].strip() or words == longest or "\n" in text[end : m.start()]:
            break
        particle = word in PARTICLES and words > 0
        proper = m.group()[0].isupper() if cased else names.possibly(word) or (strong and words < 2)
        if not particle and (word in NOT_NAMES or not proper or ORGANISATION.match(word)):
            break
        surely = surely or names.possibly(word)
        words, end = words + 1, m.end()
        if m.group().endswith(".") and len(m.group()) > 3:
            end -= 1
            break
    if not words or not (strong or surely):
        return None
    return Finding(PrivateKind.NAME, at, end)


def _answered(text: str, spelled: int) -> Iterator[Finding]:
    """A short answer, or a longer one with ``spelled`` letters in it: all but the ordinary words around it."""
    words = list(_NAME_WORD.finditer(text))
    proper = [m for m in words if plain(m.group()) not in NOT_NAMES or known_names().surely(plain(m.group()))]
    is_spelled = sum(len(m.group()) == 1 for m in words) >= spelled
    if proper and (len(words) <= 8 or is_spelled):
        yield Finding(PrivateKind.NAME, proper[0].start(), proper[-1].end())


def _known_in_pairs(text: str) -> Iterator[Finding]:
    """Without capitals a known name alone is too often a word: a given name with what may be a family name is a name,
    an initial between them or not."""
    words = list(_NAME_WORD.finditer(text))
    for i, first in enumerate(words[:-1]):
        initial = _INITIAL.fullmatch(text, words[i + 1].start(), words[i + 1].end()) and len(words) > i + 2
        last = words[i + 2 if initial else i + 1]
        if _BETWEEN.fullmatch(text, first.end(), last.start()) and _is_pair(
            plain(first.group()), plain(last.group()), with_initial=bool(initial)
        ):
            yield Finding(PrivateKind.NAME, first.start(), last.end())


def _is_pair(given: str, family: str, *, with_initial: bool) -> bool:
    names = known_names()
    if family in NOT_NAMES or given in NOT_NAMES or f"{given} {family}" in names.places:
        return False
    if given in names.given:
        return names.possibly(family) if family in names.also_words else names.may_follow_a_given(family)
    if given in names.given_and_word or (with_initial and names.is_unknown(given)):
        return names.surely(family)
    return False


def _repeated(text: str, found: list[Finding]) -> list[Finding]:
    """Parts of a found name that stand elsewhere in the text by themselves."""
    names = known_names()
    parts = {
        m.group().removesuffix("'s").removesuffix("’s")
        for f in found
        for m in _NAME_WORD.finditer(text[f.start : f.end])
        if len(m.group()) > 2 and (m.group()[0].isupper() or names.may_follow_a_given(plain(m.group())))
    }
    again: list[Finding] = []
    for part in parts:
        for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
            if not any(f.overlaps(*m.span()) for f in found):
                again.append(Finding(PrivateKind.NAME, *m.span()))
    return again
