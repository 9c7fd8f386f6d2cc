"""How far a name goes on: over particles, second family names and capitals; and backwards from what follows it."""

from __future__ import annotations

import re

from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.names.name_words import LONGEST_NAME, NAME_WORD, NameWords
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_MOST_PARTICLES = 3
_PAUSE = re.compile(r"\s*(?:[,.;:?!]|$)")


def gone_on(text: str, name: Finding, vocabulary: NameWords, *, cased: bool) -> Finding:
    """The name with what belongs to it behind: "de la torre", a second family name."""
    end, size = name.end, len(NAME_WORD.findall(text[name.start : name.end]))
    while size < LONGEST_NAME + 1:
        after = _over_particles(text, end, vocabulary, cased=cased) or _over_a_word(
            text, name.start, end, size, vocabulary, cased=cased
        )
        if after is None:
            break
        end, size = after, size + 1
    return Finding(name.kind, name.start, end)


def _over_particles(text: str, end: int, vocabulary: NameWords, *, cased: bool) -> int | None:
    at, particles = end, 0
    for m in NAME_WORD.finditer(text, end):
        if text[at : m.start()] != " ":
            return None
        word = plain(m.group())
        if word in vocabulary.particles and word not in vocabulary.joints and not m.group()[0].isupper():
            at, particles = m.end(), particles + 1
            if particles > _MOST_PARTICLES:
                return None
            continue
        if not particles or (cased and not m.group()[0].isupper()):
            return None
        names = vocabulary.known()
        is_name = word in vocabulary.after_particles or (
            word not in vocabulary.not_names and (names.possibly(word) or names.is_unknown(word))
        )
        return m.end() if is_name else None
    return None


def _over_a_word(text: str, start: int, end: int, size: int, vocabulary: NameWords, *, cased: bool) -> int | None:
    m = NAME_WORD.match(text, end + 1)
    if m is None or text[end : m.start()] != " " or (cased and not m.group()[0].isupper()):
        return None
    word, names = plain(m.group()), vocabulary.known()
    if word in vocabulary.not_names or vocabulary.organisation.match(word):
        return None
    stop = m.end() - (m.group().endswith(".") and len(word) > 2)
    if cased:
        if not vocabulary.articles:  # where nouns are small and rows are read by themselves
            return None
        is_family = names.surely(word) or names.is_unknown(word) or word in names.also_words
        follows_given = size == 1 and plain(text[start:end]) in names.given and not is_placed(text, end, vocabulary)
        return stop if is_family or (follows_given and _PAUSE.match(text, stop)) else None
    if size >= vocabulary.most_unknown + 1:
        return None
    may_be = names.is_unknown(word) or names.surely(word) or (vocabulary.goes_on_over_words and names.possibly(word))
    return stop if may_be else None


def is_placed(text: str, end: int, vocabulary: NameWords) -> bool:
    """Whether the words up to ``end`` are a town's."""
    return plain(text[:end].split()[-1]) in vocabulary.known().places if text[:end].split() else False


def leads_a_name(text: str, first: re.Match[str], vocabulary: NameWords) -> bool:
    """ "luz larrea", "april jones": a given name that is a word, and a family name behind it."""
    names = vocabulary.known()
    if plain(first.group()) not in names.given_and_word:
        return False
    second = NAME_WORD.match(text, first.end() + 1) if text[first.end() : first.end() + 1] == " " else None
    if second is None or (first.group()[0].isupper() and not second.group()[0].isupper()):
        return False
    word = plain(second.group())
    return word not in vocabulary.not_names and (names.possibly(word) or names.is_unknown(word))


def may_be_talk(text: str, at: int, vocabulary: NameWords) -> bool:
    """ "so bill them again": a word that could be a name, and the sentence goes on."""
    first = NAME_WORD.match(text, at)
    if first is None or plain(first.group()) not in vocabulary.known().also_words:
        return False
    return not (_PAUSE.match(text, first.end()) or leads_a_name(text, first, vocabulary))


def is_verb(text: str, at: int, vocabulary: NameWords) -> bool:
    """ "may i", "mark it": a word that could be a name, and what follows says that it is none."""
    first = NAME_WORD.match(text, at)
    after = NAME_WORD.match(text, first.end() + 1) if first and text[first.end() : first.end() + 1] == " " else None
    if first is None or after is None or plain(first.group()) not in vocabulary.known().also_words:
        return False
    return plain(after.group()) in vocabulary.objects


def words_before(text: str, end: int, words: NameWords) -> Finding | None:
    """Up to two words before an offset that are no talk."""
    start = end
    for part in list(NAME_WORD.finditer(text, max(0, start - 60), start))[:-3:-1]:
        word = plain(part.group())
        is_apart = bool(text[part.end() : start].strip(" ,"))
        if is_apart or word in words.not_names or not words.known().may_be_announced(word):
            break
        start = part.start()
    return (
        Finding(PrivateKind.NAME, start, end - len(text[start:end]) + len(text[start:end].rstrip(" ,")))
        if start < end
        else None
    )
