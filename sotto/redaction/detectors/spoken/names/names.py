"""People's names: where something announces one, and where known names stand in the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sotto.redaction.detectors.spoken.names.going_on import gone_on, is_verb, leads_a_name, may_be_talk, words_before
from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.names.name_words import LONGEST_NAME, NAME_WORD, NameWords
from sotto.redaction.detectors.spoken.names.without_capitals import (
    alone,
    coordinated,
    known_in_pairs,
    read_words,
    strange_pairs,
    unknown_in_pairs,
)
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_SPELLED, _SPELLED_SO_FAR = 4, 2
"""Letters in a longer answer that make it a name; in an interim more of them may come."""
_SHORTEST = 3
"""Letters of a name that only its place gives away."""
_SHORT_ANSWER = 8
_BARE = 3
"""Words of an utterance that is a name and hardly anything else."""


def names_in(
    text: str, talk: str, words: NameWords, *, expected: bool, is_guess: bool = False, is_interim: bool = False
) -> list[Finding]:
    """Names of people. ``talk``: the text in plain form; ``expected``: a name was asked for, so that a short answer is
    one; ``is_guess``: it may have been, so that what reads like a name in a short answer is one."""
    spelled = _SPELLED_SO_FAR if is_interim else _SPELLED
    found = [
        *_introduced(text, talk, words),
        *_titled(text, talk, words),
        *_named_before(text, talk, words),
        *(_guessed(text, words) if is_guess else _answered(text, spelled, words) if expected else ()),
    ]
    if _is_cased(text):
        found += [Finding(PrivateKind.NAME, start, end) for start, end in words.in_case(text)]
        found = [gone_on(text, each, words, cased=True) for each in found]
    else:
        read = read_words(text)
        found += known_in_pairs(text, read, words)
        found += [*unknown_in_pairs(text, talk, words), *strange_pairs(text, read, words)]
        found = [gone_on(text, each, words, cased=False) for each in found]
        found += [gone_on(text, each, words, cased=False) for each in alone(read, found, words)]
    found += [*coordinated(text, found, words), *_bare(text, words)]
    found = [each for each in found if not words.known().is_firm(plain(text[each.start : each.end]))]
    return found + _repeated(text, found, words)


def _is_cased(text: str) -> bool:
    return any(m.group().istitle() and len(m.group()) > 1 for m in NAME_WORD.finditer(text))


def _introduced(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    cased = _is_cased(text)
    for pattern in (words.named, words.spoken_with, words.greeted, words.roles, words.addressed, words.doubted):
        for m in pattern.finditer(talk):
            title = words.title.match(talk, m.end())
            at = title.end() if title else m.end()
            needs_no_word = pattern in (words.spoken_with, words.greeted, words.roles)
            is_loose = pattern in (words.greeted, words.roles)
            if needs_no_word and not title and not _may_begin_a_name(text, at, words, cased=cased, is_loose=is_loose):
                continue
            if pattern is words.doubted and not title and not _is_nothing_else(text, at, words):
                continue
            if pattern in (words.greeted, words.addressed, words.spoken_with) and is_verb(text, at, words):
                continue
            if pattern is words.addressed and not cased and may_be_talk(text, at, words):
                continue
            is_spoken_to = pattern is words.addressed and plain(m.group().strip(" ,:")) not in words.prepositions
            if is_spoken_to and cased and words.nouns_are_small and _is_strange_noun(text, at, words):
                strong, is_named = True, False
            else:
                strong, is_named = pattern is not words.addressed, pattern is words.named
            if finding := _name_from(text, at, words, cased=cased, strong=strong, is_named=is_named):
                yield finding


def _may_begin_a_name(text: str, at: int, words: NameWords, *, cased: bool, is_loose: bool = False) -> bool:
    """``is_loose``: what announces it also stands before much else."""
    names, first = words.known(), NAME_WORD.match(text, at)
    if first is None:
        return False
    word = plain(first.group())
    if leads_a_name(text, first, words):
        return True
    if len(word) < _SHORTEST or word in words.not_names:
        return False
    if cased and words.nouns_are_small and first.group()[0].isupper():
        return names.may_be_called(word)
    if is_loose and word in names.seldom and not names.possibly(word):
        return False
    return names.may_be_announced(word)


def _is_strange_noun(text: str, at: int, words: NameWords) -> bool:
    """ "I'm Sowerby now": with the capital of a proper noun, and in no list."""
    first = NAME_WORD.match(text, at)
    word = plain(first.group()) if first else ""
    is_capital = bool(first and first.group()[0].isupper() and text[:at].rstrip()[-1:] not in ".?!")
    return is_capital and word not in words.not_names and words.known().is_unknown(word)


def _is_nothing_else(text: str, at: int, words: NameWords) -> bool:
    names, first = words.known(), NAME_WORD.match(text, at)
    word = plain(first.group()) if first else ""
    if len(word) < _SHORTEST or word in words.not_names:
        return False
    return names.surely(word) or (names.is_unknown(word) and not names.is_compound(word))


def _titled(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    cased = _is_cased(text)
    for m in words.title.finditer(talk):
        is_sure = bool(words.sure_title.match(talk, m.start()))
        if not cased and not is_sure and not _may_begin_a_name(text, m.end(), words, cased=cased):
            continue
        longest = LONGEST_NAME if cased else 2
        if finding := _name_from(text, m.end(), words, cased=cased, strong=True, is_titled=is_sure, longest=longest):
            yield finding
        elif is_sure and cased and (word := NAME_WORD.match(text, m.end())) and word.group()[0].isupper():
            yield Finding(PrivateKind.NAME, word.start(), word.end() - word.group().endswith("."))


def _named_before(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    """Up to two words before "am Apparat" that are no talk; before "here" or "my husband" that are only names."""
    names = words.known()
    for m in words.named_before.finditer(talk) if words.named_before else ():
        if finding := words_before(text, m.start(), words):
            own = [plain(part.group()) for part in NAME_WORD.finditer(text[finding.start : finding.end])]
            if words.surely_named.search(m.group()) or all(
                names.surely(word) or (names.is_unknown(word) and not names.is_compound(word)) for word in own
            ):
                yield finding


def _without_talk(
    words: list[re.Match[str]], proper: list[re.Match[str]], vocabulary: NameWords
) -> list[re.Match[str]]:
    """Those of an answer's words that are not ordinary; all where nothing else was answered, and no thing named."""
    own = [m for m in proper if not vocabulary.known().only_a_word(plain(m.group()))]
    for before, m in pairwise(words):  # "Gerlinde von der Heide"
        if own and before.start() > own[0].start() and plain(before.group()) in vocabulary.particles and m in proper:
            own.append(m)
    own.sort(key=lambda m: m.start())
    is_bare = len(words) <= _BARE and not any(plain(m.group()) in vocabulary.articles for m in words)
    return own or (proper if is_bare and len(proper) == 1 else [])


def _name_from(
    text: str,
    at: int,
    vocabulary: NameWords,
    *,
    cased: bool,
    strong: bool,
    is_named: bool = False,
    is_titled: bool = False,
    longest: int = LONGEST_NAME,
) -> Finding | None:
    """The name that begins at ``at``: capitalised words in cased text, else known names, and after a strong
    announcement up to two words that are not ordinary."""
    names = vocabulary.known()
    end = reached = at
    words, surely = 0, False
    first_is_given = False

    def may_follow(word: str) -> bool:
        """Of a name that no list has whole: any first word; a second one after "my name is" and a given name; others
        that are not ordinary."""
        if words == 0 or (words == 1 and is_named and first_is_given):
            return True
        return words < vocabulary.most_unknown and (word in names.places or not names.is_ordinary(word))

    for m in NAME_WORD.finditer(text, at):
        word = plain(m.group())
        if text[reached : m.start()].strip() or words == longest or "\n" in text[reached : m.start()]:
            break
        particle = word in vocabulary.particles and words > 0
        proper = m.group()[0].isupper() if cased else names.possibly(word) or (strong and may_follow(word))
        is_talk = word in vocabulary.not_names and not (
            words == 0 and ((is_titled and word in names.also_words) or leads_a_name(text, m, vocabulary))
        )
        if words > 0 and not cased and len(word) < _SHORTEST and not particle and not names.possibly(word):
            break
        if not particle and (is_talk or not proper or vocabulary.organisation.match(word)):
            break
        surely = surely or (names.surely(word) if vocabulary.articles else names.possibly(word))
        first_is_given = first_is_given or (words == 0 and (word in names.given or word in names.given_and_word))
        words, reached = words + (not particle), m.end()
        end = end if particle else reached
        if m.group().endswith(".") and len(m.group()) > 3:
            end -= 1
            break
        if m.group().endswith(("'s", "’s")):
            end -= 2 if end == reached else 0
            break
    if not words or not (strong or surely):
        return None
    return Finding(PrivateKind.NAME, at, end)


def _answered(text: str, spelled: int, vocabulary: NameWords) -> Iterator[Finding]:
    """A short answer, or a longer one with ``spelled`` letters in it: all but the ordinary words around it."""
    words = list(NAME_WORD.finditer(text))
    proper = [
        m for m in words if plain(m.group()) not in vocabulary.not_names or vocabulary.known().surely(plain(m.group()))
    ]
    proper = [m for m in proper if vocabulary.known().is_no_brand(plain(m.group()))]
    if vocabulary.articles:
        proper = _without_talk(words, proper, vocabulary)
    is_spelled = sum(len(m.group()) == 1 for m in words) >= spelled
    if proper and (len(words) <= _SHORT_ANSWER or is_spelled):
        yield Finding(PrivateKind.NAME, proper[0].start(), proper[-1].end())


def _guessed(text: str, vocabulary: NameWords) -> Iterator[Finding]:
    """In a short answer, the words in a row that are names or nothing that a list knows."""
    words, names, cased = list(NAME_WORD.finditer(text)), vocabulary.known(), _is_cased(text)
    if len(words) > _SHORT_ANSWER:
        return
    row: list[re.Match[str]] = []
    for m in [*words, None]:
        word = plain(m.group()) if m else ""
        is_own = (
            len(word) >= _SHORTEST and word not in vocabulary.not_names and not (cased and m and m.group().islower())
        )
        reads = names.surely(word) or (names.is_unknown(word) and not names.is_compound(word))
        is_apart = bool(row and m and text[row[-1].end() : m.start()].strip())
        if m and is_own and not is_apart and (reads or (names.possibly(word) and (row or len(words) <= _BARE))):
            row.append(m)
            continue
        if row:
            yield Finding(PrivateKind.NAME, row[0].start(), row[-1].end() - row[-1].group().endswith("."))
        row = [m] if m and is_own and reads else []


def _bare(text: str, vocabulary: NameWords) -> Iterator[Finding]:
    """A known name in an utterance of hardly anything else: "robert yes"."""
    words = list(NAME_WORD.finditer(text))
    if len(words) > _BARE:
        return
    own = [m for m in words if plain(m.group()) not in vocabulary.not_names]
    if own and all(vocabulary.known().surely(plain(m.group())) for m in own):
        yield Finding(PrivateKind.NAME, own[0].start(), own[-1].end())


def _repeated(text: str, found: list[Finding], vocabulary: NameWords) -> list[Finding]:
    """Parts of a found name that stand elsewhere in the text by themselves."""
    names = vocabulary.known()
    parts = {
        m.group().removesuffix("'s").removesuffix("’s")
        for f in found
        for m in NAME_WORD.finditer(text[f.start : f.end])
        if len(m.group()) > 2 and (m.group()[0].isupper() or names.may_follow_a_given(plain(m.group())))
    }
    again: list[Finding] = []
    for part in parts:
        for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
            if not any(f.overlaps(*m.span()) for f in found):
                again.append(Finding(PrivateKind.NAME, *m.span()))
    return again
