"""Names in text without capitals: what stands beside a word says whether it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.names.name_words import NAME_WORD, NameWords
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_BETWEEN = re.compile(r" +(?:[a-z]\.? +)?")


def known_in_pairs(text: str, vocabulary: NameWords) -> Iterator[Finding]:
    """Without capitals a known name alone is too often a word: a given name with what may be a family name is a name,
    an initial between them or not."""
    words = list(NAME_WORD.finditer(text))
    for i, first in enumerate(words[:-1]):
        initial = vocabulary.initial.fullmatch(text, words[i + 1].start(), words[i + 1].end()) and len(words) > i + 2
        last = words[i + 2 if initial else i + 1]
        if _BETWEEN.fullmatch(text, first.end(), last.start()) and _is_pair(
            plain(first.group()), plain(last.group()), vocabulary, with_initial=bool(initial)
        ):
            yield Finding(PrivateKind.NAME, first.start(), last.end())


def _is_pair(given: str, family: str, vocabulary: NameWords, *, with_initial: bool) -> bool:
    names = vocabulary.known()
    if family in vocabulary.not_names or given in vocabulary.not_names or f"{given} {family}" in names.places:
        return False
    if given in names.given:
        return names.possibly(family) if family in names.also_words else names.may_follow_a_given(family)
    if given in names.given_and_word or (with_initial and names.is_unknown(given)):
        return names.surely(family)
    return False


def unknown_in_pairs(text: str, talk: str, vocabulary: NameWords) -> Iterator[Finding]:
    for m in vocabulary.before_pairs.finditer(talk):
        if finding := _pair_at(text, m.end(), vocabulary):
            yield finding


def _pair_at(text: str, at: int, vocabulary: NameWords) -> Finding | None:
    """Two or three words in a row that may be names and are nothing else."""
    names, reached, words = vocabulary.known(), at, 0
    for m in NAME_WORD.finditer(text, at):
        word = plain(m.group())
        may_be = names.is_unknown(word) or names.surely(word) or (words > 0 and names.possibly(word))
        if (
            text[reached : m.start()].strip()
            or words > vocabulary.most_unknown
            or word in vocabulary.not_names
            or not may_be
        ):
            break
        words, reached = words + 1, m.end()
    return Finding(PrivateKind.NAME, at, reached) if words > 1 else None


def extended(text: str, name: Finding, vocabulary: NameWords) -> Finding:
    """Without capitals a name goes on over what no list knows: a second family name."""
    names, end = vocabulary.known(), name.end
    size = len(NAME_WORD.findall(text[name.start : name.end]))
    for m in NAME_WORD.finditer(text, end):
        word = plain(m.group())
        may_be = (
            names.is_unknown(word) or names.surely(word) or (vocabulary.goes_on_over_words and names.possibly(word))
        )
        if text[end : m.start()] != " " or size >= vocabulary.most_unknown + 1 or not may_be:
            break
        if word in vocabulary.not_names:
            break
        end, size = m.end(), size + 1
    return Finding(name.kind, name.start, end)


def alone(text: str, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """Given names by themselves, but for streets and towns called after somebody."""
    names, before = vocabulary.known(), ""
    for m in NAME_WORD.finditer(text):
        word = plain(m.group())
        is_given = word in vocabulary.alone or ("-" in word and word.partition("-")[0] in vocabulary.alone)
        is_placed = before in vocabulary.of_places or word in names.places
        if is_given and not is_placed and not any(f.overlaps(*m.span()) for f in found):
            yield Finding(PrivateKind.NAME, m.start(), m.end() - m.group().endswith("."))
        before = word


def coordinated(text: str, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """ "Jade Coles and Zebedee Trethewey": what is joined to a name and reads like one."""
    for name in found:
        joint = NAME_WORD.match(text, name.end + 1) if text[name.end : name.end + 1] == " " else None
        is_joined = joint is not None and plain(joint.group()) in vocabulary.joints
        if joint and is_joined and (finding := _pair_at(text, joint.end() + 1, vocabulary)):
            yield finding
