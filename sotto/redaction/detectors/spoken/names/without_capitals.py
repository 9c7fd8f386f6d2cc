"""Names in text without capitals: what stands beside a word says whether it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.names.name_words import NAME_WORD, NameWords
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_JOINED = re.compile(r"(?<![\w-])([^\W\d_][\w'-]*) (\w{1,4}) $")
_SHORT = 2
"""Letters of a word that is no part of a name by its look."""
_BETWEEN = re.compile(r" +(?:[a-z]\.? +)?")


Words = list[tuple[re.Match[str], str]]
"""Each with how the lists write it."""


def read_words(text: str) -> Words:
    return [(m, plain(m.group())) for m in NAME_WORD.finditer(text)]


def known_in_pairs(text: str, words: Words, vocabulary: NameWords) -> Iterator[Finding]:
    """Without capitals a known name alone is too often a word: a given name with what may be a family name is a name,
    an initial between them or not."""
    names = vocabulary.known()
    for i, (first, given) in enumerate(words[:-1]):
        second, after = words[i + 1]
        is_initial = len(after) == 1 and len(words) > i + 2 and bool(vocabulary.initial.fullmatch(second.group()))
        if not (given in names.given or given in names.given_and_word or is_initial):
            continue
        last, family = words[i + 2] if is_initial else (second, after)
        is_together = _BETWEEN.fullmatch(text, first.end(), last.start())
        if is_together and _is_pair(given, family, vocabulary, with_initial=is_initial):
            yield Finding(PrivateKind.NAME, first.start(), last.end())


def _is_pair(given: str, family: str, vocabulary: NameWords, *, with_initial: bool) -> bool:
    names = vocabulary.known()
    if family in vocabulary.not_names or given in vocabulary.not_names or f"{given} {family}" in names.places:
        return False
    if names.is_firm(f"{given} {family}"):
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


def strange_pairs(text: str, words: Words, vocabulary: NameWords) -> Iterator[Finding]:
    """Two words in a row that are names or in no list, wherever they stand: recognisers write few others."""
    row: Words = []
    for m, word in words:
        is_together = bool(row and text[row[-1][0].end() : m.start()] == " ")
        if not is_together and len(row) > 1:
            yield from _strange_row(text, row, vocabulary)
        row = row if is_together else []
        if len(word) > _SHORT and word not in vocabulary.not_names and _is_strange(word, vocabulary):
            row.append((m, word))
            continue
        yield from _strange_row(text, row, vocabulary) if len(row) > 1 else ()
        row = []
    yield from _strange_row(text, row, vocabulary) if len(row) > 1 else ()


def _strange_row(text: str, row: Words, vocabulary: NameWords) -> Iterator[Finding]:
    names, own, end = vocabulary.known(), [word for _, word in row], row[-1][0].end()
    is_known = vocabulary.knows_its_words or any(names.surely(word) for word in own)
    is_firm = any(names.is_firm(f"{one} {two}") for one, two in pairwise(own))
    is_firm = is_firm or bool(vocabulary.organisation.match(plain(text[end : end + 20].lstrip(" ,."))))
    is_place = " ".join(own) in names.places or all(word in names.places for word in own)
    if is_known and not is_firm and not is_place and len(set(own)) > 1:
        yield Finding(PrivateKind.NAME, row[0][0].start(), end - row[-1][0].group().endswith("."))


def _is_strange(word: str, vocabulary: NameWords) -> bool:
    names = vocabulary.known()
    if vocabulary.organisation.match(word):
        return False
    if names.surely(word):
        return True
    is_thing = names.is_ordinary(word) or word in names.proper or not names.may_be_announced(word)
    return len(word) > _SHORT + 1 and not is_thing and not names.possibly(word) and not names.is_compound(word)


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


def alone(words: Words, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """Given names by themselves, but for streets, towns and firms called after somebody, and things ("a mercedes")."""
    names, before = vocabulary.known(), ""
    for at, (m, word) in enumerate(words):
        is_given = word in vocabulary.alone or ("-" in word and word.partition("-")[0] in vocabulary.alone)
        if is_given and not any(f.overlaps(*m.span()) for f in found):
            after = words[at + 1][1] if at + 1 < len(words) else ""
            is_a_place = before in vocabulary.of_places or word in names.places
            is_a_thing = before in vocabulary.indefinite or names.is_firm(f"{before} {word}")
            if not (is_a_place or is_a_thing or names.is_firm(f"{word} {after}")):
                yield Finding(PrivateKind.NAME, m.start(), m.end() - m.group().endswith("."))
        before = word


def coordinated(text: str, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """ "Jade Coles and Zebedee Trethewey", "ottoline and jade coles": what is joined to a name and reads like one."""
    for name in found:
        joint = NAME_WORD.match(text, name.end + 1) if text[name.end : name.end + 1] == " " else None
        is_joined = joint is not None and plain(joint.group()) in vocabulary.joints
        if joint and is_joined and (finding := _pair_at(text, joint.end() + 1, vocabulary)):
            yield finding
        before = _JOINED.search(text, max(0, name.start - 40), name.start)
        if before and plain(before[2]) in vocabulary.joints:
            word, names = plain(before[1]), vocabulary.known()
            reads = names.surely(word) or word in names.given_and_word or names.is_unknown(word)
            if len(word) > _SHORT and word not in vocabulary.not_names and reads and not names.is_compound(word):
                yield Finding(PrivateKind.NAME, before.start(1), before.end(1))
