"""People's names: where something announces one, and where known names stand in the talk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sotto.redaction.detectors.spoken.names.known_names import NEVER, KnownNames, plain
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

LONGEST_NAME = 4
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")

_BETWEEN = re.compile(r" +(?:[a-z]\.? +)?")
_SPELLED, _SPELLED_SO_FAR = 4, 2
"""Letters in a longer answer that make it a name; in an interim more of them may come."""
_SHORTEST = 3
"""Letters of a name that only its place gives away."""
_BARE = 3
"""Words of an utterance that is a name and hardly anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """What tells names from talk in a language. Patterns are matched on plain text."""

    named: re.Pattern[str]
    """What follows is a name, whatever it may mean besides."""
    spoken_with: re.Pattern[str]
    """What follows is a name unless it is an ordinary word."""
    greeted: re.Pattern[str]
    """The same: "hello", "thank you"."""
    roles: re.Pattern[str]
    """The same: "my husband", "the engineer"."""
    addressed: re.Pattern[str]
    """What follows is a name if we know it as one."""
    title: re.Pattern[str]
    sure_title: re.Pattern[str]
    """Those of the titles that mean nothing else: whatever word follows is a name."""
    before_pairs: re.Pattern[str]
    """Two words after these that no list knows are a name."""
    joints: frozenset[str]
    """Between two names: "and"."""
    not_names: frozenset[str]
    of_places: frozenset[str] = frozenset()
    """Before the name of a saint or of somebody whom a street is called after."""
    particles: frozenset[str]
    organisation: re.Pattern[str]
    initial: re.Pattern[str]
    known: Callable[[], KnownNames]
    in_case: Callable[[str], list[tuple[int, int]]]
    """Where names stand in text with capitals."""
    most_unknown: int = 2
    """Words after an announcement that may be in no list."""
    alone: frozenset[str] = frozenset()
    """Given names that are a person without anything beside them, in text without capitals too."""
    goes_on_over_words: bool = False
    """Whether a name goes on over family names that are words: where people bear two of them."""
    spelt: re.Pattern[str] = NEVER
    """Right before letters: "that's spelled"."""
    named_before: re.Pattern[str] | None = None
    """What stands before is a name: "Schmidt am Apparat"."""


def names_in(text: str, talk: str, words: NameWords, *, expected: bool, is_interim: bool = False) -> list[Finding]:
    """Names of people. ``talk``: the text in plain form; ``expected``: a name was asked for, so that a short answer is
    one."""
    spelled = _SPELLED_SO_FAR if is_interim else _SPELLED
    found = [
        *_introduced(text, talk, words),
        *_titled(text, talk, words),
        *_named_before(text, talk, words),
        *(_answered(text, spelled, words) if expected else ()),
    ]
    if _is_cased(text):
        found += [Finding(PrivateKind.NAME, start, end) for start, end in words.in_case(text)]
    else:
        found += [*_known_in_pairs(text, words), *_unknown_in_pairs(text, talk, words)]
        found = [_extended(text, each, words) for each in found]
        found += _alone(text, found, words)
    found += [*_coordinated(text, found, words), *_bare(text, words)]
    return found + _repeated(text, found, words)


def _is_cased(text: str) -> bool:
    return any(m.group().istitle() and len(m.group()) > 1 for m in _NAME_WORD.finditer(text))


def _introduced(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    cased = _is_cased(text)
    for pattern in (words.named, words.spoken_with, words.greeted, words.roles, words.addressed):
        for m in pattern.finditer(talk):
            title = words.title.match(talk, m.end())
            at = title.end() if title else m.end()
            needs_no_word = pattern in (words.spoken_with, words.greeted, words.roles)
            if needs_no_word and not title and not _may_begin_a_name(text, at, words):
                continue
            strong, is_named = pattern is not words.addressed, pattern is words.named
            if finding := _name_from(text, at, words, cased=cased, strong=strong, is_named=is_named):
                yield finding


def _may_begin_a_name(text: str, at: int, words: NameWords) -> bool:
    names, first = words.known(), _NAME_WORD.match(text, at)
    if first is None:
        return False
    word = plain(first.group())
    if len(word) < _SHORTEST or word in words.not_names:
        return False
    return names.possibly(word) or not (names.is_ordinary(word) or word in names.proper)


def _titled(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    cased = _is_cased(text)
    for m in words.title.finditer(talk):
        is_sure = bool(words.sure_title.match(talk, m.start()))
        if not cased and not is_sure and not _may_begin_a_name(text, m.end(), words):
            continue
        longest = LONGEST_NAME if cased else 2
        if finding := _name_from(text, m.end(), words, cased=cased, strong=True, longest=longest):
            yield finding
        elif is_sure and cased and (word := _NAME_WORD.match(text, m.end())) and word.group()[0].isupper():
            yield Finding(PrivateKind.NAME, word.start(), word.end() - word.group().endswith("."))


def _named_before(text: str, talk: str, words: NameWords) -> Iterator[Finding]:
    """Up to two words before "am Apparat" that are no talk."""
    for m in words.named_before.finditer(talk) if words.named_before else ():
        if finding := words_before(text, m.start(), words):
            yield finding


def words_before(text: str, end: int, words: NameWords) -> Finding | None:
    """Up to two words before an offset that are no talk."""
    start = end
    for part in list(_NAME_WORD.finditer(text, max(0, start - 60), start))[:-3:-1]:
        word = plain(part.group())
        is_apart = bool(text[part.end() : start].strip(" ,"))
        if is_apart or word in words.not_names or words.known().only_a_word(word):
            break
        start = part.start()
    return (
        Finding(PrivateKind.NAME, start, end - len(text[start:end]) + len(text[start:end].rstrip(" ,")))
        if start < end
        else None
    )


def _name_from(
    text: str,
    at: int,
    vocabulary: NameWords,
    *,
    cased: bool,
    strong: bool,
    is_named: bool = False,
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

    for m in _NAME_WORD.finditer(text, at):
        word = plain(m.group())
        if text[reached : m.start()].strip() or words == longest or "\n" in text[reached : m.start()]:
            break
        particle = word in vocabulary.particles and words > 0
        proper = m.group()[0].isupper() if cased else names.possibly(word) or (strong and may_follow(word))
        if not particle and (word in vocabulary.not_names or not proper or vocabulary.organisation.match(word)):
            break
        surely = surely or names.possibly(word)
        first_is_given = first_is_given or (words == 0 and (word in names.given or word in names.given_and_word))
        words, reached = words + (not particle), m.end()
        end = end if particle else reached
        if m.group().endswith(".") and len(m.group()) > 3:
            end -= 1
            break
    if not words or not (strong or surely):
        return None
    return Finding(PrivateKind.NAME, at, end)


def _answered(text: str, spelled: int, vocabulary: NameWords) -> Iterator[Finding]:
    """A short answer, or a longer one with ``spelled`` letters in it: all but the ordinary words around it."""
    words = list(_NAME_WORD.finditer(text))
    proper = [
        m for m in words if plain(m.group()) not in vocabulary.not_names or vocabulary.known().surely(plain(m.group()))
    ]
    is_spelled = sum(len(m.group()) == 1 for m in words) >= spelled
    if proper and (len(words) <= 8 or is_spelled):
        yield Finding(PrivateKind.NAME, proper[0].start(), proper[-1].end())


def _known_in_pairs(text: str, vocabulary: NameWords) -> Iterator[Finding]:
    """Without capitals a known name alone is too often a word: a given name with what may be a family name is a name,
    an initial between them or not."""
    words = list(_NAME_WORD.finditer(text))
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


def _unknown_in_pairs(text: str, talk: str, vocabulary: NameWords) -> Iterator[Finding]:
    for m in vocabulary.before_pairs.finditer(talk):
        if finding := _pair_at(text, m.end(), vocabulary):
            yield finding


def _pair_at(text: str, at: int, vocabulary: NameWords) -> Finding | None:
    """Two or three words in a row that may be names and are nothing else."""
    names, reached, words = vocabulary.known(), at, 0
    for m in _NAME_WORD.finditer(text, at):
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


def _extended(text: str, name: Finding, vocabulary: NameWords) -> Finding:
    """Without capitals a name goes on over what no list knows: a second family name."""
    names, end = vocabulary.known(), name.end
    size = len(_NAME_WORD.findall(text[name.start : name.end]))
    for m in _NAME_WORD.finditer(text, end):
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


def _alone(text: str, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """Given names by themselves, but for streets and towns called after somebody."""
    names, before = vocabulary.known(), ""
    for m in _NAME_WORD.finditer(text):
        word = plain(m.group())
        is_given = word in vocabulary.alone or ("-" in word and word.partition("-")[0] in vocabulary.alone)
        is_placed = before in vocabulary.of_places or word in names.places
        if is_given and not is_placed and not any(f.overlaps(*m.span()) for f in found):
            yield Finding(PrivateKind.NAME, m.start(), m.end() - m.group().endswith("."))
        before = word


def _coordinated(text: str, found: list[Finding], vocabulary: NameWords) -> Iterator[Finding]:
    """ "Jade Coles and Zebedee Trethewey": what is joined to a name and reads like one."""
    for name in found:
        joint = _NAME_WORD.match(text, name.end + 1) if text[name.end : name.end + 1] == " " else None
        if joint and plain(joint.group()) in vocabulary.joints and text[joint.end() : joint.end() + 1] == " ":
            if finding := _pair_at(text, joint.end() + 1, vocabulary):
                yield finding


def _bare(text: str, vocabulary: NameWords) -> Iterator[Finding]:
    """A known name in an utterance of hardly anything else: "robert yes"."""
    words = list(_NAME_WORD.finditer(text))
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
        for m in _NAME_WORD.finditer(text[f.start : f.end])
        if len(m.group()) > 2 and (m.group()[0].isupper() or names.may_follow_a_given(plain(m.group())))
    }
    again: list[Finding] = []
    for part in parts:
        for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
            if not any(f.overlaps(*m.span()) for f in found):
                again.append(Finding(PrivateKind.NAME, *m.span()))
    return again
